import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ConsumerOptions } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import type { Member } from '../../../../../lib/kafka/groups/membership/member.ts';
import { newMemberId } from '../../../../../lib/kafka/groups/membership/member-id.ts';
import { emptyRow, Rows } from '../../../../../lib/kafka/groups/membership/row.ts';
import { Seat } from '../../../../../lib/kafka/groups/membership/seat.ts';
import { Writer } from '../../../../../lib/kafka/protocol/wire.ts';
import { keys } from '../../../../harness/fake-broker/broker-side.ts';
import { compactArray, compactString, NO_TAGS } from '../../../../harness/fake-broker/compact.ts';
import { type Call, FakeCluster } from '../../../../harness/fake-broker/fake-cluster.ts';
import {
  consumerGroupDescribeAnswer,
  findCoordinatorAnswer,
  type MemberContent,
  memberOffsetFetchAnswer,
  offsetFetchAnswer,
} from '../../../../harness/fake-broker/group-coordinator-side.ts';
import { stopTime, timePasses } from '../../../../harness/virtual-time.ts';

const HEARTBEAT = 68;
const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'latest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};
const member: Member = { memberId: 'm', epoch: 3, topics: ['orders'], pattern: '', owned: [] };

/** A group at a coordinator that refuses each kind of request with an error, or none. */
function setUp(
  t: TestContext,
  errors: {
    beat?: number;
    commit?: number;
    describe?: number;
    confirm?: number;
    offset?: number;
    intervalMs?: number;
    onOffsets?: () => void;
  } = {},
  members: MemberContent[] = [],
) {
  stopTime(t);
  const cluster = new FakeCluster({ 'broker-1:9092': ({ key, version }: Call) => answer(key, version) });
  const answer = (key: number, version: number): Buffer => {
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ id: 1, host: 'broker-1', port: 9092 });
    if (key === keys.offsetFetch && version >= 9)
      return memberOffsetFetchAnswer([{ topic: 'orders', partition: 0, offset: 5 }], errors.confirm);
    if (key === keys.offsetFetch) {
      errors.onOffsets?.();
      return offsetFetchAnswer(errors.offset === undefined ? [] : [{ topic: 'orders', partition: 0, offset: -1, error: errors.offset }]);
    }
    if (key === keys.consumerGroupDescribe) return consumerGroupDescribeAnswer('g', { error: errors.describe ?? 0, members });
    return key === HEARTBEAT ? beatAnswer(errors.beat ?? 0, errors.intervalMs) : commitAnswer(errors.commit ?? 0);
  };
  const seat = new Seat(cluster, 'g', Date.now() + 20_000);
  const during = <T>(work: Promise<T>) => timePasses(t, work);
  return { cluster, seat, during };
}

const beatAnswer = (error: number, intervalMs = 5000): Buffer =>
  Buffer.concat([
    NO_TAGS,
    new Writer().int32(0).int16(error).done(),
    Buffer.from([0, 0]),
    new Writer().int32(9).int32(intervalMs).int8(-1).done(),
    NO_TAGS,
  ]);

const commitAnswer = (error: number): Buffer => {
  const partitions = compactArray([Buffer.concat([new Writer().int32(0).int16(error).done(), NO_TAGS])]);
  return Buffer.concat([
    NO_TAGS,
    new Writer().int32(0).done(),
    compactArray([Buffer.concat([compactString('orders'), partitions, NO_TAGS])]),
    NO_TAGS,
  ]);
};

const rows = [emptyRow({ topic: 'orders', partition: 0 })];

for (const [what, error, outcome] of [
  ['is taken', 0, 'done'],
  ['with a stale epoch is fenced', 113, 'fenced'],
  ['with a fenced epoch is fenced', 110, 'fenced'],
  ['of a member that the group has not is gone', 25, 'gone'],
  ['in a group that is gone is gone', 69, 'gone'],
] as const) {
  test(`a commit ${what}`, async (t) => {
    const { seat, during } = setUp(t, { commit: error });

    assert.equal(await during(seat.commit(member, rows, new Rows([]))), outcome);
  });
}

test('a commit that is refused for another reason says of what', async (t) => {
  const { seat, during } = setUp(t, { commit: 29 });

  await assert.rejects(during(seat.commit(member, rows, new Rows([]))), {
    name: 'Forbidden',
    message: /It is about partition 0 of orders/,
  });
});

test('a heartbeat says what the member has from now on, keeping what it is not told; a fenced one says so', async (t) => {
  const { seat, during } = setUp(t);
  const owned = [{ topicId: '07'.repeat(16), topic: 'orders', partitions: [1] }];

  assert.deepEqual(await during(seat.beat({ ...member, owned })), { ...member, epoch: 9, owned });
});

