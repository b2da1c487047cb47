import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { deleteGroup, describeGroup, listConsumerGroups } from '../../../../lib/kafka/groups/groups.ts';
import { commitOffsets, deleteOffsets, fetchOffsets } from '../../../../lib/kafka/groups/offsets.ts';
import { keys, metadataAnswer } from '../fake/broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence } from '../fake/fake-cluster.ts';
import {
  consumerGroupDescribeAnswer,
  deleteGroupsAnswer,
  describeGroupsAnswer,
  findCoordinatorAnswer,
  listGroupsAnswer,
  offsetCommitAnswer,
  offsetDeleteAnswer,
  offsetFetchAnswer,
} from '../fake/group-coordinator-side.ts';
import { stopTime, timePasses } from '../fake/virtual-time.ts';

type Answer = (call: Call, broker: number) => Buffer | Promise<Buffer>;

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const COORDINATOR_NOT_AVAILABLE = 15;
const NOT_COORDINATOR = 16;

const committed = [{ topic: 'orders', partition: 0, offset: 7, metadata: '' }];
const offsets = [{ topic: 'orders', partition: 0, offset: 7 }];
const done = offsetCommitAnswer([{ topic: 'orders', partition: 0 }]);

/** Two brokers; the group is with the one that `kafka.coordinator` names. */
function clusterWith(t: TestContext, answer: Answer = () => offsetFetchAnswer(committed)) {
  stopTime(t);
  const kafka = { coordinator: 1, lookUpError: 0, answer };
  const asked: string[] = [];
  const nameOf: Record<number, string> = { [keys.findCoordinator]: 'look up', [keys.metadata]: 'metadata' };
  const broker = (id: number) => (call: Call) => {
    asked.push(nameOf[call.key] ?? `ask ${id}`);
    if (call.key === keys.metadata) return metadataAnswer({ brokers: brokersOf(2) });
    if (call.key !== keys.findCoordinator) return kafka.answer(call, id);
    const [error, { host, port }] = [kafka.lookUpError, brokersOf(2)[kafka.coordinator - 1]];
    return findCoordinatorAnswer(error === 0 ? { id: kafka.coordinator, host, port } : { error });
  };
  const cluster = new FakeCluster({ 'broker-1:9092': broker(1), 'broker-2:9092': broker(2) });
  const soon = () => Date.now() + 20_000;
  return {
    ...{ kafka, cluster, asked, soon },
    fetch: (deadline = soon()) => timePasses(t, fetchOffsets(cluster, 'g', null, deadline)),
    commit: (deadline = soon()) => timePasses(t, commitOffsets(cluster, 'g', offsets, deadline)),
    remove: (deadline = soon()) => timePasses(t, deleteGroup(cluster, 'g', deadline)),
  };
}

test('a coordinator is looked up once', async (t) => {
  const { fetch, asked } = clusterWith(t);

  assert.deepEqual([await fetch(), await fetch()], [committed, committed]);

  assert.deepEqual(asked, ['look up', 'ask 1', 'ask 1']);
});

test('clusters do not share what they know', async (t) => {
  const one = clusterWith(t);
  await one.fetch();
  t.mock.timers.reset();
  const two = clusterWith(t);
  two.kafka.coordinator = 2;

  await two.fetch();

  assert.deepEqual(two.asked, ['look up', 'ask 2']);
});

test('a group that has moved is followed', async (t) => {
  const { kafka, fetch, asked } = clusterWith(t, (_, broker) =>
    broker === kafka.coordinator ? offsetFetchAnswer(committed) : offsetFetchAnswer([], NOT_COORDINATOR),
  );
  await fetch();
  kafka.coordinator = 2;

  assert.deepEqual(await fetch(), committed);

  assert.deepEqual(asked, ['look up', 'ask 1', 'ask 1', 'look up', 'ask 2']);
});

for (const error of [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR]) {
  test(`a coordinator that is not ready (${error}) is waited for`, async (t) => {
    const answers = [error, error, 0];
    const { fetch } = clusterWith(t, () => offsetFetchAnswer(committed, answers.shift()));

    assert.deepEqual(await fetch(), committed);
  });

  test(`a coordinator that is not ready (${error}) by the deadline is worth another request`, async (t) => {
    const { fetch } = clusterWith(t, () => offsetFetchAnswer([], error));
    const deadline = Date.now() + 3000;

    await assert.rejects(fetch(deadline), { name: 'KafkaUnavailable', message: /consumer group at the moment: try again/ });

    assert.ok(Date.now() <= deadline);
  });
}

test('a group for which there is no coordinator yet is waited for', async (t) => {
  const { kafka, fetch, cluster } = clusterWith(t);
  kafka.lookUpError = COORDINATOR_NOT_AVAILABLE;
  const found = t.mock.method(cluster, 'anyBroker');
  found.mock.mockImplementationOnce(async () => {
    kafka.lookUpError = 0;
    return cluster.connection('broker-2:9092');
  }, 3);

  assert.deepEqual(await fetch(), committed);

  assert.equal(found.mock.callCount(), 4);
});

