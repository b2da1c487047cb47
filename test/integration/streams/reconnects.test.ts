import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';
import { openEvents } from '../../harness/streams/event-stream.ts';

configure(sharedKafka());

const PARTITIONS = 3;
/** `STREAM_RECONNECTS=1000 npm run test:one -- …` is for changes of streams. */
const RECONNECTS = Number(process.env.STREAM_RECONNECTS ?? 200);
/** More than the most that the streams read which are cut. */
const RECORDS = RECONNECTS * 6;
const AT_A_TIME = 30;

suite('streams that are cut', () => {
  let servers: GatewayServer[];

  before(async () => {
    servers = await Promise.all([1, 2].map(() => startServer({ port: 0, host: '127.0.0.1' })));
  });
  after(() => Promise.all(servers.map((server) => server.close(0))));

  test(`${RECONNECTS} times, while records are written: none is lost, none comes twice, all are in order`, async () => {
    const topic = await createTopic({ partitions: PARTITIONS });
    const urlAt = (place: number) => `${servers[place % servers.length].url}/topics/${topic}/records?max_bytes=2000`;
    const found = Array.from({ length: PARTITIONS }, (): number[] => []);
    let lastEventId = await firstId(urlAt(0));
    const writing = write(topic);
    let count = 0;
    let random = 7;
    for (let opened = 0; opened < RECONNECTS || count < RECORDS; opened++) {
      const stream = await openEvents(urlAt(opened), { 'last-event-id': lastEventId });
      random = (random * 48_271) % 2_147_483_647;
      for (let left = opened < RECONNECTS ? random % 11 : RECORDS; left > 0 && count < RECORDS; left--) {
        const { data } = await stream.nextOf('record');
        const { partition, value } = JSON.parse(data);
        found[partition].push(value);
        count++;
      }
      lastEventId = stream.lastEventId || lastEventId;
      stream.cut();
    }
    await writing;

    const inOrder = Array.from({ length: RECORDS }, (_, n) => n);
    for (const [partition, values] of found.entries()) {
      assert.deepEqual(
        values,
        inOrder.filter((n) => n % PARTITIONS === partition),
      );
    }
  });
});

async function firstId(url: string): Promise<string> {
  const stream = await openEvents(`${url}&max_duration=1000`);
  await stream.nextOf('goaway');
  return stream.lastEventId;
}

/** Writes numbers, a few at a time, until all are there. */
async function write(topic: string): Promise<void> {
  const producer = kafkaClient().producer();
  await producer.connect();
  try {
    for (let n = 0; n < RECORDS; n += AT_A_TIME) {
      const messages = Array.from({ length: AT_A_TIME }, (_, i) => ({ partition: (n + i) % PARTITIONS, value: String(n + i) }));
      await producer.send({ topic, messages });
    }
  } finally {
    await producer.disconnect();
  }
}
