import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const ROW = 36;
const MORE = 8;

/** A column: its title, and its content for a row. The first column is the row's header. */
export interface Column<Row> {
  title: string;
  of: (row: Row) => ComponentChildren;
  isNumber?: boolean;
  /** The sort key, and its name in the address. */
  sort?: { id: string; by: (row: Row) => string | number };
}

/** How the address sorts a list: the id of a column, with a `-` for descending order. */
export interface Sorting {
  by: string;
  addressFor: (by: string) => string;
}

/** A table that renders only the rows in sight. All rows have the same height. */
export function Table<Row>({
  label,
  rows,
  columns,
  keyOf,
  sorting,
  see,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  sorting?: Sorting;
  /** Called with the rows in sight. */
  see?: (inSight: readonly Row[]) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.min(Math.floor(top / ROW) - MORE, rows.length - 1));
  const inSight = rows.slice(first, first + Math.ceil(height / ROW) + 2 * MORE);
  useEffect(() => see?.(inSight), [see, rows, first, inSight.length]);
  const below = rows.length - first - inSight.length;
  return (
    // A scrolling region must be reachable by keyboard.
    <section class="scroll" aria-label={label} ref={box} tabIndex={0} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.title} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        {first > 0 && <Space rows={first} />}
        <tbody>
          {inSight.map((row, index) => (
            <tr key={keyOf(row)} aria-rowindex={first + index + 2}>
              {columns.map(({ title, of, isNumber }, column) =>
                column === 0 ? (
                  <th key={title} scope="row" class={isNumber ? 'number' : ''}>
                    {of(row)}
                  </th>
                ) : (
                  <td key={title} class={isNumber ? 'number' : ''}>
                    {of(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {below > 0 && <Space rows={below} />}
      </table>
    </section>
  );
}

/** The head of a column: a link that sorts by it, numbers in descending order first; a second click reverses the order. */
function Head<Row>({ column: { title, isNumber, sort }, sorting }: { column: Column<Row>; sorting: Sorting | undefined }) {
  const isUp = sort?.id === sorting?.by;
  const isDown = `-${sort?.id}` === sorting?.by;
  if (sort === undefined || sorting === undefined) {
    return (
      <th scope="col" class={isNumber ? 'number' : ''}>
        {title}
      </th>
    );
  }
  const next = isUp || (isNumber && !isDown) ? `-${sort.id}` : sort.id;
  return (
    <th scope="col" class={isNumber ? 'number' : ''} aria-sort={isUp ? 'ascending' : isDown ? 'descending' : undefined}>
      <a href={sorting.addressFor(next)}>{title}</a>
    </th>
  );
}

const Space = ({ rows }: { rows: number }) => (
  <tbody aria-hidden="true">
    <tr>
      <td style={{ height: `${rows * ROW}px` }} />
    </tr>
  </tbody>
);
