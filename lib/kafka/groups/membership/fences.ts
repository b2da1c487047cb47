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

/** A coordinator's errors for a member whose group has moved on. */
export const FENCES: readonly number[] = [UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH];

/** The outcome of a commit: `fenced` if the group has moved on, `gone` if the member is no longer in it. */
export type CommitOutcome = 'done' | 'fenced' | 'gone';

/**
 * The outcome of a commit. The coordinator commits all of it or nothing; the broker in front of it leaves out what it refuses by itself:
 * topics that are deleted, or that may no longer be read.
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
 * The results of a commit that matter to a poll. What was committed cannot be handed out again, so if anything was, partitions that were
 * left out are not a refusal. Deleted topics do not matter: there is nothing to keep of them.
 */
export function ofPoll(results: readonly PartitionResult[]): readonly PartitionResult[] {
  const fenced = results.filter(({ error }) => FENCES.includes(error));
  if (fenced.length > 0) return fenced;
  const taken = results.filter(({ error }) => error === NONE);
  return taken.length > 0 ? taken : results.filter(({ error }) => error !== UNKNOWN_TOPIC_OR_PARTITION);
}
