import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, post, produceText } from '../../harness/http/requests.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { type Quota, setQuota } from './client-quota.ts';

let kafka: ProxiedKafka;

before(async () => {
  // Kafka counts over a second or two, not over ten.
  kafka = await startProxiedKafka({ properties: { 'quota.window.num': '2' } });
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());
/** Sets a quota and makes a topic; what the broker knows of the second, it knows of the first. */
async function topicUnder(quota: Quota): Promise<string> {
  await setQuota(kafka.direct, quota, RATE);
  return createTopic({ bootstrapServers: kafka.direct });
}

/** Bytes a second. */
const RATE = 10_000;
/** Beyond that by as much as keeps a client waiting for three seconds. */
const TOO_MUCH = 'x'.repeat(RATE * 4);

test('a producer beyond its Kafka quota waits where it can, and is told where it cannot', async (t) => {
  captureLog(t);
  const topic = await topicUnder('producer_byte_rate');
  await produceText(topic, 'before');
  kafka.proxy.startCounting();

  const [large] = (await post(`/topics/${topic}`, 'text', { records: [{ value: TOO_MUCH }] })).json.offsets;
  const impatient = await post(`/topics/${topic}`, 'text', { records: [{ value: 'impatient' }] }, { remainingMs: 1200 });
  const patient = await produceText(topic, 'patient');

  assert.deepEqual([large.offset, patient.offset], [1, 2]);
  assertRefused(impatient, { status: 429, code: 42901, message: /quota .* were not written: try again in \d+ s$/ });
  assert.deepEqual(
    (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString()),
    ['before', TOO_MUCH, 'patient'],
  );
  // Whoever opens another connection is not held back there, and would spend more of the quota.
  assert.deepEqual([kafka.proxy.connections(), kafka.proxy.requests()], [0, ['Produce', 'Produce']]);
});

test('records that were sent before a quota was passed wait for it, and are not sent again', async (t) => {
  captureLog(t);
  const topics = [await topicUnder('producer_byte_rate'), await topicUnder('producer_byte_rate')];
  for (const topic of topics) await produceText(topic, 'before');
  kafka.proxy.startCounting();

  const sent = await Promise.all(topics.map((topic, i) => produceText(topic, i === 0 ? TOO_MUCH : 'behind it')));

  assert.deepEqual(
    sent.map(({ offset }) => offset),
    [1, 1],
  );
  assert.deepEqual([kafka.proxy.connections(), kafka.proxy.requests()], [0, ['Produce', 'Produce']]);
});

test('a reader beyond its Kafka quota loses nothing, and its pages tell where the log stands', async () => {
  const topic = await topicUnder('consumer_byte_rate');
  const values = ['a', 'b', 'c'].map((letter) => letter.repeat(RATE * 0.8));
  for (const value of values) await writeTopic(topic, [{ value }], kafka.direct);
  await call('GET', `/topics/${topic}/offsets`);
  kafka.proxy.startCounting();

  const read: unknown[] = [];
  for (let next = '0'; next !== '3'; ) {
    const page = await fetchPage(topic, 'text', { offset: next, max_bytes: RATE });
    assert.deepEqual([page.status, page.headers['kafka-high-watermark'], page.headers['kafka-log-start-offset']], [200, '3', '0']);
    read.push(...page.json.map(({ value }) => value));
    next = page.headers['kafka-next-offset'];
  }

  assert.deepEqual(read, values);
  assert.ok(kafka.proxy.requests().length > values.length, 'the quota was met');
  // Its fetches wait where they are; what the quota is not for, such as metadata, has at most one connection of its own.
  assert.ok(kafka.proxy.connections() <= 1);
});

test('topics beyond the quota for changes are created at once as long as Kafka hears of them, and later never', async (t) => {
  captureLog(t);
  await setQuota(kafka.direct, 'controller_mutation_rate', 0.1);
  const creating = (name: string) =>
    call('POST', '/admin/topics', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic_name: name, partitions_count: 3 }),
      remainingMs: 9000,
    });

  // Kafka carries out what exceeds the quota, and then mutes the connection; the gateway has two.
  const created = [await creating('first'), await creating('second')];
  kafka.proxy.startCounting();
  const refused = await creating('third');

  assert.deepEqual(
    created.map(({ status }) => status),
    [201, 201],
  );
  assertRefused(refused, { status: 429, code: 42901, message: /quota/ });
  assert.ok(!kafka.proxy.requests().includes('CreateTopics'));
});
