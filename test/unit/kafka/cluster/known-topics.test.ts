import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachTopic, knownTopic, knownTopics } from '../../../../lib/kafka/cluster/known-topics.ts';
import { brokersOf, FakeCluster, silence, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

/** A cluster that answers metadata with the topics that `content` holds now, and counts how often. */
function clusterWith(content: { topics: Parameters<typeof topicOn>[] | 'silent'; error?: number }) {
  let asked = 0;
  const answer = withMetadata(() => {
    asked++;
    const topics = content.topics === 'silent' ? [] : content.topics.map((parts) => topicOn(...parts));
    return { brokers: brokersOf(1), topics: topics.map((topic) => ({ ...topic, error: content.error ?? 0 })) };
  }, silence);
  const cluster = new FakeCluster({ 'broker-1:9092': (call) => (content.topics === 'silent' ? silence() : answer(call)) });
  return { cluster, asked: () => asked };
}

const in10s = () => Date.now() + 10_000;

test('a topic is asked for once, and known for as long as its metadata is fresh', async (t) => {
  stopTime(t);
  const { cluster, asked } = clusterWith({ topics: [['orders', 1, 1]] });

  const first = await timePasses(t, knownTopic(cluster, 'orders', in10s()));
  t.mock.timers.tick(299_000);
  const second = await knownTopic(cluster, 'orders', in10s());
  assert.equal(asked(), 1);
  t.mock.timers.tick(2000);
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));

  assert.deepEqual(
    [...first.leaders],
    [
      [0, 1],
      [1, 1],
    ],
  );
  assert.equal(second, first);
  assert.equal(asked(), 2);
});

test('metadata from before a given time does not do', async (t) => {
  stopTime(t);
  const content: { topics: Parameters<typeof topicOn>[] } = { topics: [['orders', 1]] };
  const { cluster } = clusterWith(content);
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));
  await pass(t, 100);
  content.topics = [['orders', 1, 1, 1]];

  const same = await timePasses(t, knownTopic(cluster, 'orders', in10s()));
  const newer = await timePasses(t, knownTopic(cluster, 'orders', in10s(), Date.now()));

  assert.equal(same.leaders.size, 1);
  assert.equal(newer.leaders.size, 3);
});

test('a topic that was deleted lately may have been made again: a broker that has not heard of it is asked once more', async (t) => {
  stopTime(t);
  const content: { topics: Parameters<typeof topicOn>[] } = { topics: [['orders', 1]] };
  const { cluster, asked } = clusterWith(content);
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));
  content.topics = [];
  const deleted = async () => timePasses(t, knownTopic(cluster, 'orders', in10s(), Date.now()));
  while (cluster.known('orders')?.error !== 3) {
    await timePasses(t, cluster.refresh(['orders']));
    await pass(t, 500);
  }

  const looking = knownTopic(cluster, 'orders', in10s());
  await pass(t, 100);
  content.topics = [['orders', 1, 1]];
  assert.equal((await timePasses(t, looking)).leaders.size, 2);

  content.topics = [];
  while (cluster.known('orders')?.error !== 3) {
    await timePasses(t, cluster.refresh(['orders']));
    await pass(t, 500);
  }
  const began = Date.now();
  await assert.rejects(deleted(), { name: 'TopicNotFound' });
  assert.ok(Date.now() - began < 1000, 'not for long');
  await pass(t, 30_000, 1000);
  const before = asked();
  await assert.rejects(deleted(), { name: 'TopicNotFound' });
  assert.equal(asked(), before + 1, 'by now everybody knows');
});

test('what is kept of a topic that is said to be missing is not new: whether it comes back is waited for', async (t) => {
  stopTime(t);
  const content: { topics: Parameters<typeof topicOn>[] } = { topics: [['orders', 1, 1]] };
  const { cluster } = clusterWith(content);
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));
  await pass(t, 100);
  content.topics = [];

  const asking = [knownTopic(cluster, 'orders', in10s(), Date.now()), knownTopics(cluster, ['orders'], in10s(), Date.now())] as const;
  await pass(t, 1000);
  content.topics = [['orders', 1]];
  const [one, several] = await timePasses(t, Promise.all(asking));

  assert.deepEqual([one.leaders.size, several.get('orders')?.leaders.size], [1, 1]);
});

test('a topic that does not exist is found out by one question', async () => {
  const { cluster, asked } = clusterWith({ topics: [['orders', 1]] });

  await assert.rejects(knownTopic(cluster, 'nope', in10s()), { name: 'TopicNotFound', message: /nope/ });

  assert.equal(asked(), 1);
});

test('a topic that did not exist is asked for again by the next request', async () => {
  const content: { topics: Parameters<typeof topicOn>[] } = { topics: [] };
  const { cluster } = clusterWith(content);
  await assert.rejects(knownTopic(cluster, 'orders', in10s()));
  content.topics = [['orders', 1]];

  assert.equal((await knownTopic(cluster, 'orders', in10s())).leaders.size, 1);
});

