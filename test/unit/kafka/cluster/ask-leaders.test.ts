import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { askLeaders } from '../../../../lib/kafka/cluster/ask-leaders.ts';
import { UNKNOWN_TOPIC_OR_PARTITION } from '../../../../lib/kafka/error-codes.ts';
import { initProducerId } from '../../../../lib/kafka/protocol/init-producer-id.ts';
import { initProducerIdAnswer, keys } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

interface Kafka {
  leaders: number[];
  topicError: number;
  /** What a broker makes of a question about its partitions; by default it answers all of them. */
  answer(broker: number, partitions: number[]): number[] | Promise<number[]>;
}

/** Brokers that are asked by a request that carries nothing: what they say is in `answer`, as an error code a partition. */
function clusterWith(given: Partial<Kafka>) {
  const kafka: Kafka = { leaders: [1], topicError: 0, answer: (_, partitions) => partitions.map(() => 0), ...given };
  const asked: string[] = [];
  let metadata = 0;
  const content = () => {
    metadata++;
    return { brokers: brokersOf(3), topics: [{ ...topicOn('orders', ...kafka.leaders), error: kafka.topicError }] };
  };
  const broker = withMetadata(content, () => initProducerIdAnswer({}));
  const cluster = new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker, 'broker-3:9092': broker });
  const ask = (partitions: number[] | null, deadline: number) =>
    askLeaders(cluster, 'orders', partitions, deadline, async (connection, group) => {
      const id = Number(connection.address.at('broker-'.length));
      asked.push(`${id}: ${group}`);
      await connection.send(initProducerId, 2500);
      const errors = await kafka.answer(id, group);
      return group.map((partition, i) => ({ partition, error: errors[i], by: id }));
    });
  return { kafka, cluster, ask, asked, metadata: () => metadata };
}

const in10s = () => Date.now() + 10_000;

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

test('a partition that the metadata lacks is asked for once more, as it may be new', async (t) => {
  stopTime(t);
  const { ask, kafka, metadata } = clusterWith({ leaders: [1] });
  await timePasses(t, ask([0], in10s()));
  t.mock.timers.tick(1);
  kafka.leaders = [1, 2];

  const [added] = await timePasses(t, ask([1], in10s()));

  assert.equal(added.by, 2);
  assert.equal(metadata(), 2);
});

test('a partition that is not there is not found, and nobody is asked for it', async (t) => {
  stopTime(t);
  const { ask, asked } = clusterWith({ leaders: [1, 1] });

  await assert.rejects(timePasses(t, ask([0, 7], in10s())), { name: 'PartitionNotFound', message: /orders.* 7.* 2/ });

  assert.deepEqual(asked, []);
});

test('a topic that is not there is not found', async () => {
  const { ask } = clusterWith({ topicError: 3 });

  await assert.rejects(ask(null, in10s()), { name: 'TopicNotFound' });
});

test('a leader that does not know the partition is behind: it is asked again, and at the deadline it is unavailable', async (t) => {
  stopTime(t);
  const { ask, asked } = clusterWith({ answer: (_, partitions) => partitions.map(() => 3) });
  const began = Date.now();

  await assert.rejects(timePasses(t, ask([0], began + 3000)), { name: 'KafkaUnavailable', status: 503 });

  assert.ok(asked.length > 5);
  assert.ok(Date.now() <= began + 3050);
});

test('a topic that is deleted meanwhile is not found, as soon as metadata says so for good', async (t) => {
  stopTime(t);
  const { ask, kafka } = clusterWith({});
  const began = Date.now();
  kafka.answer = (_, partitions) => {
    kafka.topicError = 3;
    return partitions.map(() => 3);
  };

  await assert.rejects(timePasses(t, ask([0], began + 20_000)), { name: 'TopicNotFound', status: 404 });

  assert.ok(Date.now() < began + 3000);
});

test('a topic that may no longer be described is refused', async (t) => {
  stopTime(t);
  const { ask, kafka } = clusterWith({});
  kafka.answer = (_, partitions) => {
    kafka.topicError = 29;
    return partitions.map(() => 6);
  };

  await assert.rejects(timePasses(t, ask([0], in10s())), { name: 'Forbidden' });
});

test('a partition without a leader is waited for', async (t) => {
  stopTime(t);
  const { ask, kafka } = clusterWith({ leaders: [-1] });
  const asking = ask([0], in10s());
  await pass(t, 1000);
  kafka.leaders = [3];

  assert.equal((await timePasses(t, asking))[0].by, 3);
});

test('a partition that has no leader until the deadline is unavailable: Kafka has answered', async (t) => {
  stopTime(t);
  const { ask } = clusterWith({ leaders: [-1] });

  await assert.rejects(timePasses(t, ask([0], in10s())), { name: 'KafkaUnavailable', status: 503 });
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

test('a leader that is cut off at the deadline does not hide that there was none before', async (t) => {
  stopTime(t);
  let asked = 0;
  const { ask } = clusterWith({ answer: (_, partitions) => (++asked > 1 ? new Promise(() => {}) : partitions.map(() => 6)) });

  await assert.rejects(timePasses(t, ask([0], Date.now() + 2000)), { name: 'KafkaUnavailable', status: 503 });
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

test('all partitions are those that there are now', async (t) => {
  stopTime(t);
  const { kafka, ask } = clusterWith({ leaders: [1, 1] });
  await timePasses(t, ask(null, in10s()));
  await pass(t, 100);

  kafka.leaders = [1, 1, 2];
  const more = await timePasses(t, ask(null, in10s()));
  await pass(t, 100);
  kafka.leaders = [1];
  const fewer = await timePasses(t, ask(null, in10s()));

  assert.deepEqual([more.length, fewer.length], [3, 1]);
});

test('a partition that a topic no longer has, as it was made anew, is told of at once', async (t) => {
  stopTime(t);
  const { kafka, ask } = clusterWith({ leaders: [1, 1, 1] });
  await timePasses(t, ask([2], in10s()));
  kafka.leaders = [1];
  kafka.answer = (_, partitions) => partitions.map((partition) => (partition < 1 ? 0 : UNKNOWN_TOPIC_OR_PARTITION));
  const began = Date.now();

  await assert.rejects(timePasses(t, ask([0, 2], in10s())), { name: 'PartitionNotFound', message: /no partition 2, as it has 1/ });

  assert.ok(Date.now() - began < 500);
});
