import { useMemo } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { go, type Loaded } from './hooks.ts';
import { Field, Show, Title } from './parts.tsx';
import { type Column, Table } from './table.tsx';

/** A list of things with names, to find one by a part of its name. What is looked for stands in the address. */
export function Finder<Item>({
  address,
  title,
  one,
  many,
  loaded,
  nameOf,
  columns,
}: {
  address: Address;
  title: string;
  /** What one of them is called, and several are. */
  one: string;
  many: string;
  loaded: Loaded<readonly Item[]>;
  nameOf: (item: Item) => string;
  columns: readonly Column<Item>[];
}) {
  const search = address.parameters.get('q') ?? '';
  const found = useMemo(
    () => loaded.value?.filter((item) => nameOf(item).toLowerCase().includes(search.toLowerCase())) ?? [],
    [loaded.value, search],
  );
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
      </div>
      <Show loaded={loaded}>
        {(all) => (
          <>
            <p role="status">
              {found.length === all.length ? all.length : `${found.length} of ${all.length}`} {all.length === 1 ? one : many}
            </p>
            <Table label={title} rows={found} keyOf={nameOf} columns={columns} />
          </>
        )}
      </Show>
    </>
  );
}
