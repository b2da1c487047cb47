import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { forgetReady, prepare } from '../../../../lib/kafka/share-groups/prepare.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { readShareHeartbeat, readShareOffsets, shareHeartbeatAnswer, shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { pass, timePasses } from '../../../harness/virtual-time.ts';
import { shareCluster, topicId } from './share-cluster.ts';

const GROUP_ID_NOT_FOUND = 69;
const INCONSISTENT_GROUP_PROTOCOL = 23;
const UNKNOWN_MEMBER_ID = 25;
const FENCED_MEMBER_EPOCH = 110;
const orders = { name: 'orders', id: topicId, partitions: [0, 1, 2] };
const offsetsOf = (partitions: readonly number[], id = topicId) =>
  partitions.map((partition) => ({ topic: 'orders', topicId: id, partition }));

/**
 * A coordinator that has set up some partitions, and sets up the rest so many heartbeats after somebody has joined; it assigns nobody
 * more than one of them.
 */
async function coordinator(t: TestContext, { setUp = [] as readonly number[], heartbeats = 3, joinError = 0, memberError = 0 } = {}) {
  const state = { setUp, isKnown: setUp.length > 0, left: heartbeats };
  const asked: string[] = [];
  const cluster = await shareCluster(t, ({ key, body }) => {
    if (key === keys.describeShareGroupOffsets) {
      const { group, isAll } = readShareOffsets(body);
      asked.push(isAll ? 'all' : 'some');
      return shareOffsetsAnswer(group, state.isKnown ? { offsets: offsetsOf(state.setUp) } : { error: GROUP_ID_NOT_FOUND });
    }
    assert.equal(key, keys.shareGroupHeartbeat);
    const { epoch } = readShareHeartbeat(body);
    asked.push(epoch === 0 ? 'join' : epoch < 0 ? 'leave' : 'stay');
    if (joinError !== 0) return shareHeartbeatAnswer({ error: joinError, epoch: 0 });
    if (memberError !== 0 && epoch !== 0) return shareHeartbeatAnswer({ error: memberError, epoch: 0 });
    state.isKnown = true;
    if (--state.left <= 0) state.setUp = orders.partitions;
    return shareHeartbeatAnswer({ epoch: Math.max(1, epoch + 1), assignment: [{ topicId, partitions: [0] }] });
  });
  const run = (deadline = Date.now() + 20_000, topics = [orders]) => timePasses(t, prepare(cluster, 'g', topics, deadline));
  return { cluster, state, asked, run };
}

test('a group that is set up is not joined, whoever had that done, and is asked about once', async (t) => {
  const { asked, run } = await coordinator(t, { setUp: [0, 1, 2] });

  assert.deepEqual([await run(), await run()], [true, true]);
  assert.deepEqual(asked, ['all']);
});

test('a group that somebody has deleted is set up again after half a minute, and nobody waits to find out', async (t) => {
  const { state, asked, run } = await coordinator(t, { setUp: [0, 1, 2], heartbeats: 1 });
  await run();
  state.isKnown = false;
  state.setUp = [];
  await pass(t, 31_000, 1000);

  const isReady = await run();
  await pass(t, 1000, 100);
  const askedMeanwhile = [...asked];
  await run();

  assert.equal(isReady, true);
  assert.deepEqual(askedMeanwhile, ['all', 'all']);
  assert.deepEqual(asked.slice(2), ['all', 'join', 'all', 'leave']);
});

test('a group whose coordinator is away is taken for what it was', async (t) => {
  const { cluster, run } = await coordinator(t, { setUp: [0, 1, 2] });
  await run();
  await pass(t, 31_000, 1000);
  t.mock.method(cluster, 'connectionTo', () => Promise.reject(new Error('away')));

  const ready = [await run(), await run()];

  assert.deepEqual(ready, [true, true]);
});

test('a group is asked about again after ten thousand others', async (t) => {
  const { cluster, asked, run } = await coordinator(t, { setUp: [0, 1, 2] });
  await run();

  for (let i = 0; i < 10_000; i++) forgetReady(cluster, `other-${i}`);
  await run();

  assert.deepEqual(asked, ['all', 'all']);
});

test('a group that is not is joined until it is, whatever the member is assigned, and left', async (t) => {
  const { asked, run } = await coordinator(t);

  assert.equal(await run(), true);
  assert.deepEqual(asked, ['all', 'join', 'all', 'stay', 'all', 'stay', 'all', 'leave']);
});

test('partitions that were added are not set up', async (t) => {
  const { asked, run } = await coordinator(t, { setUp: [0, 1] });

  assert.equal(await run(), true);
  assert.deepEqual(asked.slice(0, 2), ['all', 'join']);
});

