import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RememberedTopics } from '../../../../lib/kafka/cluster/remembered-topics.ts';
import type { TopicMetadata } from '../../../../lib/kafka/protocol/metadata.ts';

const MOST = 10_000;
const topicOn = (name: string, ...leaders: number[]): TopicMetadata => ({
  ...{ error: 0, name, id: null, internal: false },
  partitions: leaders.map((leader, id) => ({ error: 0, id, leader, leaderEpoch: -1, replicas: [leader], inSyncReplicas: [leader] })),
});
const topics = (count: number, prefix = 'topic') => Array.from({ length: count }, (_, i) => topicOn(`${prefix}-${i}`, 1));

test('a topic that is asked for again is remembered beside new ones, however long it is known', () => {
  const remembered = new RememberedTopics(300_000);
  remembered.learn([topicOn('orders', 1)], 1);
  remembered.learn(topics(MOST - 1), 2);

  remembered.learn([topicOn('orders', 1), topicOn('new', 1)], 3);

  assert.equal(remembered.of('orders')?.asOf, 3);
  assert.equal(remembered.of('new')?.asOf, 3);
  assert.equal(remembered.of('topic-0'), undefined);
});

test('a topic that a starting broker does not know keeps its leaders, however many others are remembered', () => {
  const remembered = new RememberedTopics(300_000);
  remembered.learn([topicOn('orders', 1)], 1);
  remembered.learn(topics(MOST - 1), 2);

  remembered.learn([topicOn('new', 1), { ...topicOn('orders'), error: 3 }], 3);

  assert.deepEqual([...(remembered.of('orders')?.leaders ?? [])], [[0, 1]]);
});

test('all topics of one answer are remembered until the next', () => {
  const remembered = new RememberedTopics(300_000);

  remembered.learn(topics(MOST + 1), 1);
  const first = remembered.of('topic-0');
  remembered.learn(topics(1, 'other'), 2);

  assert.equal(first?.asOf, 1);
  assert.equal(remembered.of('topic-1'), undefined);
  assert.notEqual(remembered.of('topic-2'), undefined);
});

test('what was asked for later, and answered sooner, is newer', () => {
  const remembered = new RememberedTopics(300_000);
  remembered.learn([topicOn('orders', 1, 2)], 20);

  remembered.learn([topicOn('orders', 1)], 10);

  assert.equal(remembered.of('orders')?.leaders.size, 2);
});
