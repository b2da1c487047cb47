import { mayOn } from '../../admission/grants.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { topicNames } from '../../kafka/topics/topic-names.ts';
import { isRetryTopic, type Owner, type Subscription } from '../../push/subscription/subscription.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';
import { hasRowFilter } from '../read/row-filtered.ts';

const KAFKA_MS = 10_000;

/**
 * The topics of a subscription that may still be delivered. Revoked grants of its owner end deliveries of a topic, and so do row filters,
 * because a subscription has no caller with claims.
 *
 * @param newerThan names of topics from before this time are too old (Unix milliseconds); by default half a minute ago
 */
export async function grantedTopics(cluster: Cluster, { definition, owner }: Subscription, newerThan?: number): Promise<readonly string[]> {
  const { topics, topics_pattern: pattern } = definition;
  const isGranted = (topic: string): boolean => mayBeDelivered(owner, topic);
  if (pattern === null) return topics.filter(isGranted);
  const matches = topicPattern(pattern);
  const names = await topicNames(cluster, Date.now() + KAFKA_MS, newerThan);
  return names.filter((name) => matches(name) && isDeliverable(name, definition.dead_letter_topic) && isGranted(name));
}

/** Whether records of a topic may be delivered for an owner now. */
export const mayBeDelivered = (owner: Owner, topic: string): boolean => maySubscribe(owner, topic) && !hasRowFilter(topic);

/** A pattern never matches the retry topic of a subscription, or this subscription's dead-letter topic. */
const isDeliverable = (name: string, deadLetters: string | null): boolean => name !== deadLetters && !isRetryTopic(name);

/** Whether the owner may still subscribe to a topic. */
const maySubscribe = (owner: Owner, topic: string): boolean =>
  mayOn({ caller: { ...owner, expiresAt: null }, principal: owner.principal, mode: owner.mode, isLasting: true }, 'topics')(
    'subscribe',
    topic,
  );
