import type { Operation } from '../access/operations.ts';
import { refuseInternal } from '../kafka/topics/internal-topics.ts';
import type { CountedRecord } from '../limits/use.ts';
import { allow, allowGroup } from './grants.ts';
import { countAgainstLimits } from './limits.ts';
import type { Subject } from './subject.ts';

/** An operation, and the topics, groups and records that it concerns. */
export interface Intent {
  /** The operation for limits; also for grants, unless `toTopics` or `toGroups` replaces it. */
  readonly operation: Operation;
  readonly topics?: readonly string[];
  readonly toTopics?: Operation;
  readonly groups?: readonly string[];
  readonly toGroups?: Operation;
  /** The records to write; without them, the topics are counted. */
  readonly records?: readonly CountedRecord[];
}

/** Operations that change a topic's records, or create or delete the topic: not allowed on Kafka's internal topics. */
const CHANGES: readonly Operation[] = ['produce', 'create', 'delete'];

/**
 * Refuses what the caller has no grant for, and changes of Kafka's internal topics. Needs no network call.
 *
 * @throws {GatewayError} Forbidden
 */
export function grant(subject: Subject, { operation, topics = [], toTopics = operation, groups = [], toGroups = operation }: Intent): void {
  for (const group of groups) allowGroup(subject, toGroups, group);
  for (const topic of topics) {
    allow(subject, toTopics, topic);
    if (CHANGES.includes(toTopics)) refuseInternal(topic);
  }
}

/**
 * Counts an operation against the caller's limits. Call it once for each operation, before it is done. Returns undefined when there is
 * nothing to await.
 *
 * @throws {GatewayError} LimitExceeded; TooLarge for more than a limit ever allows; LimitsUnavailable if the configuration demands it
 */
export const count = (subject: Subject, { operation, records, topics = [] }: Intent): Promise<void> | undefined =>
  countAgainstLimits(subject, operation, records ?? topics.map((topic) => ({ topic })));

/**
 * The last checks before Kafka is asked, for operations without a route of their own, such as commands in messages.
 *
 * @throws {GatewayError} as {@link grant} and {@link count}
 */
export async function admit(subject: Subject, intent: Intent): Promise<void> {
  grant(subject, intent);
  await count(subject, intent);
}
