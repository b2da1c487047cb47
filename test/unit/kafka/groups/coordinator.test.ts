import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { offsetFetchAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { pass } from '../../../harness/virtual-time.ts';
import { clusterWith, committed, NOT_COORDINATOR } from './group-cluster.ts';

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const COORDINATOR_NOT_AVAILABLE = 15;

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

for (const change of ['commit', 'remove'] as const) {
  test(`a change that could not be sent by the deadline is not sent later (${change})`, async (t) => {
    const { cluster, asked, soon, fetch, [change]: ask } = clusterWith(t);
    await fetch();
    const connection = await cluster.connection('broker-1:9092');
    const opening = Promise.withResolvers<typeof connection>();
    t.mock.method(cluster, 'connection', () => opening.promise);

    await assert.rejects(ask(soon() - 19_000), { name: 'DeadlineExceeded', message: /in time: try again$/ });
    opening.resolve(connection);
    await pass(t, 100);

    assert.deepEqual(asked, ['look up', 'ask 1'], 'nothing but the fetch');
  });
}
