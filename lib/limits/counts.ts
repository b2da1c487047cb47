import type { Item } from '../aws/dynamodb.ts';

/** The numbers in an item, by the names of its attributes. A name says when it has lost its meaning, so that any instance can clear it away. */
export type Counts = Readonly<Record<string, number>>;

/** The numbers of an item; none of an item that is not there. */
export function countsOf(item: Item | undefined): Counts {
  const counts: Record<string, number> = {};
  for (const [name, { N }] of Object.entries(item ?? {})) if (N !== undefined) counts[name] = Number(N);
  return counts;
}

/** The name of a rule's count that matters until a time, in Unix milliseconds; `nonce` tells apart what is not one count. */
export const countName = (ruleId: string, until: number, nonce?: string): string =>
  `${ruleId}.${until.toString(36)}${nonce === undefined ? '' : `.${nonce}`}`;

/** What other instances' clocks may be behind. */
const SKEW_MS = 60_000;

/** Names of counts that matter to nobody any more. */
export const expiredNames = (counts: Counts, now: number): string[] =>
  Object.keys(counts).filter((name) => {
    const [, until] = name.split('.');
    return until !== undefined && Number.parseInt(until, 36) + SKEW_MS < now;
  });
