import type { Operation } from '../access/operations.ts';
import { refuseInternal } from '../kafka/topics/internal-topics.ts';
import type { CountedRecord } from '../limits/use.ts';
import { allow, allowGroup } from './grants.ts';
import { countAgainstLimits } from './limits.ts';
import type { Subject } from './subject.ts';

/** An operation, and the topics, groups and records that it is about. */
export interface Intent {
  /** As limits count it, and as grants name it unless `toTopics` or `toGroups` says otherwise. */
  readonly operation: Operation;
  readonly topics?: readonly string[];
  readonly toTopics?: Operation;
  readonly groups?: readonly string[];
  readonly toGroups?: Operation;
  /** The records that are written; without them the topics are counted. */
  readonly records?: readonly CountedRecord[];
}

/** Operations that change what is in a topic, or whether there is one: Kafka's own topics are not for them. */
const CHANGES: readonly Operation[] = ['produce', 'create', 'delete'];

/**
 * Refuses what the caller has no grant for, and changes of Kafka's internal topics. It asks nobody.
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
 * Counts what somebody is about to do against their limits. To be called once for each, and before it is done. Undefined where nothing
 * has to be waited for.
 *
 * @throws {GatewayError} LimitExceeded; TooLarge for more than a limit ever allows; LimitsUnavailable, where that is configured
 */
export const count = (subject: Subject, { operation, records, topics = [] }: Intent): Promise<void> | undefined =>
  countAgainstLimits(subject, operation, records ?? topics.map((topic) => ({ topic })));

/**
 * Lets somebody do something: the last checks before Kafka is asked, for commands in messages and for whatever else asks without a route.
 *
 * @throws {GatewayError} as {@link grant} and {@link count}
 */
export async function admit(subject: Subject, intent: Intent): Promise<void> {
  grant(subject, intent);
  await count(subject, intent);
}
