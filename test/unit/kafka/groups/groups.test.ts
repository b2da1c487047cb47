import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeGroup, listConsumerGroups } from '../../../../lib/kafka/groups/groups.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import type { Call } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  consumerGroupDescribeAnswer,
  deleteGroupsAnswer,
  describeGroupsAnswer,
  listGroupsAnswer,
} from '../../../harness/fake-broker/group-coordinator-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith } from './group-cluster.ts';

test('a group that is gone when its deletion is repeated was deleted', async (t) => {
  const { kafka, remove } = clusterWith(t, () => {
    kafka.answer = () => deleteGroupsAnswer('g', 69);
    throw new Error('hung up');
  });

  await remove();
});

test('a group that was never there cannot be deleted', async (t) => {
  const { remove } = clusterWith(t, () => deleteGroupsAnswer('g', 69));

  await assert.rejects(remove(), { name: 'GroupNotFound' });
});

test('a group is described by whichever protocol it speaks, at one go', async (t) => {
  const member = { memberId: 'm', clientId: 'c', host: '/10.0.0.1', assignment: [{ topic: 'orders', partitions: [0] }] };
  const shown = { memberId: 'm', instanceId: null, clientId: 'c', host: '10.0.0.1', assignment: member.assignment };
  const classic = { state: 'Stable', protocolType: 'consumer', protocol: 'range', members: [member] };
  const consumer = { state: 'Stable', assignor: 'uniform', members: [member] };
  const both = (isClassic: boolean) => (call: Call) =>
    call.key === keys.describeGroups
      ? describeGroupsAnswer('g', isClassic ? classic : {})
      : consumerGroupDescribeAnswer('g', isClassic ? { error: 69 } : consumer);
  const { kafka, cluster, soon, asked } = clusterWith(t, both(true));
  const described = () => timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.deepEqual(await described(), { ...classic, type: 'classic', members: [shown] });
  kafka.answer = both(false);
  assert.deepEqual(await described(), {
    type: 'consumer',
    state: 'Stable',
    protocolType: 'consumer',
    protocol: 'uniform',
    members: [shown],
  });

  assert.deepEqual(asked, ['look up', 'ask 1', 'ask 1', 'ask 1', 'ask 1']);
});

test('a group that neither protocol knows is not there', async (t) => {
  const { cluster, soon } = clusterWith(t, (call) =>
    call.key === keys.describeGroups ? describeGroupsAnswer('g', {}) : consumerGroupDescribeAnswer('g', { error: 69 }),
  );

  await assert.rejects(timePasses(t, describeGroup(cluster, 'g', soon())), { name: 'GroupNotFound' });
});

test('a broker that is too old for KIP-848, or has it switched off, is asked for the classic protocol', async (t) => {
  const { kafka, cluster, soon, asked } = clusterWith(t, () => describeGroupsAnswer('g', { state: 'Empty' }));
  cluster.unspoken.add(keys.consumerGroupDescribe);

  const old = await timePasses(t, describeGroup(cluster, 'g', soon()));
  cluster.unspoken.clear();
  kafka.answer = (call) =>
    call.key === keys.describeGroups ? describeGroupsAnswer('g', { state: 'Empty' }) : consumerGroupDescribeAnswer('g', { error: 35 });
  const off = await timePasses(t, describeGroup(cluster, 'g', soon()));

  assert.deepEqual(old, { type: 'classic', state: 'Empty', protocolType: '', protocol: '', members: [] });
  assert.deepEqual(off, old);
  assert.equal(asked.length, 4);
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
