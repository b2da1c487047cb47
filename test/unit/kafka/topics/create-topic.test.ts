import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createTopic } from '../../../../lib/kafka/topics/create-topic.ts';
import { createTopicsAnswer, keys, metadataAnswer, readCreateTopics, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const topic = { name: 'orders', partitions: 6, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } };

interface Answers {
  controller?: number;
  create?: (call: Call) => Buffer | Promise<Buffer>;
  leaders?: () => number[];
  /** What brokers answer to whoever asks for the topic. */
  shown?: () => Promise<Buffer>;
}

/** Two brokers; the second is the controller. */
function clusterWith(
  t: TestContext,
  { controller = 2, create = () => createTopicsAnswer('orders', 0, null), leaders = () => [1, 2], shown }: Answers,
) {
  stopTime(t);
  const created: (ReturnType<typeof readCreateTopics> & { broker: string; answerMs: number })[] = [];
  let described = 0;
  const broker = (call: Call) => {
    if (call.key !== keys.metadata) {
      created.push({ ...readCreateTopics(call.body), broker: call.connection.address, answerMs: call.timeoutMs });
      return create(call);
    }
    if (readMetadata(call.body).topics?.length) {
      described++;
      if (shown !== undefined) return shown();
    }
    return metadataAnswer({
      brokers: brokersOf(2),
      controller,
      topics: readMetadata(call.body).topics?.length ? [topicOn('orders', ...leaders())] : [],
    });
  };
  const cluster = new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker });
  const creating = (seconds = 20) => timePasses(t, createTopic(cluster, topic, Date.now() + seconds * 1000));
  return { cluster, creating, created, described: () => described };
}

test('the controller is asked, once, as the client wished', async (t) => {
  const { creating, created } = clusterWith(t, {});

  await creating();

  assert.equal(created.length, 1);
  const [{ broker, answerMs, timeoutMs, validateOnly, ...asked }] = created;
  assert.equal(broker, 'broker-2:9092');
  assert.deepEqual(asked, topic);
  assert.equal(validateOnly, false);
  assert.ok(answerMs > timeoutMs);
});

test('where no broker is named as the controller any is asked', async (t) => {
  const { creating, created } = clusterWith(t, { controller: -1 });

  await creating();

  assert.equal(created.length, 1);
});

test('it is done when every partition has a leader', async (t) => {
  let leaders: number[] = [];
  const { creating, described } = clusterWith(t, { leaders: () => leaders });
  let done = false;
  const created = creating().then(() => {
    done = true;
  });

  await pass(t, 1000);
  leaders = [1, -1];
  await pass(t, 1000);
  assert.equal(done, false);
  leaders = [1, 2];
  await created;

  assert.ok(described() > 3);
});

test('leaders that do not come before the deadline are no failure: the topic is there', async (t) => {
  const { creating } = clusterWith(t, { leaders: () => [] });
  const began = Date.now();

  await creating(3);

  assert.ok(Date.now() - began <= 3000);
});

for (const [what, seconds, longest] of [
  ['five seconds', 20, 5000],
  ['the deadline', 3, 3000],
] as const) {
  test(`brokers that do not tell of the topic any more are waited for until ${what}`, async (t) => {
    const { creating } = clusterWith(t, { shown: silence });
    const began = Date.now();

    await creating(seconds);

    assert.ok(Date.now() - began <= longest);
  });
}

test("Kafka's refusal is told with Kafka's reason", async (t) => {
  const refusals = [
    [36, 'TopicExists', /^A topic of this name exists\. Kafka says "Topic 'orders' already exists\.": use it, or another name$/],
    [38, 'InvalidArgument', /replication factor\. Kafka says "Topic 'orders' already exists\."/],
    [40, 'InvalidArgument', /setting/],
    [44, 'InvalidArgument', /policy/],
    [29, 'Forbidden', /topic/],
  ] as const;

  for (const [error, name, message] of refusals) {
    const { creating, created } = clusterWith(t, { create: () => createTopicsAnswer('orders', error, "Topic 'orders' already exists.") });
    await assert.rejects(creating(), { name, message });
    assert.equal(created.length, 1);
    t.mock.timers.reset();
  }
});

test("Kafka's reason is shown in part, and in printable characters", async (t) => {
  const { creating } = clusterWith(t, { create: () => createTopicsAnswer('orders', 40, `a\nb\u202e${'x'.repeat(30_000)}`) });

  await assert.rejects(creating(), {
    message: `Kafka refuses a setting of the topic. Kafka says "a?b?${'x'.repeat(296)}": correct it, or leave it out`,
  });
});

test('a refusal without a reason stands for itself', async (t) => {
  const { creating } = clusterWith(t, { create: () => createTopicsAnswer('orders', 36, null) });

  await assert.rejects(creating(), { message: 'A topic of this name exists: use it, or another name' });
});

test('a lost answer is not asked for again: the topic may be there', async (t) => {
  const { creating, created } = clusterWith(t, { create: () => Promise.reject(new Error('hung up')) });

  await assert.rejects(creating(), { name: 'KafkaUnavailable', message: /may have been created/ });

  assert.equal(created.length, 1);
});

test('without an answer by the deadline the topic may be there as well', async (t) => {
  const { creating } = clusterWith(t, { create: silence });
  const began = Date.now();

  await assert.rejects(creating(3), { name: 'DeadlineExceeded', message: /may have been created/ });

  assert.equal(Date.now() - began, 3000);
});

test('a cluster that cannot be reached is told as that: nothing was created', async (t) => {
  const { cluster, creating, created } = clusterWith(t, {});
  for (const address of ['broker-1:9092', 'broker-2:9092']) {
    cluster.refusals.set(address, () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  }

  await assert.rejects(creating(2), (error: Error) => error.name === 'KafkaUnavailable' && !error.message.includes('created'));

  assert.deepEqual(created, []);
});
