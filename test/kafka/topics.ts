import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { sharedKafka } from './shared-kafka.ts';
import { until } from './until.ts';

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
 * Creates a topic with a name that no other has, and waits until its partitions have leaders.
 *
 * @returns its name
 */
export async function createTopic({ partitions = 1, configs = {}, bootstrapServers }: TopicOptions = {}): Promise<string> {
  const topic = `topic-${randomUUID()}`;
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  await withAdmin(bootstrapServers, async (admin) => {
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: false });
    await until(() => isLed(admin, topic));
  });
  return topic;
}

/** A broker that has not heard of the topic yet says that there is none, which kafkajs's own waiting takes for an answer. */
async function isLed(admin: Admin, topic: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    throw error;
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
