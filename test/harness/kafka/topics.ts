import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel } from 'kafkajs';
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
  await withAdmin(bootstrapServers, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: false }),
  );
  await untilLedEverywhere(topic, partitions, bootstrapServers);
  return topic;
}

/** Gives a topic more partitions, `count` in all, and waits until every broker knows leaders of them. */
export async function addPartitions(topic: string, count: number, bootstrapServers = sharedKafka()): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
  await untilLedEverywhere(topic, count, bootstrapServers);
}

/**
 * The controller answers when it has decided; the brokers, which tell of it, hear of it a moment later, and lead what they are to lead
 * still later. kafkajs asks whichever broker it likes, and one that has not heard of the topic yet says that there is none.
 */
async function untilLedEverywhere(topic: string, count: number, bootstrapServers: string): Promise<void> {
  const connections = bootstrapServers.split(',').map((broker) => new BrokerConnection(broker, { clientId: 'topics', ssl: null }, null));
  try {
    await Promise.all(connections.map((connection) => connection.connect()));
    const overAll = <Answer>(request: Request<Answer>) => Promise.all(connections.map((connection) => connection.send(request, ANSWER_MS)));
    await until(async () => {
      const known = (await overAll(metadata([topic]))).flatMap(({ topics }) => topics);
      return known.every(({ error, partitions }) => error === 0 && partitions.filter(({ leader }) => leader >= 0).length === count);
    });
    const places = Array.from({ length: count }, (_, partition) => partition);
    await until(async () => {
      // Whoever does not lead a partition says so.
      const answers = (await overAll(listOffsets(topic, places, LATEST, 'read_uncommitted'))).flat();
      return new Set(answers.filter(({ error }) => error === 0).map(({ partition }) => partition)).size === count;
    });
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Deletes a topic. Only what tests deletion needs it: the broker goes with all of its topics. */
export async function deleteTopic(topic: string, bootstrapServers?: string): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
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
