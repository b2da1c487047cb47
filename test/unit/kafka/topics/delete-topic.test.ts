import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deleteTopic } from '../../../../lib/kafka/topics/delete-topic.ts';
import { deleteTopicsAnswer, keys, metadataAnswer, readDeleteTopics, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

interface Answers {
  remove?: (call: Call) => Buffer | Promise<Buffer>;
  /** Whether brokers still show the topic. */
  isThere?: () => boolean;
  /** What brokers answer to whoever asks for the topic. */
  shown?: () => Promise<Buffer>;
}

/** Two brokers; the second is the controller. */
function clusterWith(t: TestContext, { remove = () => deleteTopicsAnswer('orders', 0), isThere = () => false, shown }: Answers) {
  stopTime(t);
  const removed: { name: string; broker: string }[] = [];
  const broker = (call: Call) => {
    if (call.key !== keys.metadata) {
      removed.push({ name: readDeleteTopics(call.body).name, broker: call.connection.address });
      return remove(call);
    }
    if (shown !== undefined && readMetadata(call.body).topics?.length) return shown();
    const topic = isThere() ? topicOn('orders', 1) : { name: 'orders', error: 3 };
    return metadataAnswer({ brokers: brokersOf(2), controller: 2, topics: readMetadata(call.body).topics?.length ? [topic] : [] });
  };
  const cluster = new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker });
  const deleting = (seconds = 20) => timePasses(t, deleteTopic(cluster, 'orders', Date.now() + seconds * 1000));
  return { deleting, removed };
}

test('the controller is asked, once', async (t) => {
  const { deleting, removed } = clusterWith(t, {});

  await deleting();

  assert.deepEqual(removed, [{ name: 'orders', broker: 'broker-2:9092' }]);
});

test('it is done when brokers no longer show the topic', async (t) => {
  let isThere = true;
  const { deleting } = clusterWith(t, { isThere: () => isThere });
  let done = false;
  const deleted = deleting().then(() => {
    done = true;
  });

  await pass(t, 1000);
  assert.equal(done, false);
  isThere = false;
  await deleted;

  assert.equal(done, true);
});

test('a topic that stays to be seen is no failure: it is deleted', async (t) => {
  const { deleting } = clusterWith(t, { isThere: () => true });
  const began = Date.now();

  await deleting();

  assert.ok(Date.now() - began <= 5000);
});

test('brokers that do not tell of the topic any more are waited for until the deadline', async (t) => {
  const { deleting } = clusterWith(t, { shown: silence });
  const began = Date.now();

  await deleting(3);

  assert.ok(Date.now() - began <= 3000);
});

for (const [error, name, message] of [
  [3, 'TopicNotFound', 'There is no topic orders: create it, or check its name'],
  [29, 'Forbidden', /topic/],
  [73, 'InvalidArgument', /Topic deletion is disabled on this cluster/],
  [7, 'KafkaUnavailable', /may have been deleted/],
] as const) {
  test(`Kafka's error ${error} is told as ${name}`, async (t) => {
    const { deleting } = clusterWith(t, { remove: () => deleteTopicsAnswer('orders', error) });

    await assert.rejects(deleting(), { name, message });
  });
}

test('a lost answer is not asked for again: the topic may be gone', async (t) => {
  const { deleting, removed } = clusterWith(t, { remove: () => Promise.reject(new Error('hung up')) });

  await assert.rejects(deleting(), { name: 'KafkaUnavailable', message: /may have been deleted/ });

  assert.equal(removed.length, 1);
});

test('without an answer by the deadline the topic may be gone as well', async (t) => {
  const { deleting } = clusterWith(t, { remove: silence });

  await assert.rejects(deleting(3), { name: 'DeadlineExceeded', message: /may have been deleted/ });
});
