import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import type { AcknowledgeType } from '../../../../lib/kafka/protocol/share-acknowledge.ts';
import { sessionPoolOf } from '../../../../lib/kafka/share-groups/session-pool.ts';
import { type Holding, type Settled, settle } from '../../../../lib/kafka/share-groups/settle.ts';
import {
  INVALID_RECORD_STATE,
  INVALID_SHARE_SESSION_EPOCH,
  SHARE_SESSION_NOT_FOUND,
  UNKNOWN_SERVER_ERROR,
} from '../../../../lib/kafka/share-groups/support.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { readShareAcknowledge, shareAcknowledgeAnswer, shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { sessionWith, shareCluster, topicId } from './share-cluster.ts';

const NOT_LEADER = 6;
const GROUP_AUTHORIZATION_FAILED = 30;
const GROUP_ID_NOT_FOUND = 69;
const FENCED_LEADER_EPOCH = 74;
const UNKNOWN_TOPIC_ID = 100;

/** A broker with one session, which is at an epoch, and refuses partitions as a test says. */
async function broker(t: TestContext, { epoch = 1, error = 0, refused = {} as Record<number, number> } = {}) {
  const described: Parameters<typeof shareOffsetsAnswer>[1] = { error: GROUP_ID_NOT_FOUND };
  const state = { epoch, error, refused, described, takesMs: 0, hangsUp: false };
  const asked: ReturnType<typeof readShareAcknowledge>[] = [];
  const cluster = await shareCluster(t, async ({ key, body }) => {
    if (key === keys.describeShareGroupOffsets) return shareOffsetsAnswer('g', state.described);
    const read = readShareAcknowledge(body);
    asked.push(read);
    if (state.hangsUp) throw new Error('the broker hung up');
    if (state.takesMs > 0) await new Promise((resolve) => setTimeout(resolve, state.takesMs));
    if (state.error !== 0) return shareAcknowledgeAnswer({ error: state.error });
    if (read.epoch !== -1 && read.epoch !== state.epoch) return shareAcknowledgeAnswer({ error: INVALID_SHARE_SESSION_EPOCH });
    state.epoch++;
    const partitions = [...new Set(read.ranges.map(({ partition }) => partition))];
    return shareAcknowledgeAnswer({
      lockMs: 30_000,
      partitions: partitions.map((partition) => ({ topicId, partition, error: state.refused[partition] ?? 0 })),
    });
  });
  const run = (type: AcknowledgeType, holdings: Holding[], deadline = Date.now() + 10_000): Promise<Settled[]> =>
    timePasses(t, settle(cluster, 'g', type, holdings, deadline));
  return { cluster, state, asked, run };
}

const holding = (first: number, { partition = 0, ...more }: Partial<Holding> & { partition?: number } = {}): Holding => ({
  ...{ member: 'm', broker: 1, epoch: 1, until: Date.now() + 20_000, isAll: false },
  ranges: [{ topicId, partition, first, last: first }],
  ...more,
});
const codesOf = (results: Settled[]) => results.map(({ error }) => error?.code ?? null);

test('all of a session is settled and the session closed by one request', async (t) => {
  const { asked, run } = await broker(t);

  const results = await run('accept', [holding(5, { isAll: true })]);

  assert.deepEqual(codesOf(results), [null]);
  assert.deepEqual(
    asked.map(({ epoch, ranges }) => [epoch, ranges.map(({ first, types }) => [first, types])]),
    [[-1, [[5, [1]]]]],
  );
});

test('an answer that does not come by the deadline is waited for no longer', async (t) => {
  const { state, run } = await broker(t);
  state.takesMs = 2000;

  const results = await run('accept', [holding(5)], Date.now() + 1000);

  assert.deepEqual(codesOf(results), [50003]);
});

test('single records of a session are settled together, by the epoch that is found by trying', async (t) => {
  const { asked, run } = await broker(t, { epoch: 4 });

  const results = await run('release', [holding(5), holding(9)]);

  assert.deepEqual(codesOf(results), [null, null]);
  assert.deepEqual(
    asked.map(({ epoch }) => epoch),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    asked[3].ranges.map(({ first, types }) => [first, types]),
    [
      [5, [2]],
      [9, [2]],
    ],
  );
});

test('requests that settle records of a session of this process at one time ask the broker once each', async (t) => {
  const { cluster, state, asked, run } = await broker(t);
  state.takesMs = 10;
  sessionPoolOf(cluster).keep(await sessionWith(cluster, { left: 9 }));

  const results = await Promise.all([run('accept', [holding(1)]), run('accept', [holding(2)]), run('accept', [holding(3)])]);

  assert.deepEqual(results.map(codesOf), [[null], [null], [null]]);
  assert.deepEqual(
    asked.map(({ epoch }) => epoch),
    [1, 2, 3],
  );
});

test('what waits for its turn is not asked for after the end of its lock', async (t) => {
  const { cluster, state, asked, run } = await broker(t);
  state.takesMs = 2000;
  sessionPoolOf(cluster).keep(await sessionWith(cluster, { left: 9 }));

  const results = await Promise.all([run('accept', [holding(1)]), run('accept', [holding(2, { until: Date.now() + 1000 })])]);

  assert.deepEqual([results.map(codesOf), asked.length], [[[null], [40907]], 1]);
});

test('what is renewed is held from when it was asked for, and has the next epoch', async (t) => {
  const { asked, run } = await broker(t, { epoch: 2 });
  const now = Date.now();

  const [renewed] = await run('renew', [holding(5, { isAll: true })]);

  assert.ok(renewed.error === null);
  assert.deepEqual([renewed.epoch, asked.every(({ renews }) => renews)], [3, true]);
  assert.ok(renewed.until >= now + 30_000 && renewed.until <= now + 30_100);
});

