import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConsumerGroups, describeGroup, listConsumerGroups } from '../../../../lib/kafka/groups/groups.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import type { Call } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  consumerGroupDescribeAnswer,
  deleteGroupsAnswer,
  describeGroupsAnswer,
  listGroupsAnswer,
  offsetFetchAnswer,
  readOffsetFetch,
  shareGroupDescribeAnswer,
} from '../../../harness/fake-broker/group-coordinator-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith, NOT_COORDINATOR } from './group-cluster.ts';

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const COORDINATOR_NOT_AVAILABLE = 15;

test('a group that is gone when its deletion is repeated was deleted', async (t) => {
  const { kafka, remove } = clusterWith(t, () => {
    kafka.answer = () => deleteGroupsAnswer('g', 69);
    throw new Error('hung up');
  });

  await remove();
});

for (const error of [COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR]) {
  test(`a group that is gone after a coordinator lost track of its deletion (${error}) was deleted`, async (t) => {
    const { kafka, remove } = clusterWith(t, () => {
      kafka.answer = () => deleteGroupsAnswer('g', 69);
      return deleteGroupsAnswer('g', error);
    });

    await remove();
  });
}

test('a group that is not there once its coordinator has loaded was never there to be deleted', async (t) => {
  const { kafka, remove } = clusterWith(t, () => {
    kafka.answer = () => deleteGroupsAnswer('g', 69);
    return deleteGroupsAnswer('g', COORDINATOR_LOAD_IN_PROGRESS);
  });

  await assert.rejects(remove(), { name: 'GroupNotFound' });
});

test('a group that was never there cannot be deleted', async (t) => {
  const { remove } = clusterWith(t, () => deleteGroupsAnswer('g', 69));

  await assert.rejects(remove(), { name: 'GroupNotFound' });
});

/** A coordinator that answers at once for the offsets of no partition. */
const settled =
  (answer: (call: Call) => Buffer) =>
  (call: Call): Buffer =>
    call.key === keys.offsetFetch ? offsetFetchAnswer([]) : answer(call);

test('a group is described by whichever protocol it speaks, at one go', async (t) => {
  const member = { memberId: 'm', clientId: 'c', host: '/10.0.0.1', assignment: [{ topic: 'orders', partitions: [0] }] };
  const shown = { memberId: 'm', instanceId: null, clientId: 'c', host: '10.0.0.1', assignment: member.assignment };
  const classic = { state: 'Stable', protocolType: 'consumer', protocol: 'range', members: [member] };
  const consumer = { state: 'Stable', assignor: 'uniform', members: [member] };
  const both = (isClassic: boolean) =>
    settled((call) =>
      call.key === keys.describeGroups
        ? describeGroupsAnswer('g', isClassic ? classic : {})
        : consumerGroupDescribeAnswer('g', isClassic ? { error: 69 } : consumer),
    );
  const { kafka, cluster, soon, asked } = clusterWith(t, both(true));
  const described = () => timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.deepEqual(await described(), { ...classic, type: 'classic', members: [shown], mixed: false, coordinator: 1 });
  kafka.answer = both(false);
  assert.deepEqual(await described(), {
    type: 'consumer',
    state: 'Stable',
    protocolType: 'consumer',
    protocol: 'uniform',
    members: [shown],
    mixed: false,
    coordinator: 1,
  });

  assert.deepEqual(asked, ['look up', ...Array(6).fill('ask 1')]);
});

/** A coordinator without groups. */
const knowsNone = settled(({ key }) =>
  key === keys.describeGroups ? describeGroupsAnswer('g', {}) : consumerGroupDescribeAnswer('g', { error: 69 }),
);

test('a group that neither protocol knows is not there', async (t) => {
  const { cluster, soon } = clusterWith(t, knowsNone);

  await assert.rejects(timePasses(t, describeGroup(cluster, 'g', soon())), { name: 'GroupNotFound' });
});

