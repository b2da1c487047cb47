import { DUPLICATE_SEQUENCE, NONE, OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID } from '../error-codes.ts';

/** What Kafka's error code says about one attempt to write a batch. */
export type Verdict =
  | 'written'
  /** Not written by this attempt; the next one may succeed, with this leader or another. */
  | 'ask-again'
  /** Perhaps written: resend the very same batch, and the broker says where it is. */
  | 'unsure'
  /** Not written: the broker's sequence number does not fit ours. */
  | 'out-of-order'
  /** Not written: the broker no longer knows our producer id. */
  | 'unknown-producer'
  /** Not written, and a retry will not help. */
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
 * Judges the error code of a Produce answer. A code that is not in the table is final: a retry that nobody has thought through may
 * write twice.
 */
export const verdictOn = (error: number): Verdict => verdicts.get(error) ?? 'final';