for (const error of [25, 69, 110, 113]) {
  test(`a heartbeat that gets error ${error} finds that the group has moved on`, async (t) => {
    const { seat, during } = setUp(t, { beat: error });

    assert.equal(await during(seat.beat(member)), null);
  });
}

for (const [error, name] of [
  [128, 'InvalidRecord'],
  [35, 'NotSupported'],
  [30, 'Forbidden'],
] as const) {
  test(`a heartbeat that gets error ${error} is ${name}`, async (t) => {
    const { seat, during } = setUp(t, { beat: error });

    await assert.rejects(during(seat.beat(member)), { name });
  });
}

test('a member is confirmed with the rows of what it has, and not where the group has moved on or may not be read', async (t) => {
  const errors = { confirm: 0 };
  const { seat, during } = setUp(t, errors);
  const confirmed = await during(seat.confirm(member, []));

  assert.deepEqual(confirmed?.rows.all(), [{ ...emptyRow({ topic: 'orders', partition: 0 }), committed: 5 }]);
  assert.equal(await during(seat.confirm({ ...member, epoch: null }, [])), null);
  for (const error of [25, 69, 113, 30]) {
    errors.confirm = error;
    assert.equal(await during(seat.confirm(member, [])), null, `error ${error}`);
  }
});

test('the next heartbeat is due when the coordinator wants it, and after a second at the latest', async (t) => {
  const answers = { intervalMs: 5000 };
  const { seat, during } = setUp(t, answers);
  const [before, now] = [seat.nextBeatAt, Date.now()];

  await during(seat.beatAsIs(member));
  const late = seat.nextBeatAt;
  answers.intervalMs = 400;
  await during(seat.beatAsIs(member));

  assert.deepEqual([before, late, seat.nextBeatAt], [null, now + 1000, now + 400]);
});

test('a coordinator that is loading is asked again until the deadline', async (t) => {
  const { seat, during } = setUp(t, { describe: 14 });

  await assert.rejects(during(seat.look()), { name: 'KafkaUnavailable' });
});

test('rows that a transaction has yet to settle are not left out', async (t) => {
  const { seat, during } = setUp(t, { offset: 88 });

  await assert.rejects(during(seat.look()), { name: 'KafkaUnavailable', message: /A transaction/ });
  await assert.rejects(during(seat.rows(null)), { name: 'KafkaUnavailable', message: /A transaction/ });
});

test('a consumer is found of which its coordinator knows only once it has answered for offsets', async (t) => {
  const memberId = newMemberId('a', options, Date.now());
  const members: MemberContent[] = [];
  const { seat, during } = setUp(t, { onOffsets: () => members.push({ memberId }) }, members);

  assert.equal((await during(seat.find('a'))).member.memberId, memberId);
});

test('a consumer is seen with what it subscribed to last, which its coordinator knows only once it has answered for offsets', async (t) => {
  const members = [{ memberId: newMemberId('a', options, Date.now()), topics: ['before'] }];
  const { seat, during } = setUp(t, { onOffsets: () => Object.assign(members[0], { topics: ['now'] }) }, members);

  assert.deepEqual((await during(seat.find('a'))).member.topics, ['now']);
});

test('a broker that does not know such groups has no members, and refuses heartbeats', async (t) => {
  const { cluster, seat, during } = setUp(t);
  for (const key of [HEARTBEAT, keys.consumerGroupDescribe]) cluster.unspoken.add(key);

  assert.equal((await during(seat.look())).members, null);
  await assert.rejects(during(seat.beat(member)), { name: 'NotSupported', message: /GATEWAY_CONSUMERS=dynamodb/ });
});

test('a group that does not exist has no members; who is in no group is not found', async (t) => {
  const { seat, during } = setUp(t, { describe: 69 });

  assert.deepEqual((await during(seat.look())).members, []);
  await assert.rejects(during(seat.find('a')), { name: 'ConsumerNotFound' });
});

test('a consumer is found by its name among all members', async (t) => {
  const memberId = newMemberId('a', options, Date.now());
  const assignment = [{ topic: 'orders', partitions: [0] }];
  const { seat, during } = setUp(t, {}, [{ memberId: 'java-1' }, { memberId, assignment }, { memberId: newMemberId('ab', options, 0) }]);

  const found = await during(seat.find('a'));

  assert.equal(found.member.memberId, memberId);
  assert.deepEqual(found.member.owned, [{ topicId: '07'.repeat(16), ...assignment[0] }]);
  assert.equal(found.readers.size, 3);
});
