import { topicMayBeCreated, topicNotValidated } from '../../messages/topics.ts';
import { askController, CHANGE_MS } from '../cluster/ask-controller.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { createTopics, type NewTopic } from '../protocol/create-topics.ts';
import type { PartitionMetadata, TopicMetadata } from '../protocol/metadata.ts';
import { lookUntil } from './look-until.ts';

export type { NewTopic };

/** Partitions get leaders within moments; a broker that answers later than this is muted by a quota, or does not know the topic yet. */
const LED_MS = 5000;

/**
 * Creates a topic and waits until its partitions have leaders, so that the next request finds it.
 *
 * @returns its partitions, as far as they are known after 5 s, or at the deadline
 * @throws {GatewayError} TopicExists, InvalidArgument with Kafka's reason, Forbidden, KafkaUnavailable …
 */
export async function createTopic(cluster: Cluster, topic: NewTopic, deadline: number): Promise<PartitionMetadata[]> {
  await askController(cluster, createTopics(topic, CHANGE_MS), deadline, topicMayBeCreated);
  const made = await lookUntil(cluster, topic.name, Math.min(deadline, Date.now() + LED_MS), isLed);
  return made?.partitions ?? [];
}

const isLed = (topic: TopicMetadata | undefined): boolean =>
  topic !== undefined && topic.partitions.length > 0 && topic.partitions.every(({ leader }) => leader >= 0);

/** Asks Kafka whether it could create a topic, without creating it. @throws what {@link createTopic} would */
export async function validateTopic(cluster: Cluster, topic: NewTopic, deadline: number): Promise<void> {
  await askController(cluster, createTopics(topic, CHANGE_MS, true), deadline, topicNotValidated);
}