test('a group that its new coordinator does not tell of before it has answered for offsets is there', async (t) => {
  const { kafka, cluster, soon } = clusterWith(t, (call) => {
    if (call.key !== keys.offsetFetch) return knowsNone(call);
    assert.equal(readOffsetFetch(call.body).requireStable, true);
    kafka.answer = () => describeGroupsAnswer('g', { state: 'Empty' });
    return offsetFetchAnswer([]);
  });
  cluster.unspoken.add(keys.consumerGroupDescribe);

  const { state } = await timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.equal(state, 'Empty');
});

test('a broker that is too old for KIP-848, or has it switched off, is asked for the classic protocol', async (t) => {
  const { kafka, cluster, soon, asked } = clusterWith(
    t,
    settled(() => describeGroupsAnswer('g', { state: 'Empty' })),
  );
  cluster.unspoken.add(keys.consumerGroupDescribe);

  const old = await timePasses(t, describeGroup(cluster, 'g', soon()));
  cluster.unspoken.clear();
  kafka.answer = settled((call) =>
    call.key === keys.describeGroups ? describeGroupsAnswer('g', { state: 'Empty' }) : consumerGroupDescribeAnswer('g', { error: 35 }),
  );
  const off = await timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.deepEqual(old, { type: 'classic', state: 'Empty', protocolType: '', protocol: '', members: [], mixed: false, coordinator: 1 });
  assert.deepEqual(off, old);
  assert.equal(asked.length, 6);
});

test('all brokers are asked for their groups, and those of consumers listed once, in order', async (t) => {
  const groups: Record<number, Parameters<typeof listGroupsAnswer>[0]> = {
    1: [{ group: 'b' }, { group: 'moving' }, { group: 'c', protocolType: 'connect' }, { group: 's', type: 'share', protocolType: 'share' }],
    2: [{ group: 'moving' }, { group: 'a', protocolType: '', state: 'Empty' }, { group: 'n', type: 'consumer' }],
  };
  const { cluster, soon, asked } = clusterWith(t, (_, broker) => listGroupsAnswer(groups[broker]));

  const listed = await timePasses(t, listConsumerGroups(cluster, soon()));

  assert.deepEqual(
    listed.map(({ group, state, type }) => [group, state, type]),
    [
      ['a', 'Empty', 'classic'],
      ['b', 'Stable', 'classic'],
      ['moving', 'Stable', 'classic'],
      ['n', 'Stable', 'consumer'],
      ['s', 'Stable', 'share'],
    ],
  );
  assert.deepEqual(asked, ['metadata', 'ask 1', 'ask 2']);
});

test('a list is whole or none: a broker that fails is asked again', async (t) => {
  const { kafka, cluster, soon } = clusterWith(t, (_, broker) => {
    if (broker === 1) return listGroupsAnswer([{ group: 'a' }]);
    kafka.answer = (_call, id) => listGroupsAnswer([{ group: id === 1 ? 'a' : 'b' }]);
    throw new Error('hung up');
  });

  const listed = await timePasses(t, listConsumerGroups(cluster, soon()));

  assert.deepEqual(
    listed.map(({ group }) => group),
    ['a', 'b'],
  );
});

test('a share group is described when no protocol of consumers knows it', async (t) => {
  const member = { memberId: 'm', clientId: 'c', host: '/10.0.0.1', assignment: [{ topic: 'orders', partitions: [0] }] };
  const { cluster, soon, asked } = clusterWith(t, ({ key }) => {
    if (key === keys.offsetFetch) return offsetFetchAnswer([], 69);
    if (key === keys.describeGroups) return describeGroupsAnswer('g', { error: 69 });
    if (key === keys.consumerGroupDescribe) return consumerGroupDescribeAnswer('g', { error: 69 });
    return shareGroupDescribeAnswer('g', { state: 'Stable', assignor: 'simple', members: [member] });
  });

  const described = await timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.deepEqual(described, {
    ...{ type: 'share', state: 'Stable', protocolType: 'share', protocol: 'simple', mixed: false, coordinator: 1 },
    members: [{ memberId: 'm', instanceId: null, clientId: 'c', host: '10.0.0.1', assignment: member.assignment }],
  });
  assert.deepEqual(asked, ['look up', 'ask 1', 'ask 1', 'ask 1', 'ask 1']);
});

