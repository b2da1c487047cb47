import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, suite, type TestContext, test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { type FetchedRecord, fetchPage, followLinks, produceText } from '../../harness/http/requests.ts';
import { type JavaRecord, writeTransactionsWithJava } from '../../harness/kafka/java-clients.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const valuesOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value).join(' ');
const transaction = (outcome: 'commit' | 'abort', ...values: string[]) => ({
  outcome,
  records: values.map((value): JavaRecord => ({ key: null, value: Buffer.from(value) })),
});

suite('a log of committed and aborted transactions', () => {
  /** Offsets: p0=0 · c1=1 c2=2 commit=3 · a1=4 a2=5 abort=6 · c3=7 commit=8 · a3=9 abort=10 · p1=11 · a4=12 abort=13 */
  let topic: string;

  before(async () => {
    topic = await createTopic();
    await produceText(topic, 'p0');
    const first = [
      transaction('commit', 'c1', 'c2'),
      transaction('abort', 'a1', 'a2'),
      transaction('commit', 'c3'),
      transaction('abort', 'a3'),
    ];
    await writeTransactionsWithJava(topic, first, { compression: 'gzip' });
    await produceText(topic, 'p1');
    await writeTransactionsWithJava(topic, [transaction('abort', 'a4')]);
  });

  for (const [query, values, next] of [
    ['offset=0', 'p0 c1 c2 c3 p1', 14],
    ['offset=0&isolation=read_committed', 'p0 c1 c2 c3 p1', 14],
    ['offset=0&isolation=read_uncommitted', 'p0 c1 c2 a1 a2 c3 a3 p1 a4', 14],
    ['offset=5', 'c3 p1', 14],
    ['offset=5&isolation=read_uncommitted', 'a2 c3 a3 p1 a4', 14],
    ['offset=3', 'c3 p1', 14],
    ['offset=12&timeout=0', '', 14],
    ['offset=13&timeout=0', '', 14],
    ['offset=13&timeout=0&isolation=read_uncommitted', '', 14],
  ] as const) {
    test(`?${query} shows ${values || 'nothing'}, and goes on past control records`, async () => {
      const page = await fetchPage(topic, 'text', query);

      assert.equal(valuesOf(page.json), values);
      assert.deepEqual([page.headers['kafka-next-offset'], page.headers['kafka-high-watermark']], [String(next), '14']);
    });
  }

  for (const isolation of ['read_committed', 'read_uncommitted']) {
    test(`links followed one record at a time show each once under ${isolation}`, async () => {
      const pages = await followLinks(topic, 'text', { offset: 0, limit: 1, isolation, timeout: 0 });

      assert.equal(valuesOf(pages.flat()), isolation === 'read_committed' ? 'p0 c1 c2 c3 p1' : 'p0 c1 c2 a1 a2 c3 a3 p1 a4');
    });
  }
});

/** Leaves a record in a transaction that stays open until the function returned is called, or the test ends. */
async function openTransaction(t: TestContext, topic: string, value: string): Promise<(outcome: 'commit' | 'abort') => Promise<void>> {
  const producer = kafkaClient().producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const open = await producer.transaction();
  t.after(async () => {
    if (open.isActive()) await open.abort();
    await producer.disconnect();
  });
  await open.send({ topic, messages: [{ value }] });
  return (outcome) => open[outcome]();
}

test('records of an open transaction, and all behind them, wait for its end', async (t) => {
  const topic = await createTopic();
  await produceText(topic, 'before');
  const end = await openTransaction(t, topic, 'open');
  await produceText(topic, 'behind');

  const committed = await fetchPage(topic, 'text', 'offset=0');
  const uncommitted = await fetchPage(topic, 'text', 'offset=0&isolation=read_uncommitted');
  const behind = await fetchPage(topic, 'text', 'offset=2&timeout=0');
  await end('commit');
  const after = await fetchPage(topic, 'text', { offset: committed.headers['kafka-next-offset'], min_bytes: 150, timeout: 5000 });

  assert.deepEqual([valuesOf(committed.json), committed.headers['kafka-next-offset']], ['before', '1']);
  assert.equal(valuesOf(uncommitted.json), 'before open behind');
  assert.deepEqual([behind.status, behind.text, behind.headers['kafka-next-offset']], [200, '[]', '2']);
  assert.equal(valuesOf(after.json), 'open behind');
});

test('the end of the log is where what may be read ends', async (t) => {
  const topic = await createTopic();
  await produceText(topic, 'before');
  await openTransaction(t, topic, 'open');

  const committed = await fetchPage(topic, 'text', 'offset=latest&timeout=0');
  const uncommitted = await fetchPage(topic, 'text', 'offset=latest&timeout=0&isolation=read_uncommitted');
  const bounds = await call('GET', `/topics/${topic}/partitions/0/offsets`);

  assert.deepEqual([committed.headers['kafka-next-offset'], uncommitted.headers['kafka-next-offset']], ['1', '2']);
  assert.deepEqual(bounds.json, { beginning_offset: 0, end_offset: 2 });
});
