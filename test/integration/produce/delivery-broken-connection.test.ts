import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, post, produceText } from '../../harness/http/requests.ts';
import { freeze } from '../../harness/kafka/freeze.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic, recreateTopic } from '../../harness/kafka/topics.ts';
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
  kafka.proxy.startCounting();
});

const send = (value: string, parts = {}) => post(`/topics/${topic}`, 'text', { records: [{ value }] }, parts);
const log = async () => (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString()).join(' ');

/** Half a second of it is kept back to answer. */
const remainingMs = 2500;

for (const [what, request] of [
  ['produce', () => send('B')],
  ['fetch', () => fetchPage(topic, 'text', 'offset=0')],
  ['offsets', () => call('GET', `/topics/${topic}/offsets`)],
  ['metadata', () => call('GET', `/topics/${topic}/partitions`)],
] as const) {
  test(`${what} does without a connection that the broker has ended`, async () => {
    kafka.proxy.hangUp();

    const { status } = await request();

    assert.equal(status, 200);
    assert.equal(kafka.proxy.connections(), 1);
  });
}

test('a half-dead connection is left: what was sent over it is written once, and others are served', async () => {
  kafka.proxy.loseOpen();

  const [produced, offsets, page] = await Promise.all([
    send('B'),
    call('GET', `/topics/${topic}/partitions/0/offsets`),
    fetchPage(topic, 'text', 'offset=0&limit=1&timeout=0'),
  ]);

  assert.deepEqual([produced.json.offsets[0].offset, offsets.status, page.json[0].value], [1, 200, 'A']);
  assert.equal(kafka.proxy.connections(), 1);
  assert.equal(await log(), 'A B');
});

test('a broker that pauses is waited for, and then has the record once', async (t) => {
  t.after(() => kafka.broker.resume());
  await freeze(kafka.broker);

  const left = kafka.proxy.connected();
  const produced = send('B');
  await left;
  kafka.broker.resume();

  assert.equal((await produced).json.offsets[0].offset, 1);
  assert.equal(await log(), 'A B');
});

for (const [what, request, message] of [
  ['produce', () => send('B', { remainingMs }), /did not acknowledge the records in time\. .*may have been written/],
  [
    'fetch',
    () => call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0&timeout=0', remainingMs }),
    /did not answer in time/,
  ],
  ['offsets', () => call('GET', `/topics/${topic}/offsets`, { remainingMs }), /did not answer in time/],
  ['metadata', () => call('GET', '/topics', { remainingMs }), /did not answer in time/],
] as const) {
  test(`${what} is 504 at the deadline where the broker says nothing`, async (t) => {
    captureLog(t);
    t.after(() => kafka.broker.resume());
    await freeze(kafka.broker);

    const answer = await request();

    assertRefused(answer, { status: 504, code: 50401, message });
  });
}

test('a process whose first broker says nothing answers 504, and that nothing was written', async (t) => {
  captureLog(t);
  t.after(() => kafka.broker.resume());
  closeClusters();
  await freeze(kafka.broker);

  const answer = await send('B', { remainingMs });

  assertRefused(answer, { status: 504, code: 50401, message: /were not written: try again$/ });
});

test('with acks=0, too, what a broker that pauses was not sent by the deadline is not sent when it goes on', async (t) => {
  captureLog(t);
  t.after(() => kafka.broker.resume());
  kafka.proxy.hangUp();
  await freeze(kafka.broker);

  const answer = await send('B', { query: 'acks=0', remainingMs: 1500 });
  kafka.broker.resume();
  const next = await send('C');

  assertRefused(answer, { status: 504, code: 50401, message: /were not written: try again$/ });
  assert.equal(next.json.offsets[0].offset, 1);
  assert.equal(await log(), 'A C');
});

test('a request with time left is not failed by one without, that waits for the same producer id', async (t) => {
  captureLog(t);
  closeClusters();
  await call('GET', `/topics/${topic}/offsets`);
  const holding = kafka.proxy.holdRequest('InitProducerId');

  const hasty = send('hasty', { remainingMs });
  const patient = send('patient');
  await holding;

  assertRefused(await hasty, { status: 504, code: 50401, message: /were not written: try again$/ });
  assert.equal((await patient).status, 200);
  assert.equal(await log(), 'A patient');
});

test('a topic that is deleted and made again takes records', async () => {
  await recreateTopic(topic, 1, kafka.direct);

  const [c, d] = [await send('C'), await send('D')];

  assert.deepEqual([c.json.offsets[0].offset, d.json.offsets[0].offset], [0, 1]);
  assert.equal(await log(), 'C D');
});

test('a broker killed before it could answer has the record once when it is back', async () => {
  const lost = kafka.proxy.holdAnswer('Produce');
  const produced = send('B');
  await lost;

  await kafka.broker.kill();
  await kafka.broker.restart();

  assert.equal((await produced).json.offsets[0].offset, 1);
  assert.equal(await log(), 'A B');
});
