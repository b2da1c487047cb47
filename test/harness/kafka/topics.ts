import { randomUUID } from 'node:crypto';
import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { LATEST, listOffsets } from '../../../lib/kafka/protocol/list-offsets.ts';
import { metadata, NO_EPOCH } from '../../../lib/kafka/protocol/metadata.ts';
import type { Request } from '../../../lib/kafka/protocol/request.ts';
import { until } from '../until.ts';
import { sharedKafka } from './shared-kafka.ts';

const ANSWER_MS = 20_000;

/** Options for a new topic. */
export interface TopicOptions {
  /** By default 1. */
  partitions?: number;
  /** Such as `{ 'max.message.bytes': '1000' }`. */
  configs?: Record<string, string>;
  /** `host:port` list of a Kafka other than the shared one. */
  bootstrapServers?: string;
}

/**
 * Creates a topic with a new name, and waits until every broker knows the leaders of its partitions, and these lead.
 *
 * @returns its name
 */
export async function createTopic(options: TopicOptions = {}): Promise<string> {
  const { partitions = 1, configs = {}, bootstrapServers = sharedKafka() } = options;
  const topic = `topic-${randomUUID()}`;
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  await createTopics([{ topic, numPartitions: partitions, configEntries }], bootstrapServers);
  return topic;
}

/** Creates topics by name, by default with one partition, and waits as {@link createTopic} does. */
export async function createTopics(topics: ITopicConfig[], bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createTopics({ topics, waitForLeaders: false }));
  const counts = topics.map(
    ({ topic, numPartitions, replicaAssignment }) => [topic, replicaAssignment?.length ?? numPartitions ?? 1] as const,
  );
  await untilLedEverywhere(new Map(counts), bootstrapServers);
}

/** Deletes a topic, and creates one with its name. */
export async function recreateTopic(topic: string, partitions = 1, bootstrapServers = sharedKafka()): Promise<void> {
  await deleteTopic(topic, bootstrapServers);
  await createTopics([{ topic, numPartitions: partitions }], bootstrapServers);
}

/** Increases the partitions of a topic to `count`, and waits until every broker knows their leaders. */
export async function addPartitions(topic: string, count: number, bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
  await untilLedEverywhere(new Map([[topic, count]]), bootstrapServers);
}

/** Deletes a topic, and waits until no broker knows or leads it. */
export async function deleteTopic(topic: string, bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
  await withEveryBroker(bootstrapServers, async (overAll) => {
    await until(async () => (await overAll(metadata([topic]))).flatMap(({ topics }) => topics).every(({ error }) => error !== 0));
    await until(async () => (await overAll(endsOf(topic, 1))).flat().every(({ error }) => error !== 0));
  });
}

/**
 * The controller answers once it has decided; the brokers know it a moment later, and begin to lead still later. kafkajs asks any broker,
 * and one that does not know the topic yet answers that it does not exist.
 */
async function untilLedEverywhere(counts: ReadonlyMap<string, number>, bootstrapServers: string): Promise<void> {
  await withEveryBroker(bootstrapServers, async (overAll) => {
    await until(async () => {
      const known = (await overAll(metadata([...counts.keys()]))).flatMap(({ topics }) => topics);
      return known.every(
        ({ name, error, partitions }) => error === 0 && partitions.filter(({ leader }) => leader >= 0).length === counts.get(name),
      );
    });
    for (const [topic, count] of counts) {
      await until(async () => {
        // A broker that does not lead a partition answers with an error.
        const answers = (await overAll(endsOf(topic, count))).flat();
        return new Set(answers.filter(({ error }) => error === 0).map(({ partition }) => partition)).size === count;
      });
    }
  });
}

const endsOf = (topic: string, count: number) =>
  listOffsets(
    topic,
    Array.from({ length: count }, (_, partition) => partition),
    LATEST,
    'read_uncommitted',
    { leaderEpochOf: () => NO_EPOCH },
  );

type OverAll = <Answer>(request: Request<Answer>) => Promise<Answer[]>;

/** Sends a request to each broker over its own connection. */
async function withEveryBroker(bootstrapServers: string, work: (overAll: OverAll) => Promise<void>): Promise<void> {
  const connections = bootstrapServers.split(',').map((broker) => new BrokerConnection(broker, { clientId: 'topics', ssl: null }, null));
  try {
    await Promise.all(connections.map((connection) => connection.connect()));
    await work((request) => Promise.all(connections.map((connection) => connection.send(request, ANSWER_MS))));
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** A kafkajs client of the shared Kafka, or of another one, that logs nothing. */
export function kafkaClient(bootstrapServers = sharedKafka()): Kafka {
  return new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
}

/** Runs work with a connected kafkajs admin client. */
export async function withAdmin<T>(bootstrapServers: string | undefined, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(bootstrapServers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