test('a coordinator whose connection breaks is suspected, and looked up again', async (t) => {
  const { kafka, fetch, asked, cluster } = clusterWith(t);
  const suspected = t.mock.method(cluster, 'suspect');
  kafka.answer = () => {
    kafka.answer = () => offsetFetchAnswer(committed);
    kafka.coordinator = 2;
    throw new Error('hung up');
  };

  assert.deepEqual(await fetch(), committed);

  assert.deepEqual(asked, ['look up', 'ask 1', 'look up', 'ask 2']);
  assert.deepEqual(
    suspected.mock.calls.map((call) => call.arguments),
    [['broker-1:9092']],
  );
});

test('a frozen coordinator is left for its successor', async (t) => {
  const { kafka, fetch, cluster } = clusterWith(t, (_, broker) => (broker === 1 ? silence() : offsetFetchAnswer(committed)));
  const began = Date.now();
  const anyBroker = cluster.anyBroker.bind(cluster);
  t.mock.method(cluster, 'anyBroker', () => {
    if (Date.now() - began > 9000) kafka.coordinator = 2;
    return anyBroker();
  });

  assert.deepEqual(await fetch(), committed);

  assert.ok(Date.now() - began < 14_000);
});

test('a coordinator that says nothing until the deadline is a 504', async (t) => {
  const { fetch } = clusterWith(t, silence);
  const deadline = Date.now() + 6000;

  await assert.rejects(fetch(deadline), { name: 'DeadlineExceeded' });

  assert.ok(Date.now() <= deadline);
});

test('what Kafka refuses for good is told at once', async (t) => {
  const refusals = [
    [24, 'InvalidArgument'],
    [30, 'Forbidden'],
    [69, 'GroupNotFound'],
  ] as const;

  for (const [error, name] of refusals) {
    const { fetch, asked } = clusterWith(t, () => offsetFetchAnswer([], error));
    await assert.rejects(fetch(), { name });
    assert.deepEqual(asked, ['look up', 'ask 1']);
    t.mock.timers.reset();
  }
});

test('a look-up that Kafka refuses is told at once', async (t) => {
  const { kafka, fetch, asked } = clusterWith(t);
  kafka.lookUpError = 30;

  await assert.rejects(fetch(), { name: 'Forbidden', message: /consumer group/ });

  assert.deepEqual(asked, ['look up']);
});

test('a partition that is refused is named', async (t) => {
  const { fetch } = clusterWith(t, () => offsetFetchAnswer([{ topic: 'orders', partition: 3, offset: -1, error: 29 }]));

  await assert.rejects(fetch(), { name: 'Forbidden', message: /partition 3 of orders/ });
});

test('a commit whose answer was lost is repeated', async (t) => {
  const { kafka, commit, asked } = clusterWith(t, () => {
    kafka.answer = () => done;
    throw new Error('hung up');
  });

  await commit();

  assert.deepEqual(asked, ['look up', 'ask 1', 'look up', 'ask 1']);
});

test('a commit that was never answered may have been carried out, and says so', async (t) => {
  const { commit } = clusterWith(t, silence);

  await assert.rejects(commit(Date.now() + 3000), {
    name: 'DeadlineExceeded',
    message: /try again\. The offsets may have been committed\.$/,
  });
});

test('a commit that was answered with a refusal was not carried out', async (t) => {
  const { commit } = clusterWith(t, () => offsetCommitAnswer([{ topic: 'orders', partition: 0, error: NOT_COORDINATOR }]));

  await assert.rejects(
    commit(Date.now() + 3000),
    (error) => error instanceof GatewayError && error.name === 'KafkaUnavailable' && !error.message.includes('committed'),
  );
});

test('a commit that is refused in part says which part, and what became of the rest', async (t) => {
  const { commit } = clusterWith(t, () =>
    offsetCommitAnswer([
      { topic: 'orders', partition: 0 },
      { topic: 'clicks', partition: 4, error: 29 },
    ]),
  );

  await assert.rejects(commit(), {
    name: 'Forbidden',
    message: /topic\. It is about partition 4 of clicks\. The offsets of 1 other partitions were committed\.$/,
  });
});

test('a group with live members is in a state of its own', async (t) => {
  for (const error of [22, 25, 27, 110, 113]) {
    const { commit, asked } = clusterWith(t, () => offsetCommitAnswer([{ topic: 'orders', partition: 0, error }]));
    await assert.rejects(commit(), { name: 'IllegalState', status: 409, message: /has live members: stop them first/ });
    assert.deepEqual(asked, ['look up', 'ask 1']);
    t.mock.timers.reset();
  }
});

test('offsets are deleted, or what refuses it is told', async (t) => {
  const topics = [{ topic: 'orders', partitions: [0, 1] }];
  const answers = [
    offsetDeleteAnswer([{ topic: 'orders', partition: 0 }]),
    offsetDeleteAnswer([], 68),
    offsetDeleteAnswer([{ topic: 'orders', partition: 1, error: 86 }]),
  ];
  const { cluster, soon } = clusterWith(t, () => answers.shift() ?? assert.fail());
  const remove = () => timePasses(t, deleteOffsets(cluster, 'g', topics, soon()));

  await remove();
  await assert.rejects(remove(), { name: 'IllegalState', message: /has live members/ });
  await assert.rejects(remove(), { name: 'IllegalState', message: /subscribe to the topic.*partition 1 of orders/ });
});

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