test('a group of the consumer protocol is mixed while a member speaks the classic one', async (t) => {
  const members = [{ memberId: 'new' }, { memberId: 'old', classic: true }];
  const { cluster, soon } = clusterWith(
    t,
    settled(({ key }) =>
      key === keys.describeGroups ? describeGroupsAnswer('g', {}) : consumerGroupDescribeAnswer('g', { state: 'Stable', members }),
    ),
  );

  assert.equal((await timePasses(t, describeGroup(cluster, 'g', soon()))).mixed, true);
});

test('all groups are described by one request to each broker for each protocol', async (t) => {
  const { cluster, soon, asked } = clusterWith(t, ({ key }, broker) => {
    if (key === keys.listGroups)
      return listGroupsAnswer(broker === 1 ? [{ group: 'a' }] : [{ group: 'n', type: 'consumer' }, { group: 'other' }]);
    if (key === keys.describeGroups) return describeGroupsAnswer('a', { state: 'Stable', protocolType: 'consumer', protocol: 'range' });
    return consumerGroupDescribeAnswer('n', { state: 'Assigning', assignor: 'uniform' });
  });

  const described = await timePasses(
    t,
    describeConsumerGroups(cluster, soon(), (group) => group !== 'other'),
  );

  assert.deepEqual(
    described.map(({ group, type, state, protocol, coordinator }) => [group, type, state, protocol, coordinator]),
    [
      ['a', 'classic', 'Stable', 'range', 1],
      ['n', 'consumer', 'Assigning', 'uniform', 2],
    ],
  );
  assert.deepEqual(asked.toSorted(), ['ask 1', 'ask 1', 'ask 2', 'ask 2', 'metadata']);
});

for (const [what, error] of Object.entries({ 'is gone by now': 69, 'may not be described': 30 })) {
  test(`a group that ${what} is left out of those described`, async (t) => {
    const { cluster, soon } = clusterWith(t, ({ key }, broker) => {
      if (key === keys.listGroups) return listGroupsAnswer(broker === 1 ? [{ group: 'a' }] : []);
      return describeGroupsAnswer('a', { error });
    });

    assert.deepEqual(
      await timePasses(
        t,
        describeConsumerGroups(cluster, soon(), () => true),
      ),
      [],
    );
  });
}

test('a group that has moved since it was listed is asked for again', async (t) => {
  const answers = [16, 0];
  const { cluster, soon } = clusterWith(t, ({ key }, broker) => {
    if (key === keys.listGroups) return listGroupsAnswer(broker === 1 ? [{ group: 'a' }] : []);
    return describeGroupsAnswer('a', { error: answers.shift() ?? 0, state: 'Empty' });
  });

  const described = await timePasses(
    t,
    describeConsumerGroups(cluster, soon(), () => true),
  );

  assert.deepEqual(
    described.map(({ group, state }) => [group, state]),
    [['a', 'Empty']],
  );
});

test('a list leaves out groups that their broker cannot describe, such as share groups of Kafka 4.0', async (t) => {
  const { cluster, soon } = clusterWith(t, ({ key }, broker) => {
    if (key === keys.shareGroupDescribe) throw new Error('not spoken');
    if (key === keys.describeGroups) return describeGroupsAnswer('a', { state: 'Empty' });
    return listGroupsAnswer(broker === 1 ? [{ group: 'a' }, { group: 's', type: 'share', protocolType: 'share' }] : []);
  });
  cluster.unspoken.add(keys.shareGroupDescribe);

  const described = await timePasses(
    t,
    describeConsumerGroups(cluster, soon(), () => true),
  );

  assert.deepEqual(
    described.map(({ group }) => group),
    ['a'],
  );
});
