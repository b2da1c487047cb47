import { textOf } from './exact-json.ts';

type ShownRecord = ReadonlyMap<string, string>;

/** Records a line each, with every member as it came. */
export const asNdjson = (records: readonly ShownRecord[]): string =>
  records.map((record) => `{${[...record].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}\n`).join('');

const COLUMNS = ['partition', 'offset', 'timestamp', 'key', 'value', 'headers'];

/** Records as CSV (RFC 4180), with a line of titles: text as itself, all else as JSON. */
export const asCsv = (records: readonly ShownRecord[]): string =>
  [COLUMNS, ...records.map((record) => COLUMNS.map((name) => cellOf(record.get(name) ?? 'null')))]
    .map((cells) => `${cells.map(quoted).join()}\r\n`)
    .join('');

const cellOf = (json: string): string => (json === 'null' ? '' : textOf(json));

/** What a spreadsheet would run as a formula begins with an apostrophe. */
const quoted = (cell: string): string => `"${(/^(?:[=+@\t\r]|-(?!\d))/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
