import type { Fault } from './fault.ts';
import type { Findings } from './run-case.ts';

/** What a fault must never do to clients, and did: a sentence each, none when all is well. Says nothing of how long anything took. */
export function broken({ mayFail }: Fault, { writes, reads }: Findings): string[] {
  const named = (what: string, ids: string[]) => (ids.length === 0 ? [] : [`${ids.length} ${what}: ${ids.slice(0, 5).join(', ')}`]);
  const failures = [...writes.failures].map(([failure, count]) => `${count} requests failed: ${failure}`);
  return [
    ...named('acknowledged but lost', writes.lost),
    ...named('written twice', writes.twice),
    ...named('out of order', writes.disordered),
    ...named('acknowledged with a wrong offset', writes.misplaced),
    ...named('written, though said not to be', writes.deniedButWritten),
    ...named('wrong answers to readers', reads.wrong),
    ...named('failed for good', writes.hopeless),
    ...(mayFail ? [] : failures),
  ];
}
