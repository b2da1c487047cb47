import type { Counts } from './count-reporter.ts';

/** The result of a suite, or of another step of `npm test`. */
export interface Result {
  name: string;
  ms: number;
  exitCode: number;
  /** Null if the step counts no tests, or ended before it could. */
  counts: Counts | null;
  /** Names of files that it left in its temporary folder, which it must not. */
  left?: readonly string[];
}

/**
 * The results as a table with the minutes of each; the names of failed tests, if any; and the total of tests, in the last line.
 *
 * @param ms total duration; suites that run at the same time take less than their sum
 */
export function report(results: readonly Result[], ms: number): string {
  const total = {
    name: 'all',
    ms,
    exitCode: 0,
    counts: {
      passed: sum(results.map(({ counts }) => counts?.passed ?? 0)),
      failed: sum(results.map(({ counts }) => counts?.failed ?? 0)),
      skipped: sum(results.map(({ counts }) => counts?.skipped ?? 0)),
      failures: results.flatMap(({ counts }) => counts?.failures ?? []),
    },
  };
  const failed = results.filter(({ exitCode }) => exitCode !== 0).map(({ name }) => name);
  const rows = [['', 'minutes', 'passed', 'failed', 'skipped'], ...results.map(rowOf), rowOf(total)];
  return [
    ...rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(14) : cell.padStart(8))).join('')),
    ...total.counts.failures.map((failure) => `Failed: ${failure}`),
    ...results.flatMap(({ name, left = [] }) => left.map((file) => `Left in the temporary folder of ${name}: ${file}`)),
    ...(failed.length > 0 ? [`Not passed: ${failed.join(', ')}`] : []),
    `${total.counts.passed} passed, ${total.counts.failed} failed`,
  ].join('\n');
}

const rowOf = ({ name, ms, counts }: Result): string[] => [
  name,
  (ms / 60_000).toFixed(1),
  ...[counts?.passed, counts?.failed, counts?.skipped].map((count) => (count === undefined ? '' : String(count))),
];

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
