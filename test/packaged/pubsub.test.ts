import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { connectEvent, messageEvent } from '../harness/events/socket-event.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { send } from '../harness/lambda/api-gateway.ts';
import { startGateway } from '../harness/lambda/deployed-function.ts';
import { decodeByStock, encodeByStock, joinByStock, type Plain, splitByStock } from '../harness/pubsub/stock-runtime.ts';

const start = (t: TestContext, name: 'pubsub' | 'pubsub-socket') =>
  startGateway(t, name, { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() }, freezeWhenIdle: true });

const commandsFor = (topic: string): Plain[] => [
  { sequence: 1, cmdKafkaProduce: { topic, records: [{ key: 'aw==', value: 'AP+A' }] } },
  { sequence: 2, cmdKafkaListOffset: { topic, timestamp: -1 } },
  { sequence: 3, cmdKafkaFetch: { topic } },
];

function assertObeyed(answers: Plain[], offset: number): void {
  const [produced, listed, fetched] = answers.map((answer) => JSON.parse(JSON.stringify(answer)));
  assert.equal(Number(produced.kafkaProduceResp?.results[0].offset ?? 0), offset, JSON.stringify(produced));
  assert.equal(Number(listed.kafkaListOffsetResp?.offset), offset + 1, JSON.stringify(listed));
  const { messages } = fetched.kafkaFetchResp;
  assert.deepEqual([messages.length, messages.at(-1).key, messages.at(-1).value], [offset + 1, 'aw==', 'AP+A']);
}

test('pubsub, cold and warm, obeys the messages of a request', async (t) => {
  const topic = await createTopic();
  const fn = await start(t, 'pubsub');
  const request = {
    route: 'POST /pubsub',
    target: '/pubsub',
    headers: { 'content-type': 'application/x-protobuf; encoding=delimited' },
    body: joinByStock(commandsFor(topic)),
  };

  for (const offset of [0, 1]) {
    const { status, headers, body } = await send(fn, request);

    assert.deepEqual([status, headers['content-type']], [200, 'application/x-protobuf; encoding=delimited'], body.toString());
    assertObeyed(splitByStock(body), offset);
  }
});

test('pubsub-socket, cold and warm, obeys frames', async (t) => {
  const topic = await createTopic();
  const fn = await start(t, 'pubsub-socket');
  assert.equal((await fn.invoke(connectEvent())).statusCode, 200);

  for (const offset of [0, 1]) {
    const answers: Plain[] = [];
    for (const command of commandsFor(topic)) {
      const { body = '' } = await fn.invoke(messageEvent(encodeByStock(command).toString('base64')));
      answers.push(decodeByStock(Buffer.from(body, 'base64')));
    }

    assertObeyed(answers, offset);
  }
});

suite('what a function hands over stays within the limits of', () => {
  test('Lambda: 6 MB of responses, of which each says where to go on', async (t) => {
    const topic = await createTopic();
    for (let i = 0; i < 8; i++) await writeTopic(topic, [{ value: Buffer.alloc(1_000_000, i) }]);
    const fn = await start(t, 'pubsub');
    const fetch = { cmdKafkaFetch: { topic, maxBytes: 100_000_000 } };

    const { status, body } = await send(fn, {
      route: 'POST /pubsub',
      target: '/pubsub',
      headers: { 'content-type': 'application/x-protobuf; encoding=delimited' },
      body: joinByStock([fetch, fetch]),
    });

    assert.equal(status, 200);
    assert.ok(body.length > 4_000_000, `${body.length}`);
    const pages = splitByStock(body).map(({ kafkaFetchResp }) => JSON.parse(JSON.stringify(kafkaFetchResp)));
    assert.deepEqual(
      pages.map(({ messages = [], nextOffset = '0' }) => [messages.length, nextOffset]),
      [
        [4, '4'],
        [0, '0'],
      ],
    );
  });

  test('API Gateway: 128 KB of a frame', async (t) => {
    const topic = await createTopic();
    await writeTopic(
      topic,
      Array.from({ length: 50 }, (_, i) => ({ value: Buffer.alloc(10_000, i) })),
    );
    const fn = await start(t, 'pubsub-socket');

    for (const text of [encodeByStock({ cmdKafkaFetch: { topic } }).toString('base64'), JSON.stringify({ cmdKafkaFetch: { topic } })]) {
      const { body = '' } = await fn.invoke(messageEvent(text));

      assert.ok(body.length > 100_000 && body.length <= 128_000, `${body.length}`);
    }
  });
});
