import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_TOPIC_OR_PARTITION } from '../../../../lib/kafka/error-codes.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith, in10s } from './asked-leaders.ts';

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

test('a leader that is cut off at the deadline does not hide that there was none before', async (t) => {
  stopTime(t);
  let asked = 0;
  const { ask } = clusterWith({ answer: (_, partitions) => (++asked > 1 ? new Promise(() => {}) : partitions.map(() => 6)) });

  await assert.rejects(timePasses(t, ask([0], Date.now() + 2000)), { name: 'KafkaUnavailable', status: 503 });
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
