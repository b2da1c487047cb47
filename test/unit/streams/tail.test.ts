import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { allVisible } from '../../../lib/kafka/fetch/visible-records.ts';
import { type TailOptions, tail } from '../../../lib/streams/tail.ts';
import { FakeLogs } from '../../harness/fake-broker/fake-logs.ts';
import { pass, settled, stopTime, timePasses } from '../../harness/virtual-time.ts';

const start = [{ topic: 'orders', partition: 0, offset: 0, until: Number.POSITIVE_INFINITY }];

const optionsWith = (stops: readonly AbortSignal[]): TailOptions => ({
  isolation: 'read_committed',
  maxBytes: 1000,
  largest: 1000,
  maxRecords: 1000,
  keep: null,
  visible: allVisible,
  to: null,
  topics: async () => ['orders'],
  mayMiss: false,
  until: Date.now() + 60_000,
  stops,
});

/** A broker that waits for records that do not come. */
const silence = () => new Promise<never>(() => {});

test('a tail that nobody wants any more ends at once, in the middle of its wait for a record', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  log.append('a');
  await timePasses(t, kafka.cluster.refresh(['orders']));
  const gone = new AbortController();
  const pages = tail(kafka.cluster, start, optionsWith([gone.signal, new AbortController().signal]));
  const first = await timePasses(t, pages.next());

  kafka.beforeFetch = silence;
  const next = pages.next();
  gone.abort();

  assert.equal(first.value?.readings[0].records.length, 1);
  assert.deepEqual(await next, { done: true, value: undefined });
});

test('a tail that nobody wants to begin with has no page', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1);
  await timePasses(t, kafka.cluster.refresh(['orders']));

  kafka.beforeFetch = silence;

  const pages = tail(kafka.cluster, start, optionsWith([AbortSignal.abort()]));

  assert.deepEqual(await pages.next(), { done: true, value: undefined });
});

/** A tail of one record whose process is frozen for so long while it waits for a broker that does not answer the first time. */
async function frozenFor(t: TestContext, ms: number) {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  await timePasses(t, kafka.cluster.refresh(['orders']));
  kafka.beforeFetch = (turn) => (turn === 1 ? silence() : 0);
  const page = tail(kafka.cluster, start, { ...optionsWith([]), until: Number.POSITIVE_INFINITY }).next();
  await settled();
  log.append('a');
  t.mock.timers.tick(ms);
  return timePasses(t, page);
}

test('a tail outlasts a freeze of its process that is longer than a round may take', async (t) => {
  const { value } = await frozenFor(t, 60_000);

  assert.equal(value?.readings[0].records.length, 1);
});

test('a tail whose broker is silent until the deadline of a round ends with that', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1);
  await timePasses(t, kafka.cluster.refresh(['orders']));
  kafka.beforeFetch = silence;
  const page = tail(kafka.cluster, start, { ...optionsWith([]), until: Number.POSITIVE_INFINITY }).next();

  await assert.rejects(timePasses(t, page), { name: 'DeadlineExceeded' });
});

test('a tail of a pattern waits for the first topic that matches it, and reads that from its beginning', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  let topics: string[] = [];
  const options = { ...optionsWith([]), mayMiss: true, topics: async () => topics };
  const pages = tail(kafka.cluster, [], options);
  const next = pages.next();
  await pass(t, 10_000, 500);
  const [log] = kafka.topic('orders', 1);
  log.append('a');
  topics = ['orders'];

  const page = await timePasses(t, next);

  assert.deepEqual([page.done, page.value?.readings[0].records.length], [false, 1]);
});

for (const to of [null, { offset: 3 }]) {
  test(`a tail of a pattern that no topic matches is over ${to === null ? 'when its time is' : 'if it has an end'}`, async (t) => {
    stopTime(t);
    const kafka = new FakeLogs(1);
    const pages = tail(kafka.cluster, [], { ...optionsWith([]), mayMiss: true, to, topics: async () => [] });
    const begun = Date.now();

    assert.deepEqual(await timePasses(t, pages.next()), { done: true, value: undefined });
    assert.equal(Date.now() - begun >= 60_000, to === null);
  });
}
