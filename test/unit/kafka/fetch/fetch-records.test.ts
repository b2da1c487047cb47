import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FetchOptions, type FetchPosition, fetchRecords } from '../../../../lib/kafka/fetch/fetch-records.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { controlBatch, inLog, plainStored, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { fetchAnswer, keys, listOffsetsAnswer, readFetch, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const BEGINNING = 10;
const END = 14;
const [FIRST, SECOND] = [inLog(writeBatch([recordOf('ten'), recordOf('eleven')]), { baseOffset: 10 }), controlBatch(12, 5n, 'commit')];
const THIRD = inLog(writeBatch([recordOf('thirteen')]), { baseOffset: 13 });

interface Fetching extends Partial<FetchOptions> {
  position: FetchPosition;
  /** What the leader makes of the n-th Fetch. */
  fetch?: (call: Call, n: number) => Buffer | Promise<Buffer>;
  offsetAt?: (timestamp: number, isolation: number) => number;
  /** What the n-th metadata tells of the leader. */
  leaderEpoch?: (n: number) => number;
}

const wholeLog = () =>
  fetchAnswer({
    topic: 'orders',
    partition: 0,
    highWatermark: END,
    logStartOffset: BEGINNING,
    batches: Buffer.concat([FIRST, SECOND, THIRD]),
  });

/** Fetches from a log with the offsets 10 to 13, of which 12 is the end of a transaction. */
function fetching(t: TestContext, { fetch = wholeLog, offsetAt, leaderEpoch = () => -1, ...options }: Fetching) {
  stopTime(t);
  const queries: (ReturnType<typeof readFetch> & { timeoutMs: number })[] = [];
  const listed: number[] = [];
  let asked = 0;
  const broker = withMetadata<Call>(
    () => ({ brokers: brokersOf(1), topics: [{ name: 'orders', partitions: [{ id: 0, leader: 1, leaderEpoch: leaderEpoch(++asked) }] }] }),
    (call) => {
      if (call.key === keys.fetch) {
        queries.push({ ...readFetch(call.body), timeoutMs: call.timeoutMs });
        return fetch(call, queries.length);
      }
      const { isolation, partitions } = readListOffsets(call.body);
      const [{ timestamp }] = partitions;
      listed.push(timestamp);
      const ends = timestamp === -2 ? BEGINNING : END;
      return listOffsetsAnswer('orders', [{ partition: 0, offset: offsetAt?.(timestamp, isolation) ?? ends }]);
    },
  );
  const cluster = new FakeCluster({ 'broker-1:9092': broker });
  const page = timePasses(
    t,
    fetchRecords(cluster, 'orders', 0, {
      isolation: 'read_committed',
      maxBytes: 1_000_000,
      minBytes: 1,
      waitMs: 1000,
      maxRecords: 1000,
      visible: allVisible,
      deadline: Date.now() + 10_000,
      ...options,
    }),
  );
  return { page, queries, listed };
}

test('a page from an offset on: its records, where to go on, and the ends of the log', async (t) => {
  const { page, queries, listed } = fetching(t, { position: { offset: 11 }, maxBytes: 5000, minBytes: 7, waitMs: 1500 });

  const { records, ...ends } = await page;

  assert.deepEqual(
    records.map(plainStored).map(({ offset, value }) => [offset, value]),
    [
      [11, 'eleven'],
      [13, 'thirteen'],
    ],
  );
  assert.deepEqual(ends, { nextOffset: 14, highWatermark: END, logStartOffset: BEGINNING });
  assert.deepEqual(queries, [
    {
      topic: 'orders',
      partition: 0,
      leaderEpoch: -1,
      offset: 11,
      maxBytes: 5000,
      minBytes: 7,
      waitMs: 1500,
      isolation: 1,
      timeoutMs: 4000,
    },
  ]);
  assert.deepEqual(listed, []);
});

test('pages end where they are full, and go on there', async (t) => {
  const first = await fetching(t, { position: { offset: 10 }, maxRecords: 1 }).page;
  t.mock.timers.reset();
  const second = await fetching(t, { position: { offset: 10 }, maxBytes: 9 }).page;

  assert.deepEqual([first.records.length, first.nextOffset], [1, 11]);
  assert.deepEqual([second.records.length, second.nextOffset], [2, 13]);
});

test('earliest and latest are looked up; latest stops at open transactions where those are not read', async (t) => {
  const earliest = fetching(t, { position: { offset: 'earliest' } });
  await earliest.page;
  t.mock.timers.reset();
  const latest = fetching(t, { position: { offset: 'latest' }, offsetAt: (timestamp, isolation) => (isolation === 1 ? 13 : timestamp) });
  await latest.page;

  assert.deepEqual([earliest.listed, earliest.queries[0].offset], [[-2], 10]);
  assert.deepEqual([latest.listed, latest.queries[0].offset], [[-1], 13]);
});

test('a time is looked up; where no record is that late, what is written next is waited for', async (t) => {
  const found = fetching(t, { position: { timestamp: 1_735_689_600_000 }, offsetAt: () => 11 });
  await found.page;
  t.mock.timers.reset();
  const tooLate = fetching(t, { position: { timestamp: 1_735_689_600_000 }, offsetAt: (timestamp) => (timestamp === -1 ? END : -1) });
  await tooLate.page;

  assert.deepEqual([found.listed, found.queries[0].offset], [[1_735_689_600_000], 11]);
  assert.deepEqual([tooLate.listed, tooLate.queries[0].offset], [[1_735_689_600_000, -1], END]);
});

