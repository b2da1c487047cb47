import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sleep } from '../../../../../lib/deadline.ts';
import { GatewayError } from '../../../../../lib/errors.ts';
import type { OffsetReset, WantedRecords } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import { emptyRow, type Row } from '../../../../../lib/kafka/groups/membership/row.ts';
import { readFrom, wantedOf } from '../../../../../lib/kafka/groups/membership/wanted.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../../harness/virtual-time.ts';

const EARLIEST = -2;
const UNKNOWN_TOPIC = 3;
const END = Number.POSITIVE_INFINITY;
const [topic, gone] = ['orders', 'gone'];

/** One broker leads both partitions of a topic, which begin at 2 and end at 9. */
function setUp(t: TestContext) {
  stopTime(t);
  const topics = [topicOn(topic, 1, 1)];
  const content = () => ({ brokers: brokersOf(1), topics });
  const broker = withMetadata(content, ({ body }: Call) => {
    const { partitions } = readListOffsets(body);
    const isThere = topics.some(({ name }) => name === partitions[0].topic);
    return listOffsetsAnswer(
      partitions[0].topic,
      partitions.map(({ partition, timestamp }) =>
        isThere ? { partition, offset: timestamp === EARLIEST ? 2 : 9 } : { partition, error: UNKNOWN_TOPIC },
      ),
    );
  });
  const cluster = new FakeCluster({ 'broker-1:9092': broker });
  const state = (offsetReset: OffsetReset, poll: string | null) => ({
    ...{ reader: 'me', poll, waitUntil: Date.now() + 500, deadline: Date.now() + 20_000 },
    options: { format: 'text', offsetReset, autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' as const },
  });
  return {
    ...{ topics, cluster, state },
    wanted: (rows: Row[], offsetReset: OffsetReset = 'earliest', poll: string | null = null) =>
      timePasses(t, wantedOf(cluster, rows, state(offsetReset, poll))),
    read: (from: WantedRecords, read: (wanted: WantedRecords) => number, offsetReset: OffsetReset = 'earliest') =>
      timePasses(
        t,
        readFrom(cluster, from, state(offsetReset, null), async (wanted) => ({ next: [], isEmpty: true, answer: read(wanted) })),
      ),
  };
}

const row = (partition: number, more: Partial<Row> = {}): Row => ({ ...emptyRow({ topic, partition }), ...more });
const at = (partition: number, offset: number, until = END) => ({ topic, partition, offset, until });
const refused = (name: 'TopicNotFound' | 'InvalidArgument') => new GatewayError(name, 'refused');

test("a consumer goes on where it is, else from what is committed, not from another's position", async (t) => {
  const { wanted } = setUp(t);

  const found = await wanted([
    row(0, { reader: 'me', position: 5, committed: 3 }),
    row(1, { reader: 'another', position: 8, committed: 4 }),
  ]);

  assert.deepEqual(found, { positions: [at(0, 5), at(1, 4)], waitMs: 500 });
});

test('without anything committed it begins where its options say', async (t) => {
  const { wanted } = setUp(t);

  const [earliest, latest] = [await wanted([row(0)], 'earliest'), await wanted([row(1)], 'latest')];

  assert.deepEqual([earliest.positions, latest.positions], [[at(0, 2)], [at(1, 9)]]);
  await assert.rejects(wanted([row(1)], 'none'), { name: 'IllegalState' });
});

test('a poll that is repeated gets what it got, and waits for nothing', async (t) => {
  const { wanted } = setUp(t);
  const replay = { poll: 'p', from: 4 };
  const rows = [row(0, { reader: 'me', position: 7, replay }), row(1, { reader: 'me', position: 3 })];

  assert.deepEqual(await wanted(rows, 'earliest', 'p'), { positions: [at(0, 4, 7)], waitMs: 0 });
  assert.deepEqual((await wanted(rows, 'earliest', 'q')).positions, [at(0, 7), at(1, 3)]);
  const others = [row(0, { reader: 'another', position: 7, replay, committed: 5 })];
  assert.deepEqual((await wanted(others, 'earliest', 'p')).positions, [at(0, 5)]);
});

test('partitions of topics that are gone are left out', async (t) => {
  const { wanted } = setUp(t);
  const missing = { ...row(0, { committed: 5 }), topic: gone };

  assert.deepEqual((await wanted([missing, row(0, { committed: 5 }), row(7, { committed: 5 })])).positions, [at(0, 5)]);
});

for (const offsetReset of ['earliest', 'none'] as const) {
  test(`a topic that turns out to be gone is left out by a consumer that begins with ${offsetReset}`, async (t) => {
    const { topics, wanted } = setUp(t);
    const missing = { ...row(0), topic: gone };
    topics.push(topicOn(gone, 1));
    await wanted([{ ...missing, committed: 5 }]);

    topics.pop();
    t.mock.timers.tick(1);

    assert.deepEqual((await wanted([missing, row(0, { committed: 5 })], offsetReset)).positions, [at(0, 5)]);
  });
}

test('a position behind the end of the log begins anew, and the others stay', async (t) => {
  const { read } = setUp(t);
  const tried: WantedRecords[] = [];
  const first = (wanted: WantedRecords) => {
    tried.push(wanted);
    if (tried.length === 1) throw refused('InvalidArgument');
    return tried.length;
  };

  const { handedOut } = await read({ positions: [at(0, 50), at(1, 5)], waitMs: 100 }, first);

  assert.deepEqual([handedOut.answer, tried[1].positions], [2, [at(1, 5), at(0, 2)]]);
});

test('a topic that is deleted meanwhile is left out; what is refused for another reason is refused', async (t) => {
  const { read } = setUp(t);
  const withoutGone = ({ positions }: WantedRecords) => {
    if (positions.some((one) => one.topic === gone)) throw refused('TopicNotFound');
    return positions.length;
  };
  const always = (name: 'TopicNotFound' | 'InvalidArgument') => () => {
    throw refused(name);
  };

  const { handedOut } = await read({ positions: [at(0, 5), { ...at(0, 5), topic: gone }], waitMs: 100 }, withoutGone);

  assert.equal(handedOut.answer, 1);
  await assert.rejects(read({ positions: [at(0, 5)], waitMs: 100 }, always('TopicNotFound')), { name: 'TopicNotFound' });
  await assert.rejects(read({ positions: [at(0, 5)], waitMs: 100 }, always('InvalidArgument')), { name: 'InvalidArgument' });
  await assert.rejects(read({ positions: [at(0, 50)], waitMs: 100 }, always('InvalidArgument'), 'none'), { name: 'IllegalState' });
});

for (const [what, isEmpty, tookMs, readAt] of [
  ['with records was at its end', false, 700, 700],
  ['without records was when it had waited, if its answer took longer', true, 700, 500],
  ['without records that ended before was at its end', true, 200, 200],
] as const) {
  test(`a read ${what}`, async (t) => {
    const { cluster, state } = setUp(t);
    const beganAt = Date.now();

    const reading = readFrom(cluster, { positions: [at(0, 5)], waitMs: 500 }, state('earliest', null), async () => {
      await sleep(tookMs);
      return { next: [], isEmpty, answer: null };
    });

    assert.equal((await timePasses(t, reading)).readAt, beganAt + readAt);
  });
}
