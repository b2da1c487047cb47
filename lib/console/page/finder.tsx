import type { ComponentChildren } from 'preact';
import { useCallback, useMemo } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { go, type Loaded } from './hooks.ts';
import { Field, Show, Title } from './parts.tsx';
import { type Column, Table } from './table.tsx';

/** A list of things with names, with a search by part of a name. The address holds the search text. */
export function Finder<Item>({
  address,
  title,
  one,
  many,
  loaded,
  nameOf,
  columns,
  version = 0,
  see,
  children,
}: {
  address: Address;
  title: string;
  /** The words for one of them and for several. */
  one: string;
  many: string;
  loaded: Loaded<readonly Item[]>;
  nameOf: (item: Item) => string;
  columns: readonly Column<Item>[];
  /** Changes when the columns of the same items show something new. */
  version?: number;
  /** Called with the items in sight and the items found. */
  see?: (inSight: readonly Item[], found: readonly Item[]) => void;
  /** The content above the table, given the number of items found. */
  children?: (found: number) => ComponentChildren;
}) {
  const search = address.parameters.get('q') ?? '';
  const found = useMemo(
    () => loaded.value?.filter((item) => nameOf(item).toLowerCase().includes(search.toLowerCase())) ?? [],
    [loaded.value, search],
  );
  const sort = address.parameters.get('sort') ?? '';
  const sorted = useMemo(() => sortedBy(found, columns, sort), [found, sort, version]);
  const seeing = useCallback((inSight: readonly Item[]) => see?.(inSight, found), [see, found]);
  return (
    <>
      <Title name={title} />
      <div class="controls">
        <Field label="Search">
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => go(withParameters(address, { q: currentTarget.value }), true)}
          />
        </Field>
        <button type="button" onClick={loaded.reload}>
          Read again
        </button>
      </div>
      <Show loaded={loaded}>
        {(all) => (
          <>
            <p role="status">
              {found.length === all.length ? all.length : `${found.length} of ${all.length}`} {all.length === 1 ? one : many}
            </p>
            {children?.(found.length)}
            <Table
              label={title}
              rows={sorted}
              keyOf={nameOf}
              columns={columns}
              sorting={{ by: sort, addressFor: (by) => withParameters(address, { sort: by }) }}
              see={seeing}
            />
          </>
        )}
      </Show>
    </>
  );
}

/** Items sorted by a column; equal ones keep their order. Without a column, the given order. */
function sortedBy<Item>(items: readonly Item[], columns: readonly Column<Item>[], sort: string): readonly Item[] {
  const order = columns.find((column) => column.sort?.id === sort.replace(/^-/, ''))?.sort;
  if (order === undefined) return items;
  const sign = sort.startsWith('-') ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: order.by(item) }));
  return keyed.sort((one, other) => sign * compared(one.key, other.key)).map(({ item }) => item);
}

const compared = (one: string | number, other: string | number): number => (one < other ? -1 : one > other ? 1 : 0);
