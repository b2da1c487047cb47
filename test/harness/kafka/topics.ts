import { randomUUID } from 'node:crypto';
import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { LATEST, listOffsets } from '../../../lib/kafka/protocol/list-offsets.ts';
import { metadata } from '../../../lib/kafka/protocol/metadata.ts';
import type { Request } from '../../../lib/kafka/protocol/request.ts';
import { until } from '../until.ts';
import { sharedKafka } from './shared-kafka.ts';

const ANSWER_MS = 20_000;

/** What a test may want of a topic. */
export interface TopicOptions {
  /** 1 unless given. */
  partitions?: number;
  /** Such as `{ 'max.message.bytes': '1000' }`. */
  configs?: Record<string, string>;
  /** `host:port` list of another Kafka than the shared one. */
  bootstrapServers?: string;
}

/**
 * Creates a topic with a name that no other has, and waits until every broker knows leaders of its partitions, and these lead.
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

/** Creates topics by their names, of one partition unless they say otherwise, and waits as {@link createTopic} does. */
export async function createTopics(topics: ITopicConfig[], bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createTopics({ topics, waitForLeaders: false }));
  const counts = topics.map(
    ({ topic, numPartitions, replicaAssignment }) => [topic, replicaAssignment?.length ?? numPartitions ?? 1] as const,
  );
  await untilLedEverywhere(new Map(counts), bootstrapServers);
}

/** Deletes a topic, and creates one of its name. */
export async function recreateTopic(topic: string, partitions = 1, bootstrapServers = sharedKafka()): Promise<void> {
  await deleteTopic(topic, bootstrapServers);
  await createTopics([{ topic, numPartitions: partitions }], bootstrapServers);
}

/** Gives a topic more partitions, `count` in all, and waits until every broker knows leaders of them. */
export async function addPartitions(topic: string, count: number, bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
  await untilLedEverywhere(new Map([[topic, count]]), bootstrapServers);
}

/** Deletes a topic, and waits until no broker knows it any more, or leads it. */
export async function deleteTopic(topic: string, bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
  await withEveryBroker(bootstrapServers, async (overAll) => {
    await until(async () => (await overAll(metadata([topic]))).flatMap(({ topics }) => topics).every(({ error }) => error !== 0));
    await until(async () => (await overAll(endsOf(topic, 1))).flat().every(({ error }) => error !== 0));
  });
}

/**
 * The controller answers when it has decided; the brokers, which tell of it, hear of it a moment later, and lead what they are to lead
 * still later. kafkajs asks whichever broker it likes, and one that has not heard of the topic yet says that there is none.
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
        // Whoever does not lead a partition says so.
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
  );

type OverAll = <Answer>(request: Request<Answer>) => Promise<Answer[]>;

/** Asks each broker over a connection of its own. */
async function withEveryBroker(bootstrapServers: string, work: (overAll: OverAll) => Promise<void>): Promise<void> {
  const connections = bootstrapServers.split(',').map((broker) => new BrokerConnection(broker, { clientId: 'topics', ssl: null }, null));
  try {
    await Promise.all(connections.map((connection) => connection.connect()));
    await work((request) => Promise.all(connections.map((connection) => connection.send(request, ANSWER_MS))));
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** A kafkajs client of the shared Kafka, or of another, that logs nothing. */
export function kafkaClient(bootstrapServers = sharedKafka()): Kafka {
  return new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
}

/** Does something with a connected kafkajs admin client. */
export async function withAdmin<T>(bootstrapServers: string | undefined, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(bootstrapServers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
