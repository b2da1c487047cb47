import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readTopic, writeTopic } from '../kafka/records.ts';
import { createTopic } from '../kafka/topics.ts';
import { captureLog } from '../unit/http/http-event.ts';
import { type Quota, setQuota } from './client-quota.ts';
import { call, configure } from './gateway.ts';
import { type ProxiedKafka, startProxiedKafka } from './proxied-kafka.ts';
import { assertRefused } from './refusal.ts';
import { fetchPage, post, produceText } from './requests.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());
/** Sets a quota and makes a topic; what the broker knows of the second, it knows of the first. */
async function topicUnder(quota: Quota): Promise<string> {
  await setQuota(kafka.direct, quota, RATE);
  return createTopic({ bootstrapServers: kafka.direct });
}

/** Kafka counts over ten seconds: as much beyond the quota as keeps a client waiting for about three. */
const RATE = 10_000;
const TOO_MUCH = 'x'.repeat(RATE * 13);

test('a producer beyond its Kafka quota waits where it can, and is told where it cannot', async (t) => {
  captureLog(t);
  const topic = await topicUnder('producer_byte_rate');
  await produceText(topic, 'before');
  kafka.proxy.startCounting();

  const [large] = (await post(`/topics/${topic}`, 'text', { records: [{ value: TOO_MUCH }] })).json.offsets;
  const impatient = await post(`/topics/${topic}`, 'text', { records: [{ value: 'impatient' }] }, { remainingMs: 1200 });
  const patient = await produceText(topic, 'patient');

  assert.deepEqual([large.offset, patient.offset], [1, 2]);
  assertRefused(impatient, { status: 429, code: 42901, message: /quota .* were not written\.$/ });
  assert.deepEqual(
    (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString()),
    ['before', TOO_MUCH, 'patient'],
  );
  // Whoever opens another connection is not held back there, and would spend more of the quota.
  assert.deepEqual([kafka.proxy.connections(), kafka.proxy.requests()], [0, ['Produce', 'Produce']]);
});

test('a reader beyond its Kafka quota loses nothing, and its pages tell where the log stands', async () => {
  const topic = await topicUnder('consumer_byte_rate');
  await writeTopic(topic, [{ value: TOO_MUCH }, { value: 'behind' }], kafka.direct);
  await call('GET', `/topics/${topic}/offsets`);
  kafka.proxy.startCounting();

  const values: unknown[] = [];
  for (let next = '0'; next !== '2'; ) {
    const page = await fetchPage(topic, 'text', { offset: next });
    assert.deepEqual([page.status, page.headers['kafka-high-watermark'], page.headers['kafka-log-start-offset']], [200, '2', '0']);
    values.push(...page.json.map(({ value }) => value));
    next = page.headers['kafka-next-offset'];
  }

  assert.deepEqual(values, [TOO_MUCH, 'behind']);
  assert.equal(kafka.proxy.connections(), 0);
});
