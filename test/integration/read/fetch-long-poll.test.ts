import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { fetchPage } from '../../harness/http/requests.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

/** A topic that the gateway knows already, so that only what a test asks for goes to Kafka. */
async function knownTopic(): Promise<string> {
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  await call('GET', `/topics/${topic}/offsets`);
  kafka.proxy.startCounting();
  return topic;
}

const write = (topic: string, value: string) => writeTopic(topic, [{ value }], kafka.direct);

/** Far longer than a test may take. */
const poll = { offset: 0, timeout: 25_000 };
const notLate = { timeout: 20_000 };

test('a poll waits at the broker and is answered as soon as a record comes', notLate, async () => {
  const topic = await knownTopic();
  const waiting = kafka.proxy.passed('Fetch');
  const polling = fetchPage(topic, 'text', poll);
  await waiting;

  await write(topic, 'at last');

  const page = await polling;
  assert.deepEqual(
    page.json.map(({ value }) => value),
    ['at last'],
  );
  assert.deepEqual(kafka.proxy.requests(), ['Fetch']);
});

test('a poll goes on waiting until min_bytes are there', notLate, async () => {
  const topic = await knownTopic();
  const waiting = kafka.proxy.passed('Fetch');
  const polling = fetchPage(topic, 'text', { ...poll, min_bytes: 1000 });
  await waiting;

  await write(topic, 'too little');
  await write(topic, 'x'.repeat(1000));

  const page = await polling;
  assert.deepEqual(
    page.json.map(({ offset }) => offset),
    [0, 1],
  );
  assert.deepEqual(kafka.proxy.requests(), ['Fetch']);
});

test('a poll without records ends with its timeout, and says where to go on', async () => {
  const topic = await knownTopic();

  const page = await fetchPage(topic, 'text', 'offset=0&timeout=50');

  assert.deepEqual([page.status, page.text, page.headers['kafka-next-offset']], [200, '[]', '0']);
  assert.deepEqual(kafka.proxy.requests(), ['Fetch']);
});

test('a poll longer than the request may take is answered before that, not failed', async () => {
  const topic = await knownTopic();

  const page = await fetchPage(topic, 'text', poll, { remainingMs: 1500 });

  assert.deepEqual([page.status, page.text, page.headers['kafka-next-offset']], [200, '[]', '0']);
  assert.deepEqual(kafka.proxy.requests(), ['Fetch']);
});

test('a poll does not hold up what else the process does', notLate, async () => {
  const [topic, other] = [await knownTopic(), await knownTopic()];
  const waiting = kafka.proxy.passed('Fetch');
  const polling = fetchPage(topic, 'text', poll);
  await waiting;

  const offsets = await call('GET', `/topics/${other}/partitions/0/offsets`);
  await write(topic, 'at last');

  assert.deepEqual([offsets.status, (await polling).json.length], [200, 1]);
  // No connection was given up for it and no request repeated.
  assert.deepEqual(
    kafka.proxy.requests().filter((name) => name !== 'ApiVersions'),
    ['Fetch', 'ListOffsets', 'ListOffsets'],
  );
});