test('a topic that may not be described is refused at once', async () => {
  const { cluster, asked } = clusterWith({ topics: [['orders']], error: 29 });

  await assert.rejects(knownTopic(cluster, 'orders', in10s()), { name: 'Forbidden' });

  assert.equal(asked(), 1);
});

test('a topic whose partitions are still being made is waited for', async (t) => {
  stopTime(t);
  const content: { topics: Parameters<typeof topicOn>[]; error: number } = { topics: [['orders']], error: 5 };
  const { cluster } = clusterWith(content);
  const asking = knownTopic(cluster, 'orders', in10s());
  await pass(t, 500);
  content.topics = [['orders', 1]];
  content.error = 0;

  assert.equal((await timePasses(t, asking)).leaders.size, 1);
});

test('while no broker answers, they are asked again until the deadline', async (t) => {
  stopTime(t);
  const content: { topics: Parameters<typeof topicOn>[] | 'silent' } = { topics: 'silent' };
  const { cluster } = clusterWith(content);
  const began = Date.now();

  await assert.rejects(timePasses(t, knownTopic(cluster, 'orders', began + 5000)), { name: 'DeadlineExceeded' });
  assert.equal(Date.now(), began + 5000);
  const asking = knownTopic(cluster, 'orders', in10s());
  await pass(t, 3000);
  content.topics = [['orders', 1]];

  assert.equal((await timePasses(t, asking)).leaders.size, 1);
});

test('several topics take one request, for those that are not known; what is not there is left out', async (t) => {
  stopTime(t);
  const { cluster, asked } = clusterWith({
    topics: [
      ['orders', 1],
      ['clicks', 1, 1],
    ],
  });
  const known = (names: string[], newerThan?: number) => timePasses(t, knownTopics(cluster, names, in10s(), newerThan));

  const first = await known(['orders', 'clicks', 'nope']);
  const second = await known(['clicks', 'orders']);
  t.mock.timers.tick(10);
  await known(['clicks', 'orders'], Date.now());

  assert.deepEqual(
    [...first].map(([name, { leaders }]) => [name, leaders.size]),
    [
      ['orders', 1],
      ['clicks', 2],
    ],
  );
  assert.deepEqual([...second.keys()], ['clicks', 'orders']);
  assert.equal(asked(), 2);
});

test('one of several topics whose partitions are not known yet is waited for', async (t) => {
  stopTime(t);
  const content: Parameters<typeof clusterWith>[0] = { topics: [['orders']], error: 5 };
  const { cluster } = clusterWith(content);
  const knowing = timePasses(t, knownTopics(cluster, ['orders'], in10s()));
  await pass(t, 500);
  content.error = 0;
  content.topics = [['orders', 1]];

  assert.equal((await knowing).get('orders')?.leaders.size, 1);
});

test('one of several topics that may not be described refuses them all', async (t) => {
  stopTime(t);
  const { cluster } = clusterWith({ topics: [['orders']], error: 29 });

  await assert.rejects(timePasses(t, knownTopics(cluster, ['orders'], in10s())), { name: 'Forbidden' });
});

test('of several topics, each has its own outcome, from one request for all that are not known', async (t) => {
  stopTime(t);
  const { cluster, asked } = clusterWith({
    topics: [
      ['orders', 1],
      ['bills', 1],
    ],
  });
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));

  const outcomes = await timePasses(t, eachTopic(cluster, ['orders', 'nope', 'bills', 'none'], in10s()));

  const shown = [...outcomes].map(([name, outcome]) => [name, 'leaders' in outcome ? outcome.leaders.size : outcome.name]);
  assert.deepEqual(Object.fromEntries(shown), { orders: 1, bills: 1, nope: 'TopicNotFound', none: 'TopicNotFound' });
  assert.equal(asked(), 2);
});

test('while no broker answers, several topics are asked for together until the deadline', async (t) => {
  stopTime(t);
  const content: Parameters<typeof clusterWith>[0] = { topics: 'silent' };
  const { cluster } = clusterWith(content);

  const outcomes = await timePasses(t, eachTopic(cluster, ['orders', 'bills'], in10s()));

  assert.deepEqual(
    [...outcomes.values()].map((outcome) => 'leaders' in outcome || outcome.status >= 503),
    [true, true],
  );
});

test('a topic that is known stays so for who asks, though others that are learnt take its place', async (t) => {
  stopTime(t);
  const others = Array.from({ length: 10_000 }, (_, i): Parameters<typeof topicOn> => [`other-${i}`, 1]);
  const { cluster } = clusterWith({ topics: [['orders', 1], ...others] });
  const names = others.map(([name]) => name);
  await timePasses(t, knownTopic(cluster, 'orders', in10s()));

  const known = await timePasses(t, knownTopics(cluster, ['orders', ...names], in10s()));

  assert.equal(known.size, names.length + 1);
});
