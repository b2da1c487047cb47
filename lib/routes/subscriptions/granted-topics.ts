import type { Grant } from '../../access/grants.ts';
import { isOfName, may } from '../../access/may.ts';
import { mayOn } from '../../admission/grants.ts';
import { accessConfig } from '../../config/access.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { topicNames } from '../../kafka/topics/topic-names.ts';
import type { Owner, Subscription } from '../../push/subscription.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';
import { hasRowFilter } from '../read/row-filtered.ts';

const KAFKA_MS = 10_000;

/**
 * The topics that a subscription's owner may have delivered: grants that were taken back since end its deliveries, as do row filters,
 * which need the claims of a caller.
 */
export async function grantedTopics(cluster: Cluster, { definition, owner }: Subscription): Promise<readonly string[]> {
  const { topics, topics_pattern: pattern } = definition;
  const isGranted = (topic: string): boolean => mayBeDelivered(owner, topic);
  if (pattern === null) return topics.filter(isGranted);
  const matches = topicPattern(pattern);
  const names = await topicNames(cluster, Date.now() + KAFKA_MS);
  return names.filter((name) => matches(name) && isDeliverable(name, definition.dead_letter_topic) && isGranted(name));
}

/** Whether records of a topic may be delivered for an owner now. */
export const mayBeDelivered = (owner: Owner, topic: string): boolean => maySubscribe(owner, topic) && !hasRowFilter(topic);

/** A pattern is for no topic of a subscription's own, nor for its dead letters. */
const isDeliverable = (name: string, deadLetters: string | null): boolean =>
  name !== deadLetters && !(name.startsWith('push.') && name.endsWith('.retry'));

/**
 * Whether the owner may still subscribe to a topic. Of an owner whose grants the authorizer chose, by groups or claims that are not known
 * any more, they hold as long as there is such a grant for somebody who has that name.
 */
export function maySubscribe(owner: Owner, topic: string): boolean {
  const { grants } = accessConfig();
  const caller = { ...owner, expiresAt: null };
  if (!mayOn({ caller, principal: owner.principal, mode: owner.mode }, 'topics')('subscribe', topic)) return false;
  return owner.grants === null || grants === null || may(ofName(grants, owner), 'subscribe', 'topics', topic);
}

const ofName = (grants: readonly Grant[], owner: Owner): Grant[] => grants.filter((grant) => isOfName(grant, owner));
