import { again } from './again.ts';
import type { Cluster } from './cluster.ts';
import { kafkaError, NONE, topicNotFound, UNKNOWN_TOPIC_OR_PARTITION } from './errors.ts';
import { describeConfigs } from './protocol/describe-configs.ts';
import type { PartitionMetadata } from './protocol/metadata.ts';

const ANSWER_MS = 2500;
const TOPIC_AUTHORIZATION_FAILED = 29;

/** Names of all topics that may be described, sorted, internal ones left out. */
export async function listTopics(cluster: Cluster, deadline: number): Promise<string[]> {
  const { topics } = await again(deadline, () => cluster.metadata(null));
  return topics
    .filter(({ internal, error }) => !internal && error === NONE)
    .map(({ name }) => name)
    .sort();
}

/** Ids of the brokers that are up, sorted. */
export async function listBrokers(cluster: Cluster, deadline: number): Promise<number[]> {
  const { brokers } = await again(deadline, () => cluster.metadata([]));
  return brokers.map(({ id }) => id).sort((a, b) => a - b);
}

/**
 * A topic's partitions, in the order of their ids, with leaders and replicas: as Kafka has them now, not from memory.
 *
 * @throws {GatewayError} TopicNotFound, Forbidden, InvalidArgument (a name that no topic can have), KafkaUnavailable …
 */
export async function describePartitions(cluster: Cluster, name: string, deadline: number): Promise<PartitionMetadata[]> {
  return again(deadline, async () => {
    const { topics } = await cluster.metadata([name]);
    const topic = topics.find((found) => found.name === name);
    if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) throw topicNotFound(name);
    if (topic.error !== NONE) throw kafkaError(topic.error);
    return topic.partitions.sort((a, b) => a.id - b.id);
  });
}

/** All settings of a topic, defaults included; none where the gateway may describe the topic, but not its settings. */
export async function topicConfigs(cluster: Cluster, name: string, deadline: number): Promise<Record<string, string | null>> {
  return again(deadline, async () => {
    const connection = await cluster.anyBroker();
    const { error, configs } = await connection.send(describeConfigs(name), ANSWER_MS);
    if (error === NONE) return configs;
    if (error === TOPIC_AUTHORIZATION_FAILED) return {};
    throw error === UNKNOWN_TOPIC_OR_PARTITION ? topicNotFound(name) : kafkaError(error);
  });
}
