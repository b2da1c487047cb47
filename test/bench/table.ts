/** A line of the result. Values are shown as they are. */
export interface Row {
  what: string;
  gateway: string;
  /** What the gateway is compared with. */
  other?: string;
  /** Of the gateway's value to the other one. */
  ratio?: number;
  target?: Target;
}

/** A limit that is to be kept. */
export interface Target {
  limit: string;
  met: boolean;
}

/** A ratio that is to be at most so much. `tolerance` is how far past that the noise of measuring may take it. */
export function atMost(limit: number, ratio: number, tolerance = 0): Target {
  return { limit: tolerance === 0 ? `≤ ${limit}` : `≤ ${limit} (+ ${tolerance})`, met: ratio <= limit + tolerance };
}

const heading = ['', 'gateway', 'kafkajs', 'ratio', 'target', ''];

/** The rows as a table in Markdown. */
export function toMarkdown(rows: readonly Row[]): string {
  const cells = [heading, heading.map(() => '---'), ...rows.map(toCells)];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => `| ${row.map((cell, column) => pad(cell, widths[column])).join(' | ')} |\n`).join('');
}

const pad = (cell: string, width: number): string => (cell === '---' ? '-'.repeat(width) : cell.padEnd(width));

const toCells = ({ what, gateway, other = '', ratio, target }: Row): string[] => [
  what,
  gateway,
  other,
  ratio === undefined ? '' : ratio.toFixed(2),
  target?.limit ?? '',
  target === undefined ? '' : target.met ? '✓' : '✗',
];
