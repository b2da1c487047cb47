import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const ROW = 36;
const MORE = 8;

/** A column: its title, and what it shows of a row. The first is the row's header. */
export interface Column<Row> {
  title: string;
  of: (row: Row) => ComponentChildren;
  isNumber?: boolean;
}

/** A table of which only the rows in sight are there. All rows are equally high. */
export function Table<Row>({
  label,
  rows,
  columns,
  keyOf,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
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
  const below = rows.length - first - inSight.length;
  return (
    // A region that scrolls is reached by the keyboard, too.
    <section class="scroll" aria-label={label} ref={box} tabIndex={0} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : ''}>
                {title}
              </th>
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

const Space = ({ rows }: { rows: number }) => (
  <tbody aria-hidden="true">
    <tr>
      <td style={{ height: `${rows * ROW}px` }} />
    </tr>
  </tbody>
);
