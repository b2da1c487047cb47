import type { Item } from '../aws/dynamodb.ts';

/**
 * The numbers in an item, by the names of its attributes. An item has the counts for one value of a `key`, such as one caller: those of all
 * rules with this `key`. For example, after the first request of alice, whom four rules count:
 *
 * ```
 * pk                        "limits:lUclVAH95Pop08L0BglfkvaEjXH"   "limits:" and a hash of [["principal", "alice"]]
 * by                        "sBD2P6Wo"          the nonce of the last write, to recognise it if its response was lost
 * expiresAt                 1767229273          Unix seconds: DynamoDB deletes the item some time after this
 * QXmUFu.mjuoj2ao           1                   fixed-window: what was used until 00:01:00
 * KWa6ph.mjuoi214           1                   sliding-window of 10 s: uses that count in the slot until 00:00:13; a use is added to
 * KWa6ph.mjuoi2sw           1                     this slot and the ten after it
 * …
 * KPO8uP                    1767225612345000    leaky-bucket: Unix microseconds when it will have run empty
 * Zl3D8C.mjuoi3ko           1                   concurrency: uses in the slot until 00:00:15, and in six after it
 * …
 * Zl3D8C.mjuoiqq0.sBD2P6Wo  1                   the lease of one request, removed when it ends, or after 00:00:45
 * ```
 *
 * A name is a rule's id, a hash of what the rule counts; after a dot, the end of the count's time, in Unix milliseconds in base 36, after
 * which any instance may remove it; for a lease, after another dot, the request's nonce.
 */
export type Counts = Readonly<Record<string, number>>;

/** The numbers of an item; none if the item does not exist. */
export function countsOf(item: Item | undefined): Counts {
  const counts: Record<string, number> = {};
  for (const [name, { N }] of Object.entries(item ?? {})) if (N !== undefined) counts[name] = Number(N);
  return counts;
}

/** The name of a rule's count that matters until a time, in Unix milliseconds; `nonce` makes it the name of a lease. */
export const countName = (ruleId: string, until: number, nonce?: string): string =>
  `${ruleId}.${until.toString(36)}${nonce === undefined ? '' : `.${nonce}`}`;

/** How far other instances' clocks may be behind. */
const SKEW_MS = 60_000;

/** The names of expired counts. */
export const expiredNames = (counts: Counts, now: number): string[] =>
  Object.keys(counts).filter((name) => {
    const [, until] = name.split('.');
    return until !== undefined && Number.parseInt(until, 36) + SKEW_MS < now;
  });