test('a topic that was made anew is not set up, though one of its name was', async (t) => {
  const { asked, run } = await coordinator(t, { setUp: [0, 1, 2], heartbeats: 100 });

  assert.equal(await run(Date.now() + 5000, [{ ...orders, id: 'ff'.repeat(16) }]), false);
  assert.deepEqual(asked.slice(0, 2), ['all', 'join']);
});

test('several at once join once', async (t) => {
  const { asked, run } = await coordinator(t);

  assert.deepEqual(await Promise.all([run(), run(), run()]), [true, true, true]);
  assert.equal(asked.filter((what) => what === 'join').length, 1);
});

test('at the deadline the group is left, and the next one goes on', async (t) => {
  const { state, asked, run } = await coordinator(t, { heartbeats: 1000 });

  assert.equal(await run(Date.now() + 4000), false);
  assert.equal(asked.at(-1), 'leave');
  state.left = 1;
  assert.equal(await run(), true);
});

test('what a broker knows nothing of is looked at again', async (t) => {
  const { cluster, state, asked, run } = await coordinator(t, { setUp: [0, 1, 2] });
  await run();

  forgetReady(cluster, 'g');
  state.setUp = [0];

  assert.equal(await run(), true);
  assert.deepEqual(asked.slice(0, 3), ['all', 'all', 'join']);
});

test('a group of another kind is refused, and there is nothing to leave', async (t) => {
  const { asked, run } = await coordinator(t, { joinError: INCONSISTENT_GROUP_PROTOCOL });

  await assert.rejects(run(), { code: 40903 });
  assert.deepEqual(asked, ['all', 'join']);
});

test('a broker without share groups is told apart before it is asked', async (t) => {
  const { cluster, asked, run } = await coordinator(t);
  cluster.unspoken.add(keys.shareAcknowledge);

  await assert.rejects(run(), { code: 50101 });
  assert.deepEqual(asked, []);
});

for (const error of [UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH]) {
  test(`a member of which another coordinator knows nothing, or something else (error ${error}), joins again, and may be gone already`, async (t) => {
    const { asked, run } = await coordinator(t, { heartbeats: 2, memberError: error });

    assert.equal(await run(), true);
    assert.deepEqual(asked, ['all', 'join', 'all', 'stay', 'all', 'join', 'all', 'leave']);
  });
}

test('who has less time than another that joins for both does not wait for it', async (t) => {
  const { run, cluster } = await coordinator(t, { heartbeats: 1000 });
  const beganAt = Date.now();
  const longer = prepare(cluster, 'g', [orders], beganAt + 20_000);

  assert.equal(await run(beganAt + 1000), false);

  assert.ok(Date.now() < beganAt + 1500);
  assert.equal(await timePasses(t, longer), false);
});

test('who has more time than another that joins for both goes on when that is over', async (t) => {
  const { state, asked, run, cluster } = await coordinator(t, { heartbeats: 1000 });
  const hasty = prepare(cluster, 'g', [orders], Date.now() + 2000);
  const patient = run();

  assert.equal(await hasty, false);
  state.left = 3;

  assert.equal(await patient, true);
  assert.equal(asked.filter((what) => what === 'join').length, 2);
});

test('who has more time than another that was told nothing asks again', async (t) => {
  let isSilent = true;
  const cluster = await shareCluster(t, ({ body }) =>
    isSilent ? silence() : shareOffsetsAnswer(readShareOffsets(body).group, { offsets: offsetsOf(orders.partitions) }),
  );
  const hasty = prepare(cluster, 'g', [orders], Date.now() + 1000);
  const patient = prepare(cluster, 'g', [orders], Date.now() + 20_000);

  await assert.rejects(timePasses(t, hasty), { name: 'DeadlineExceeded' });
  isSilent = false;

  assert.equal(await timePasses(t, patient), true);
});

test('who has less time than another that was told nothing yet is told so', async (t) => {
  const cluster = await shareCluster(t, silence);
  const longer = prepare(cluster, 'g', [orders], Date.now() + 20_000);

  await assert.rejects(timePasses(t, prepare(cluster, 'g', [orders], Date.now() + 1000)), { name: 'DeadlineExceeded' });
  await assert.rejects(timePasses(t, longer), { name: 'DeadlineExceeded' });
});

test('a coordinator that says nothing is given up at the deadline', async (t) => {
  const cluster = await shareCluster(t, silence);
  const beganAt = Date.now();

  await assert.rejects(timePasses(t, prepare(cluster, 'g', [orders], beganAt + 8000)), { name: 'DeadlineExceeded' });

  assert.ok(Date.now() <= beganAt + 8000);
});
