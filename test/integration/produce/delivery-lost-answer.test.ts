import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post, produceText } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let kafka: ProxiedKafka;
let topic: string;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());
beforeEach(async () => {
  topic = await createTopic({ bootstrapServers: kafka.direct });
  await produceText(topic, 'A');
});

/** Half a second of it is kept back to answer; a broker that says nothing is left later than that. */
const remainingMs = 2500;

const send = (value: string, parts = {}) => post(`/topics/${topic}`, 'text', { records: [{ value }] }, parts);
const offsetOf = async (answer: ReturnType<typeof send>) => (await answer).json.offsets[0].offset;
const log = async () => (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString()).join(' ');

const givenUp = {
  status: 504,
  code: 50401,
  message: /^Kafka did not acknowledge the records in time\. .* may have been written, or may still be/,
};

test('an answer lost and given up: the record may be there once, and later ones are where they are said to be', async (t) => {
  captureLog(t);
  const lost = kafka.proxy.holdAnswer('Produce');

  const b = await send('B', { remainingMs });
  await lost;
  const offsets = [await offsetOf(send('C')), await offsetOf(send('D')), await offsetOf(send('E'))];

  assertRefused(b, givenUp);
  assert.deepEqual(offsets, [2, 3, 4]);
  assert.equal(await log(), 'A B C D E');
});

test('an answer lost with time left: the record is acknowledged where its first copy is', async () => {
  const lost = kafka.proxy.holdAnswer('Produce');

  const b = await offsetOf(send('B'));
  await lost;
  const c = await offsetOf(send('C'));

  assert.deepEqual([b, c], [1, 2]);
  assert.equal(await log(), 'A B C');
});

test('a connection lost in place of an answer: the same', async () => {
  const lost = kafka.proxy.hangUpOnAnswer('Produce');

  const b = await offsetOf(send('B'));
  await lost;

  assert.deepEqual([b, await offsetOf(send('C'))], [1, 2]);
  assert.equal(await log(), 'A B C');
});

test('after a lost answer each record is said to have the time that it has', async () => {
  const lost = kafka.proxy.hangUpOnAnswer('Produce');
  const now = Date.now();
  const times = [now - 5000, now, now - 9000];

  const answer = await post(`/topics/${topic}`, 'text', { records: times.map((timestamp) => ({ value: 'x', timestamp })) });
  await lost;

  assert.deepEqual(
    answer.json.offsets.map(({ timestamp }) => timestamp),
    times,
  );
});

test('with acks=1, too, a lost answer writes nothing twice', async () => {
  const lost = kafka.proxy.hangUpOnAnswer('Produce');

  const b = await offsetOf(send('B', { query: 'acks=1' }));
  await lost;

  assert.equal(b, 1);
  assert.equal(await log(), 'A B');
});

test('concurrent requests behind a lost answer keep the order of their calls', async () => {
  const lost = kafka.proxy.hangUpOnAnswer('Produce');

  const offsets = await Promise.all(['B', 'C', 'D', 'E'].map((value) => offsetOf(send(value))));
  await lost;

  assert.deepEqual(offsets, [1, 2, 3, 4]);
  assert.equal(await log(), 'A B C D E');
});

test('a request held up, given up and released late is fenced off', async (t) => {
  captureLog(t);
  const holding = kafka.proxy.holdRequest('Produce');

  const b = await send('B', { remainingMs });
  const held = await holding;
  const offsets = [await offsetOf(send('C')), await offsetOf(send('D'))];
  await held.release();
  const e = await offsetOf(send('E'));

  assertRefused(b, givenUp);
  assert.deepEqual([...offsets, e], [1, 2, 3]);
  assert.equal(await log(), 'A C D E');
});

test('a request held up, sent again and released late is written once', async () => {
  const holding = kafka.proxy.holdRequest('Produce');

  const b = offsetOf(send('B'));
  const held = await holding;
  const offsets = [await b, await offsetOf(send('C'))];
  await held.release();

  assert.deepEqual([...offsets, await offsetOf(send('D'))], [1, 2, 3]);
  assert.equal(await log(), 'A B C D');
});

test('a batch of many records whose answer is lost is written once, whole and in order', async () => {
  const lost = kafka.proxy.hangUpOnAnswer('Produce');
  const values = Array.from({ length: 1000 }, (_, i) => String(i));

  const answer = await post(`/topics/${topic}`, 'text', { records: values.map((value) => ({ value })) }, { query: 'compression=gzip' });
  await lost;

  assert.deepEqual(
    answer.json.offsets.map(({ offset }) => offset),
    values.map((_, i) => i + 1),
  );
  assert.equal(await log(), `A ${values.join(' ')}`);
});
