import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  deleteShadow,
  readShadow,
  type Shadow,
  shadowGroup,
  shadowIn,
  writeShadow,
} from '../../../../../lib/kafka/groups/membership/shadow.ts';
import { keys } from '../../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../../harness/fake-broker/fake-cluster.ts';
import {
  deleteGroupsAnswer,
  findCoordinatorAnswer,
  offsetCommitAnswer,
  offsetFetchAnswer,
  readGroupNames,
  readOffsetCommit,
  readOffsetFetch,
} from '../../../../harness/fake-broker/group-coordinator-side.ts';
import { stopTime, timePasses } from '../../../../harness/virtual-time.ts';

const NOT_AUTHORIZED = 30;
const GROUP_ID_NOT_FOUND = 69;

/** A broker that keeps what is committed, by group; `error` is what it answers instead. */
function setUp(t: TestContext, { partitions = 1, error = 0 } = {}) {
  stopTime(t);
  const kept = new Map<string, { topic: string; partition: number; offset: number; metadata: string }[]>();
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', ...Array(partitions).fill(1))] });
  const broker = withMetadata(content, ({ key, body }: Call) => {
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ id: 1, host: 'broker-1', port: 9092 });
    if (key === keys.offsetFetch) return offsetFetchAnswer(kept.get(readOffsetFetch(body).group) ?? [], error);
    if (key === keys.deleteGroups) {
      const [name] = readGroupNames(body);
      return deleteGroupsAnswer(name, error || (kept.delete(name) ? 0 : GROUP_ID_NOT_FOUND));
    }
    const { group, offsets } = readOffsetCommit(body);
    const written = offsets.map(({ topic, partition, offset, metadata }) => ({
      ...{ topic, partition, offset: Number(offset), metadata: metadata ?? '' },
    }));
    const isRewritten = (one: { topic: string; partition: number }) =>
      written.some(({ topic, partition }) => topic === one.topic && partition === one.partition);
    const others = kept.get(group)?.filter((one) => !isRewritten(one)) ?? [];
    if (error === 0) kept.set(group, [...others, ...written]);
    return offsetCommitAnswer(written.map(({ topic, partition }) => ({ topic, partition, error })));
  });
  const cluster = new FakeCluster({ 'broker-1:9092': broker });
  const soon = () => Date.now() + 20_000;
  return {
    kept,
    write: (shadow: Shadow) => timePasses(t, writeShadow(cluster, 'g', 'a.b', shadow, ['orders'], soon())),
    read: () => timePasses(t, readShadow(cluster, 'g', 'a.b', soon())),
    remove: () => timePasses(t, deleteShadow(cluster, 'g', 'a.b', soon())),
  };
}

const shadow: Shadow = { memberId: 'a%2Eb~x', topics: ['orders'], pattern: '', since: 1_700_000_000_000 };

test('a shadow is kept in the offsets of a group of its own, and is gone when it is deleted, which may be repeated', async (t) => {
  const { write, read, remove, kept } = setUp(t);

  assert.equal(await read(), null);
  assert.equal(await write(shadow), true);
  assert.deepEqual([...kept.keys()], ['__rest.g.a%2Eb']);
  assert.deepEqual(await read(), shadow);
  await remove();
  await remove();
  assert.equal(await read(), null);
});

test('one that is longer than metadata may be is kept in several partitions', async (t) => {
  const long = { ...shadow, topics: Array.from({ length: 40 }, (_, i) => `${'x'.repeat(200)}${i}`) };
  const { write, read } = setUp(t, { partitions: 4 });

  assert.equal(await write(long), true);
  assert.deepEqual(await read(), long);
});

test('what a process whose clock is ahead has kept counts no more than what was kept after it', async (t) => {
  const { write, read, kept } = setUp(t);
  await write(shadow);
  const [[group, [row]]] = [...kept];
  kept.set(group, [{ ...row, topic: 'clicks', offset: row.offset + 10_000_000 }]);

  await write({ ...shadow, topics: [], pattern: 'or.*' });

  assert.equal((await read())?.pattern, 'or.*');
});

test('of two versions the newer one counts, and one that is not whole is none', () => {
  const textOf = (memberId: string) => Buffer.from(JSON.stringify({ i: memberId, t: [], p: 'x.*' })).toString('base64url');
  const at = (partition: number, offset: number, metadata: string) => ({ topic: 't', partition, offset, metadata });
  const [older, newer] = [textOf('old'), textOf('new')];

  assert.equal(shadowIn([at(0, 1, `0/1:${older}`), at(1, 2, `0/1:${newer}`)])?.memberId, 'new');
  assert.equal(shadowIn([at(0, 2, `0/2:${newer}`), at(1, 1, `1/2:${older}`)]), null);
  for (const metadata of ['', '0/1:', '0/1:e30', `1/1:${newer}`, `x/1:${newer}`, '0/1:bnVsbA'])
    assert.equal(shadowIn([at(0, 1, metadata)]), null, metadata);
  assert.equal(shadowIn([]), null);
});

test('who lacks the rights to shadows is told which', async (t) => {
  const { write, read, remove } = setUp(t, { error: NOT_AUTHORIZED });

  for (const attempt of [() => write(shadow), read, remove]) {
    await assert.rejects(attempt, { name: 'Forbidden', message: /READ, DESCRIBE and DELETE on groups with the prefix __rest\./ });
  }
});

test('names that are too long together are refused', () => {
  assert.throws(() => shadowGroup('g'.repeat(32_760), 'a'), { name: 'InvalidArgument' });
});
