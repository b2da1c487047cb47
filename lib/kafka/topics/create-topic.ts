import { expires, POLL_MS, sleep } from '../../deadline.ts';
import { topicMayBeCreated, topicNotValidated } from '../../messages/topics.ts';
import { askController, CHANGE_MS } from '../cluster/ask-controller.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { connectionError, isFinal } from '../failures.ts';
import { createTopics, type NewTopic } from '../protocol/create-topics.ts';
import type { PartitionMetadata } from '../protocol/metadata.ts';

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
  return ledPartitions(cluster, topic.name, Math.min(deadline, Date.now() + LED_MS));
}

/** Asks Kafka whether it could create a topic, without creating it. @throws what {@link createTopic} would */
export async function validateTopic(cluster: Cluster, topic: NewTopic, deadline: number): Promise<void> {
  await askController(cluster, createTopics(topic, CHANGE_MS, true), deadline, topicNotValidated);
}

/** Stops waiting when the time is over: the topic exists, and will have leaders. */
async function ledPartitions(cluster: Cluster, name: string, deadline: number): Promise<PartitionMetadata[]> {
  let partitions: PartitionMetadata[] = [];
  while (Date.now() + POLL_MS < deadline) {
    try {
      const asking = cluster.metadata([name]);
      if (await expires(asking, deadline)) return partitions;
      const { topics } = await asking;
      partitions = topics.find((topic) => topic.name === name)?.partitions ?? [];
    } catch (error) {
      if (isFinal(connectionError(error))) return partitions;
    }
    if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) return partitions;
    await sleep(20);
  }
  return partitions;
}