test('an empty poll goes on at the same offset', async (t) => {
  const empty = fetchAnswer({ topic: 'orders', partition: 0, highWatermark: END, logStartOffset: BEGINNING });

  const page = await fetching(t, { position: { offset: 14 }, fetch: () => empty }).page;

  assert.deepEqual(page, { records: [], nextOffset: 14, highWatermark: END, logStartOffset: BEGINNING });
});

test('a page of control records alone is empty, and goes on behind them', async (t) => {
  const control = fetchAnswer({ topic: 'orders', partition: 0, highWatermark: END, batches: SECOND });

  const { records, nextOffset } = await fetching(t, { position: { offset: 12 }, fetch: () => control }).page;

  assert.deepEqual([records, nextOffset], [[], 13]);
});

test('records of aborted transactions are left out of what is committed', async (t) => {
  const batch = inLog(writeBatch([recordOf('never')]), { baseOffset: 10, producerId: 5n, attributes: layout.TRANSACTIONAL_BIT });
  const batches = Buffer.concat([batch, controlBatch(11, 5n, 'abort'), inLog(writeBatch([recordOf('kept')]), { baseOffset: 12 })]);
  const answer = fetchAnswer({
    topic: 'orders',
    partition: 0,
    highWatermark: END,
    aborted: [{ producerId: 5n, firstOffset: 10 }],
    batches,
  });

  const { records } = await fetching(t, { position: { offset: 10 }, fetch: () => answer }).page;

  assert.deepEqual(
    records.map(({ offset }) => offset),
    [12],
  );
});

for (const offset of [0, 99]) {
  test(`offset ${offset}, which is outside the log, is refused with the bounds`, async (t) => {
    const outside = fetchAnswer({ topic: 'orders', partition: 0, partitionError: 1 });

    const { page, queries } = fetching(t, { position: { offset }, fetch: () => outside });

    await assert.rejects(page, {
      name: 'InvalidArgument',
      code: 40002,
      message: `Offset ${offset} is outside the log of partition 0 of orders: use one from 10 to 14, which is written next`,
    });
    assert.equal(queries.length, 1);
  });
}

test('an offset that a broker does not find, though it is in the log, is asked for once more', async (t) => {
  const outside = fetchAnswer({ topic: 'orders', partition: 0, partitionError: 1 });

  const found = fetching(t, { position: { offset: 13 }, fetch: (_call, n) => (n === 1 ? outside : wholeLog()) });
  const { records } = await found.page;
  t.mock.timers.reset();
  const never = fetching(t, { position: { offset: 13 }, fetch: () => outside });
  await assert.rejects(never.page, { name: 'InvalidArgument', code: 40002 });

  assert.deepEqual([records.length, found.queries.length, never.queries.length], [1, 2, 2]);
});

test('a broker that leads in another epoch than it knows of does not answer from its log of then', async (t) => {
  const outside = fetchAnswer({ topic: 'orders', partition: 0, partitionError: 1 });
  const refused = (partitionError: number) => fetchAnswer({ topic: 'orders', partition: 0, partitionError });
  let ofBroker = 3;
  const fetch = ({ body }: Call, n: number): Buffer => {
    if (n === 4) ofBroker = 5;
    const { leaderEpoch } = readFetch(body);
    if (leaderEpoch !== ofBroker) return refused(leaderEpoch > ofBroker ? 75 : 74);
    return ofBroker === 3 ? outside : wholeLog();
  };

  const { page, queries } = fetching(t, { position: { offset: 13 }, fetch, leaderEpoch: (n) => (n === 1 ? 3 : 5) });

  assert.equal((await page).records.length, 1);
  assert.deepEqual(
    queries.map(({ leaderEpoch }) => leaderEpoch),
    [3, 5, 5, 5],
  );
});

test('a leader that moved is asked again; the wait is not begun anew', async (t) => {
  const { page, queries } = fetching(t, {
    position: { offset: 10 },
    waitMs: 1000,
    async fetch(_call, n) {
      if (n > 2) return wholeLog();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return fetchAnswer({ topic: 'orders', partition: 0, partitionError: 6 });
    },
  });

  assert.equal((await page).records.length, 3);
  assert.equal(queries.length, 3);
  assert.ok(queries[2].waitMs <= 400, `${queries[2].waitMs}`);
});

test('the broker may wait as long as the deadline leaves, with time to answer, and never less than not at all', async (t) => {
  const long = fetching(t, { position: { offset: 10 }, waitMs: 60_000, deadline: Date.UTC(2025, 0, 1) + 5000 });
  await long.page;
  t.mock.timers.reset();
  const late = fetching(t, { position: { offset: 10 }, waitMs: 60_000, deadline: Date.UTC(2025, 0, 1) + 100 });
  await late.page;

  assert.ok(long.queries[0].waitMs <= 4500 && long.queries[0].waitMs > 4000, `${long.queries[0].waitMs}`);
  assert.equal(late.queries[0].waitMs, 0);
});

test('a broker that says nothing is given up at the deadline', async (t) => {
  const { page } = fetching(t, { position: { offset: 10 }, fetch: silence, deadline: Date.UTC(2025, 0, 1) + 8000 });

  await assert.rejects(page, { name: 'DeadlineExceeded' });
  assert.equal(Date.now(), Date.UTC(2025, 0, 1) + 8000);
});

test('sizes beyond what the protocol can say are cut to what it can', async (t) => {
  const { page, queries } = fetching(t, { position: { offset: 10 }, maxBytes: 2 ** 40 });

  await page;

  assert.equal(queries[0].maxBytes, 2 ** 31 - 1);
});
