import type { Case } from './cases/index.ts';
import type { Findings } from './run-case.ts';

/** All runs of a case. */
export interface Result {
  case: Case;
  runs: Findings[];
}

/** What became of writes and of reads, as two tables in Markdown, and how requests failed. */
export function report(results: Result[]): string {
  const failures = results.flatMap(({ case: { fault }, runs }) =>
    runs.flatMap(({ writes, reads }) =>
      [...writes.failures, ...reads.failures].map(([failure, count]) => `${fault.name}: ${count} × ${failure}\n`),
    ),
  );
  return [writesTable(results), readsTable(results), failures.join('')].filter((part) => part !== '').join('\n');
}

const writesTable = (results: Result[]) =>
  toMarkdown(
    [
      ...['fault', 'partitions × records a request', 'runs', 'requests', 'acknowledged but lost', 'written twice', 'out of order'],
      ...['offset wrong', 'requests failed', 'failed as "not written" but written', 'longest stall (s)'],
    ],
    results.map(({ case: { fault, shape }, runs }) => {
      const writes = runs.map((run) => run.writes);
      const failed = writes.map(({ failures }) => sum([...failures.values()]));
      const { lost, twice, disordered, misplaced, deniedButWritten } = {
        lost: sum(writes.map((one) => one.lost.length)),
        twice: sum(writes.map((one) => one.twice.length)),
        disordered: sum(writes.map((one) => one.disordered.length)),
        misplaced: sum(writes.map((one) => one.misplaced.length)),
        deniedButWritten: sum(writes.map((one) => one.deniedButWritten.length)),
      };
      const goal = fault.stallMs === null ? '' : ` (goal ${fault.stallMs / 1000})`;
      return [
        ...[fault.name, `${shape.partitions} × ${shape.records}`, runs.length, sum(writes.map(({ requests }) => requests))],
        ...[lost, twice, disordered, misplaced, sum(failed), deniedButWritten],
        `${seconds(writes.map(({ longestMs }) => longestMs))}${goal}`,
      ];
    }),
  );

const readsTable = (results: Result[]) =>
  toMarkdown(
    ['fault', 'partitions', 'runs', 'fetches', 'offset lists', 'wrong answers', 'retriable errors', 'longest stall (s)'],
    results.map(({ case: { fault, shape }, runs }) => {
      const reads = runs.map((run) => run.reads);
      return [
        ...[fault.name, shape.partitions, runs.length, sum(reads.map(({ fetches }) => fetches)), sum(reads.map(({ lists }) => lists))],
        ...[sum(reads.map(({ wrong }) => wrong.length)), sum(reads.flatMap(({ failures }) => [...failures.values()]))],
        seconds(reads.map(({ longestMs }) => longestMs)),
      ];
    }),
  );

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const seconds = (times: number[]) => times.map((ms) => (ms / 1000).toFixed(1)).join(', ');

function toMarkdown(heading: string[], rows: (string | number)[][]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
