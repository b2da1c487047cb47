import { placeInvalid } from '../../messages/produce.ts';
import { tooManyReceipts } from '../../messages/queues.ts';
import { readDeadLetterTopic } from './dead-letter-topic.ts';
import { membersOfBody, textIn } from './fields.ts';

/** The body of a request that settles records. */
export interface SettleBody {
  receipts: string[];
  /** The reason of a rejection, for the dead letter; null without one. */
  reason: string | null;
  deadLetterTopic: string | null;
}

const MOST_RECEIPTS = 1000;
const LONGEST_REASON = 1000;

/**
 * Reads `{"receipts"}`, and for rejections `{"receipts", "reason"?, "dead_letter_topic"?}`.
 *
 * @throws {GatewayError} InvalidRecord with the field; TooLarge; InvalidArgument for an illegal topic name
 */
export function readSettle(json: unknown, rejects: boolean): SettleBody {
  const {
    receipts,
    reason,
    dead_letter_topic: deadLetterTopic,
  } = membersOfBody(json, rejects ? ['receipts', 'reason', 'dead_letter_topic'] : ['receipts']);
  const isList = Array.isArray(receipts) && receipts.length > 0;
  if (!isList || !receipts.every((one) => typeof one === 'string')) throw placeInvalid('receipts', 'an array of at least one receipt');
  if (receipts.length > MOST_RECEIPTS) throw tooManyReceipts(MOST_RECEIPTS);
  const why = textIn(reason, 'reason');
  if (why !== null && why.length > LONGEST_REASON) throw placeInvalid('reason', `a string of at most ${LONGEST_REASON} characters`);
  return { receipts, reason: why, deadLetterTopic: readDeadLetterTopic(deadLetterTopic) };
}
