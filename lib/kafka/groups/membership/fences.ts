import {
  FENCED_MEMBER_EPOCH,
  GROUP_ID_NOT_FOUND,
  kafkaError,
  NONE,
  UNKNOWN_MEMBER_ID,
  UNKNOWN_TOPIC_OR_PARTITION,
} from '../../error-codes.ts';
import type { PartitionResult } from '../../protocol/topic-partitions.ts';

const STALE_MEMBER_EPOCH = 113;

/** What a coordinator answers to a member whose group has moved on. */
export const FENCES: readonly number[] = [UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH];

/** What became of a commit: the group has moved on, or the member is none of it any more. */
export type CommitOutcome = 'done' | 'fenced' | 'gone';

/**
 * What became of a commit. The coordinator takes all of it or none; the broker in front of it leaves out what it refuses by itself: topics
 * that are gone, or that may not be read any more.
 *
 * @throws {GatewayError} for any other refusal, naming the partition
 */
export function outcomeOf(results: readonly PartitionResult[]): CommitOutcome {
  const refused = results.find(({ error }) => error !== NONE);
  if (refused === undefined) return 'done';
  if (refused.error === UNKNOWN_MEMBER_ID || refused.error === GROUP_ID_NOT_FOUND) return 'gone';
  if (FENCES.includes(refused.error)) return 'fenced';
  throw kafkaError(refused.error, `It is about partition ${refused.partition} of ${refused.topic}`);
}

/**
 * Of what became of a commit, what matters to a poll. What was taken cannot be handed out again, so what was left out is no refusal where
 * anything was taken; and there is nothing to keep of topics that are gone.
 */
export function ofPoll(results: readonly PartitionResult[]): readonly PartitionResult[] {
  const fenced = results.filter(({ error }) => FENCES.includes(error));
  if (fenced.length > 0) return fenced;
  const taken = results.filter(({ error }) => error === NONE);
  return taken.length > 0 ? taken : results.filter(({ error }) => error !== UNKNOWN_TOPIC_OR_PARTITION);
}
