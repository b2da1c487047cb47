import { textOf } from './exact-json.ts';

type ShownRecord = ReadonlyMap<string, string>;

/** One record per line, with all members as received. */
export const asNdjson = (records: readonly ShownRecord[]): string =>
  records.map((record) => `{${[...record].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}\n`).join('');

const COLUMNS = ['partition', 'offset', 'timestamp', 'key', 'value', 'headers'];

/** Records as CSV (RFC 4180), with a header line: strings as text, everything else as JSON. */
export const asCsv = (records: readonly ShownRecord[]): string =>
  [COLUMNS, ...records.map((record) => COLUMNS.map((name) => cellOf(record.get(name) ?? 'null')))]
    .map((cells) => `${cells.map(quoted).join()}\r\n`)
    .join('');

const cellOf = (json: string): string => (json === 'null' ? '' : textOf(json));

/** What spreadsheets take for the beginning of a formula, in full width as well; a negative number is none. */
const FORMULA = /^(?:[=+@\t\r\n\uff0b\uff0d\uff1d\uff20]|-(?!\d+(?:\.\d+)?(?:e[+-]?\d+)?$))/i;

/** An apostrophe stops a spreadsheet from running a cell as a formula. */
const quoted = (cell: string): string => `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