test('after the end of its lock nothing is asked, and what is answered after it is no success', async (t) => {
  const { state, asked, run } = await broker(t);

  const late = await run('accept', [holding(5, { until: Date.now() })]);
  assert.deepEqual([codesOf(late), asked.length], [[40907], 0]);

  state.takesMs = 2000;
  const tooLate = await run('accept', [holding(5, { until: Date.now() + 1000 })]);
  assert.deepEqual([codesOf(tooLate), asked.length], [[40907], 1]);
});

test('each partition has its own result', async (t) => {
  const { run } = await broker(t, { refused: { 1: INVALID_RECORD_STATE } });

  const results = await run('accept', [holding(5), holding(5, { partition: 1 }), holding(6)]);

  assert.deepEqual(codesOf(results), [null, 40907, null]);
});

for (const [error, reason] of [
  [INVALID_RECORD_STATE, /as they were settled, or are held by others/],
  [SHARE_SESSION_NOT_FOUND, /as all of their receive was settled, or its connection to Kafka has ended/],
  [NOT_LEADER, /as another broker leads their partition by now/],
  [UNKNOWN_TOPIC_ID, /as their topic is gone, or was made anew/],
] as const) {
  test(`Kafka's error ${error} says that the records are no longer held, and why, of a request as of a partition`, async (t) => {
    const { state, run } = await broker(t, { error });

    const [ofAll] = await run('accept', [holding(5, { isAll: true })]);
    state.error = 0;
    state.refused = { 0: error };
    const [ofOne] = await run('accept', [holding(5, { isAll: true })]);

    for (const { error: refusal } of [ofAll, ofOne]) {
      assert.equal(refusal?.code, 40907);
      assert.match(refusal.message, reason);
    }
  });
}

for (const [what, described, code] of [
  ['whose coordinator does not know it', { error: GROUP_ID_NOT_FOUND }, 40907],
  ['whose coordinator keeps nothing of the partition', { offsets: [{ topic: 't', topicId, partition: 1 }] }, 40907],
  ['whose coordinator keeps the partition', { offsets: [{ topic: 't', topicId, partition: 0 }] }, 50002],
  ['whose coordinator does not tell', { error: GROUP_AUTHORIZATION_FAILED }, 50002],
] as const) {
  test(`a fault of Kafka at the settlement of a queue ${what} is ${code}`, async (t) => {
    const { state, run } = await broker(t, { refused: { 0: UNKNOWN_SERVER_ERROR } });
    state.described = 'offsets' in described ? { offsets: [...described.offsets] } : described;

    const results = await run('accept', [holding(5), holding(5, { partition: 1 })]);

    assert.deepEqual(codesOf(results), [code, null]);
  });
}

test('a passing error, and an answer that did not come, say that it may have had effect', async (t) => {
  const { state, run } = await broker(t, { error: FENCED_LEADER_EPOCH });

  const [passing] = await run('accept', [holding(5, { isAll: true })]);
  state.hangsUp = true;
  const [lost] = await run('accept', [holding(5, { isAll: true })]);

  for (const { error } of [passing, lost]) assert.match(error?.message ?? '', /may have been settled all the same/);
  assert.equal(lost.error?.status, 503);
});

test('a broker that is gone has taken its sessions with it', async (t) => {
  const { asked, run } = await broker(t);

  const [result] = await run('accept', [holding(5, { broker: 9 })]);

  assert.match(result.error?.message ?? '', /as the broker that gave them is gone/);
  assert.equal(asked.length, 0);
});

/** A session of this process with two records that are not settled. */
async function sessionOfTwo(cluster: Cluster) {
  const pool = sessionPoolOf(cluster);
  const session = await sessionWith(cluster, { until: Date.now() + 20_000, left: 2 });
  pool.keep(session);
  return { pool, session };
}

test('the session of this process follows: its epoch, its locks, and its end with the last record', async (t) => {
  const { cluster, state, run } = await broker(t);
  const { pool, session } = await sessionOfTwo(cluster);

  await run('accept', [holding(5)]);
  assert.deepEqual([session.epoch, session.left, pool.size], [2, 1, 1]);
  const [renewed] = await run('renew', [holding(6)]);
  assert.deepEqual([session.epoch, renewed.error === null && renewed.until === session.until], [3, true]);
  await run('accept', [holding(6)]);
  assert.deepEqual([session.left, pool.size, state.epoch], [0, 0, 5]);
});

test('renewals keep the connection of their session in use: the broker would close it, and with it the session', async (t) => {
  const { cluster, run } = await broker(t);
  const { session } = await sessionOfTwo(cluster);
  const sent = t.mock.method(session.connection, 'send');

  await run('renew', [holding(5)]);
  await run('renew', [holding(6, { epoch: 2 })]);

  assert.equal(sent.mock.callCount(), 2);
});

for (const [what, refused] of [
  ['that Kafka has nothing against', {}],
  ['that Kafka refuses', { 0: INVALID_RECORD_STATE }],
] as const) {
  test(`a settlement sent again ${what} leaves the other records of the session locked`, async (t) => {
    const { cluster, asked, state, run } = await broker(t);
    const { pool, session } = await sessionOfTwo(cluster);
    await run('accept', [holding(5)]);

    state.refused = refused;
    await run('accept', [holding(5)]);

    assert.deepEqual([session.left, pool.size, asked.filter(({ epoch }) => epoch === -1)], [1, 1, []]);
    state.refused = {};
    await run('accept', [holding(6)]);
    assert.deepEqual([session.left, pool.size, asked.at(-1)?.epoch], [0, 0, -1]);
  });
}
