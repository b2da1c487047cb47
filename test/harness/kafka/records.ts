import { randomUUID } from 'node:crypto';
import { type Admin, type KafkaMessage, type Message, Partitioners, type RecordMetadata } from 'kafkajs';
import { until } from '../until.ts';
import { kafkajsConsumer } from './kafkajs-consumer.ts';
import { kafkaClient, withAdmin } from './topics.ts';

/** A record, as a client other than the gateway reads it. */
export interface ReadRecord {
  partition: number;
  offset: number;
  /** Unix milliseconds. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: { key: string; value: Buffer | null }[];
}

/** Writes records with kafkajs's producer; keys are partitioned as in Java. */
export async function writeTopic(topic: string, messages: Message[], bootstrapServers?: string): Promise<RecordMetadata[]> {
  const producer = kafkaClient(bootstrapServers).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    return await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
}

/**
 * Reads a topic from its beginning to its current end with kafkajs's consumer; ordered by partition and offset. kafkajs supports only gzip,
 * merges headers of the same name, and does not recognize the end of a log that ends in control records or gaps: use `readWithJava` for
 * these.
 */
export async function readTopic(topic: string, bootstrapServers?: string): Promise<ReadRecord[]> {
  const ends = await endsOf(topic, bootstrapServers);
  const unread = new Map(ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high) - 1]));
  if (unread.size === 0) return [];

  const records: ReadRecord[] = [];
  const consumer = kafkajsConsumer({ groupId: `reader-${randomUUID()}` }, bootstrapServers);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      async eachMessage({ partition, message }) {
        records.push(toReadRecord(partition, message));
        if (Number(message.offset) >= (unread.get(partition) ?? -1)) unread.delete(partition);
        if (unread.size === 0) resolve();
      },
    });
    await promise;
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

type Ends = Awaited<ReturnType<Admin['fetchTopicOffsets']>>;

/** The bounds of a topic's logs. kafkajs does not retry while a leader is being elected, as after a restart. */
async function endsOf(topic: string, bootstrapServers?: string): Promise<Ends> {
  let ends: Ends = [];
  await until(async () => {
    try {
      ends = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicOffsets(topic));
      return true;
    } catch (error) {
      if (error instanceof Error && 'type' in error && LEADERLESS.some((type) => type === error.type)) return false;
      throw error;
    }
  });
  return ends;
}

const LEADERLESS = ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'];

function toReadRecord(partition: number, { offset, timestamp, key, value, headers = {} }: KafkaMessage): ReadRecord {
  return {
    ...{ partition, offset: Number(offset), timestamp: Number(timestamp), key, value },
    headers: Object.entries(headers).flatMap(([name, values]) => [values].flat().map((bytes) => toHeader(name, bytes))),
  };
}

// kafkajs's types lack the null that a header's value may be.
const toHeader = (key: string, value: Buffer | string | null | undefined) => ({ key, value: value == null ? null : Buffer.from(value) });
