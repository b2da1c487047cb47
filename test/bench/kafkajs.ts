import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import type { Logger } from 'kafkajs/src/network/connection.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { kafkaClient } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { FETCH_BYTES, type Prepare, type Task } from './tasks.ts';

/** kafkajs: `send` of messages that are ready; or what its consumer fetches and decodes, made into the gateway's response in the plain way. */
export const kafkajs: Prepare = (task) => {
  const { topic } = task;
  if (task.kind === 'produce') {
    const messages = readings(task.count).map((value) => ({ value }));
    return async () => (await producer).send({ topic, messages });
  }
  if (task.kind === 'poll') return consume(task);
  if (task.kind === 'queue') throw new Error('kafkajs has no queues');
  const show = formats[task.format];
  return async () => render(topic, await fetchMessages(topic), show);
};

const producer = connectProducer();
const broker = connectBroker();

async function connectProducer() {
  const connecting = kafkaClient().producer();
  await connecting.connect();
  return connecting;
}

/** The consumer's own way to a broker: with it, a fetch can be asked for one at a time, and no group is needed. */
async function connectBroker(): Promise<Broker> {
  const silent: Logger = { namespace: () => silent, debug() {}, info() {}, warn() {}, error() {} };
  const [host, port] = sharedKafka().split(':');
  const timeouts = { connectionTimeout: 1000, requestTimeout: 30_000 };
  const socketFactory = createSocketFactory();
  const connectionPool = new ConnectionPool({ host, port: Number(port), clientId: 'bench', socketFactory, ...timeouts, logger: silent });
  const connecting = new Broker({ connectionPool, logger: silent });
  await connecting.connect();
  return connecting;
}

async function fetchMessages(topic: string): Promise<KafkaMessage[]> {
  const { responses } = await (await broker).fetch({
    ...{ maxWaitTime: 1000, minBytes: 1, maxBytes: FETCH_BYTES, isolationLevel: 1 },
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: '0', maxBytes: FETCH_BYTES }] }],
  });
  return responses[0].partitions[0].messages.filter(({ isControlRecord }) => !isControlRecord);
}

type Show = (bytes: Buffer) => unknown;

const formats = {
  json: (bytes: Buffer) => JSON.parse(bytes.toString()),
  binary: (bytes: Buffer) => bytes.toString('base64'),
};

const render = (topic: string, messages: readonly KafkaMessage[], show: Show): string =>
  JSON.stringify(
    messages.map(({ offset, timestamp, key, value }) => ({
      topic,
      partition: 0,
      offset: Number(offset),
      timestamp: Number(timestamp),
      key: key && show(key),
      value: value && show(value),
      headers: [],
    })),
  );

/** Its consumer, which is let on by one batch at a time: what it fetched, decoded and committed. */
function consume({ topic, bytes }: Extract<Task, { kind: 'poll' }>): () => Promise<string> {
  const consumer = kafkaClient().consumer({ groupId: `group-${randomUUID()}`, maxBytesPerPartition: bytes });
  let asked = Promise.withResolvers<void>();
  let got = Promise.withResolvers<string>();
  const begin = async () => {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets }) => {
        await asked.promise;
        asked = Promise.withResolvers();
        const text = render(topic, batch.messages, formats.json);
        resolveOffset(batch.lastOffset());
        await commitOffsetsIfNecessary(uncommittedOffsets());
        got.resolve(text);
      },
    });
  };
  let begun: Promise<void> | null = null;
  return async () => {
    got = Promise.withResolvers();
    asked.resolve();
    begun ??= begin();
    await begun;
    return got.promise;
  };
}
