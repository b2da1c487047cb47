import { mayOn } from '../../admission/grants.ts';
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

/** Whether the owner may still subscribe to a topic. */
export const maySubscribe = (owner: Owner, topic: string): boolean =>
  mayOn({ caller: { ...owner, expiresAt: null }, principal: owner.principal, mode: owner.mode, isLasting: true }, 'topics')(
    'subscribe',
    topic,
  );
