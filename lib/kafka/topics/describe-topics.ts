import { topicNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import { kafkaError, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { configSources, describeConfigs, type TopicConfig } from '../protocol/describe-configs.ts';
import type { PartitionMetadata, TopicMetadata } from '../protocol/metadata.ts';

export { configSources, type PartitionMetadata, type TopicConfig };

const ANSWER_MS = 2500;
const TOPIC_AUTHORIZATION_FAILED = 29;

/** Names of all topics that may be described, sorted, without internal ones. */
export async function listTopics(cluster: Cluster, deadline: number): Promise<string[]> {
  return (await describeTopics(cluster, deadline)).map(({ name }) => name);
}

/** All topics that may be described, sorted by name, without internal ones. */
export async function describeTopics(cluster: Cluster, deadline: number): Promise<TopicMetadata[]> {
  const { topics } = await again(deadline, () => cluster.metadata(null));
  return topics.filter(({ internal, error }) => !internal && error === NONE).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Ids of the brokers that are up, sorted. */
export async function listBrokers(cluster: Cluster, deadline: number): Promise<number[]> {
  const { brokers } = await again(deadline, () => cluster.metadata([]));
  return brokers.map(({ id }) => id).sort((a, b) => a - b);
}

/**
 * A topic's partitions, in the order of their ids, with leaders and replicas: from Kafka, not from memory.
 *
 * @throws {GatewayError} TopicNotFound, Forbidden, InvalidArgument (a name that no topic can have), KafkaUnavailable …
 */
export async function describePartitions(cluster: Cluster, name: string, deadline: number): Promise<PartitionMetadata[]> {
  return (await describeTopic(cluster, name, deadline)).partitions;
}

/** As {@link describePartitions}, with all else that metadata says about the topic. */
export async function describeTopic(cluster: Cluster, name: string, deadline: number): Promise<TopicMetadata> {
  return again(deadline, async () => {
    const { topics } = await cluster.metadata([name]);
    const topic = topics.find((found) => found.name === name);
    if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) throw topicNotFound(name);
    if (topic.error !== NONE) throw kafkaError(topic.error);
    topic.partitions.sort((a, b) => a.id - b.id);
    return topic;
  });
}

/** All settings of a topic and their values, defaults included; none if the gateway may describe the topic, but not its settings. */
export async function topicConfigs(cluster: Cluster, name: string, deadline: number): Promise<Record<string, string | null>> {
  const configs = await askForConfigs(cluster, name, deadline, { synonyms: false, accepted: [NONE, TOPIC_AUTHORIZATION_FAILED] });
  return Object.fromEntries(configs.map((config) => [config.name, config.value]));
}

/**
 * All settings of a topic, with where their values come from.
 *
 * @throws {GatewayError} TopicNotFound, Forbidden, KafkaUnavailable …
 */
export const describeTopicConfigs = (cluster: Cluster, name: string, deadline: number): Promise<TopicConfig[]> =>
  askForConfigs(cluster, name, deadline, { synonyms: true, accepted: [NONE] });

function askForConfigs(
  cluster: Cluster,
  name: string,
  deadline: number,
  { synonyms, accepted }: { synonyms: boolean; accepted: readonly number[] },
): Promise<TopicConfig[]> {
  return again(deadline, async () => {
    const connection = await cluster.anyBroker();
    const { error, configs } = await connection.send(describeConfigs(name, synonyms), ANSWER_MS);
    if (accepted.includes(error)) return configs;
    throw error === UNKNOWN_TOPIC_OR_PARTITION ? topicNotFound(name) : kafkaError(error);
  });
}
