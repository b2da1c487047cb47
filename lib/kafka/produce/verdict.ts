import { DUPLICATE_SEQUENCE, NONE, OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID } from '../error-codes.ts';

/** What an error code of Kafka says of one attempt to write a batch. */
export type Verdict =
  | 'written'
  /** Not written by this attempt; the next may succeed, here or at another leader. */
  | 'ask-again'
  /** Perhaps written; ask again with the very same batch, and the broker says where it is. */
  | 'unsure'
  /** Not written: what the broker remembers of our sequences does not fit ours. */
  | 'out-of-order'
  /** Not written: the broker no longer knows our producer id. */
  | 'unknown-producer'
  /** Not written, and asking again will not help. */
  | 'final';

const verdicts = new Map<number, Verdict>([
  [NONE, 'written'],
  [DUPLICATE_SEQUENCE, 'written'],
  [-1, 'unsure'],
  [2, 'ask-again'],
  [3, 'ask-again'],
  [5, 'ask-again'],
  [6, 'ask-again'],
  [7, 'unsure'],
  [13, 'unsure'],
  [19, 'ask-again'],
  [20, 'unsure'],
  [OUT_OF_ORDER_SEQUENCE, 'out-of-order'],
  [47, 'unknown-producer'],
  [56, 'unsure'],
  [UNKNOWN_PRODUCER_ID, 'unknown-producer'],
  [74, 'ask-again'],
  [75, 'ask-again'],
  [89, 'ask-again'],
  [90, 'unknown-producer'],
]);

/**
 * Judges the error code of a Produce answer. A code that is not known here is final: a retry that nobody thought through may write
 * twice.
 */
export const verdictOn = (error: number): Verdict => verdicts.get(error) ?? 'final';
