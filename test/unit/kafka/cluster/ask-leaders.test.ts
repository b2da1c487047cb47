import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { askLeaders } from '../../../../lib/kafka/cluster/ask-leaders.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith, in10s } from './asked-leaders.ts';

test('each leader is asked once, for all of its partitions, and the answers come in the order of the question', async () => {
  const { ask, asked } = clusterWith({ leaders: [1, 2, 1, 3] });

  const answers = await ask([3, 0, 2, 1], in10s());

  assert.deepEqual(
    answers.map(({ partition, by }) => [partition, by]),
    [
      [3, 3],
      [0, 1],
      [2, 1],
      [1, 2],
    ],
  );
  assert.deepEqual(asked.sort(), ['1: 0,2', '2: 1', '3: 3']);
});

test('without a choice all partitions are asked for, in their order', async () => {
  const { ask } = clusterWith({ leaders: Array.from({ length: 12 }, (_, i) => (i % 3) + 1) });

  const answers = await ask(null, in10s());

  assert.deepEqual(
    answers.map(({ partition }) => partition),
    Array.from({ length: 12 }, (_, i) => i),
  );
});

test('leaders are asked at the same time', async () => {
  const both = Promise.withResolvers<void>();
  const waiting = new Set<number>();
  const { ask } = clusterWith({
    leaders: [1, 2],
    async answer(broker, partitions) {
      waiting.add(broker);
      if (waiting.size === 2) both.resolve();
      await both.promise;
      return partitions.map(() => 0);
    },
  });

  assert.equal((await ask(null, in10s())).length, 2);
});

test('only what a leader did not answer is asked again, of whoever leads by then', async (t) => {
  stopTime(t);
  const { ask, asked, kafka } = clusterWith({ leaders: [1, 1, 2] });
  kafka.answer = (broker, partitions) => {
    if (broker !== 1) return partitions.map(() => 0);
    kafka.leaders = [1, 3, 2];
    return [0, 6];
  };

  const answers = await timePasses(t, ask(null, in10s()));

  assert.deepEqual(
    answers.map(({ by }) => by),
    [1, 3, 2],
  );
  assert.deepEqual(asked, ['1: 0,1', '2: 2', '3: 1']);
});

test('a leader whose connection breaks is suspected, and the partition asked for again', async (t) => {
  stopTime(t);
  const { ask, asked, cluster } = clusterWith({});
  const suspected = t.mock.method(cluster, 'suspect');
  const working = cluster.brokers.get('broker-1:9092') ?? assert.fail();
  cluster.brokers.set('broker-1:9092', (call) => {
    if (call.key === keys.metadata) return working(call);
    cluster.brokers.set('broker-1:9092', working);
    throw new Error('hung up');
  });

  const [answer] = await timePasses(t, ask([0], in10s()));

  assert.equal(answer.by, 1);
  assert.equal(asked.length, 2);
  assert.deepEqual(
    suspected.mock.calls.map((call) => call.arguments),
    [['broker-1:9092']],
  );
});

test('a leader that answered is trusted again', async (t) => {
  stopTime(t);
  const { ask, cluster } = clusterWith({ leaders: [1] });
  await timePasses(t, cluster.refresh(['orders']));
  cluster.suspect('broker-1:9092');

  await timePasses(t, ask([0], in10s()));

  assert.equal(cluster.isSuspect(1), false);
});

for (const [error, name] of [
  [29, 'Forbidden'],
  [1, 'InvalidArgument'],
  [76, 'KafkaRefused'],
] as const) {
  test(`a leader that refuses for good (${error}) ends it at once`, async () => {
    const { ask, asked } = clusterWith({
      leaders: [1, 2],
      answer: (broker, partitions) => partitions.map(() => (broker === 2 ? error : 0)),
    });

    await assert.rejects(ask(null, in10s()), { name });

    assert.equal(asked.length, 2);
  });
}

test('a final error that is thrown ends it at once', async () => {
  const { ask, asked } = clusterWith({ answer: () => Promise.reject(new GatewayError('KafkaRefused', 'an old Kafka')) });

  await assert.rejects(ask([0], in10s()), { name: 'KafkaRefused', message: 'an old Kafka' });

  assert.equal(asked.length, 1);
});

test('an answer about another partition than the one asked for is none', async (t) => {
  stopTime(t);
  const { cluster } = clusterWith({});
  const asking = askLeaders(cluster, 'orders', [0], in10s(), async () => [{ partition: 7, error: 0 }]);

  await assert.rejects(timePasses(t, asking), { name: 'KafkaUnavailable' });
});

test('what is not answered by the deadline is given up then', async (t: TestContext) => {
  stopTime(t);
  const began = Date.now();
  const { ask } = clusterWith({
    leaders: [1, 2],
    answer: (broker, partitions) => (broker === 2 ? new Promise(() => {}) : partitions.map(() => 0)),
  });

  await assert.rejects(timePasses(t, ask(null, began + 2000)), { name: 'DeadlineExceeded' });

  assert.equal(Date.now(), began + 2000);
});

test('a suspect that is silent is left for its successor as soon as metadata names one', async (t) => {
  stopTime(t);
  const { ask, kafka, cluster } = clusterWith({
    leaders: [1],
    answer: (broker, partitions) => (broker === 1 ? new Promise(() => {}) : partitions.map(() => 0)),
  });
  await timePasses(t, cluster.refresh(['orders']));
  cluster.suspect('broker-1:9092');
  const began = Date.now();
  const asking = ask([0], in10s());
  await pass(t, 500);
  kafka.leaders = [2];

  const [answer] = await timePasses(t, asking);

  assert.equal(answer.by, 2);
  assert.ok(Date.now() - began < 1000);
});

test('a suspect that answers though it was deposed is not believed', async (t) => {
  stopTime(t);
  const { ask, kafka, cluster } = clusterWith({ leaders: [1] });
  await timePasses(t, cluster.refresh(['orders']));
  cluster.suspect('broker-1:9092');
  kafka.leaders = [2];

  const [answer] = await timePasses(t, ask([0], in10s()));

  assert.equal(answer.by, 2);
});
