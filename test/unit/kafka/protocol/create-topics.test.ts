import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTopics } from '../../../../lib/kafka/protocol/create-topics.ts';
import { createTopicsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

/** kafkajs stops at version 3; version 4 has the same layout. */
const KAFKAJS_VERSION = 3;

test('the request is the one that kafkajs writes', async () => {
  const configs = { 'cleanup.policy': 'compact', 'retention.ms': '1000' };
  const topic = { topic: 'orders', numPartitions: 6, replicationFactor: 3 };

  const ours = asWeWrite(createTopics({ name: 'orders', partitions: 6, replicationFactor: 3, configs }, 9000));

  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const parameters = { topics: [{ ...topic, configEntries }], timeout: 9000, validateOnly: false };
  assert.deepEqual(ours, await asKafkajsWrites('CreateTopics', KAFKAJS_VERSION, parameters));
});

test('replicas are where they are to be, and nothing is made of a request to validate', async () => {
  const replicas = [
    { partition: 0, brokers: [1, 2] },
    { partition: 1, brokers: [2, 1] },
  ];

  const ours = asWeWrite(createTopics({ name: 'orders', partitions: -1, replicationFactor: -1, replicas, configs: {} }, 9000, true));

  const replicaAssignment = replicas.map(({ partition, brokers }) => ({ partition, replicas: brokers }));
  const topic = { topic: 'orders', numPartitions: -1, replicationFactor: -1, replicaAssignment };
  assert.deepEqual(ours, await asKafkajsWrites('CreateTopics', KAFKAJS_VERSION, { topics: [topic], timeout: 9000, validateOnly: true }));
});

test('what is left to the broker is -1, which version 4 is the first to take', async () => {
  const request = createTopics({ name: 'orders', partitions: -1, replicationFactor: -1, configs: {} }, 9000);

  const theirs = await asKafkajsWrites('CreateTopics', KAFKAJS_VERSION, { topics: [{ topic: 'orders' }], timeout: 9000 });

  assert.deepEqual(asWeWrite(request), theirs);
  assert.equal(request.versions.min, 4);
});

test("the answer is read as kafkajs reads it, with the broker's words", async () => {
  const request = createTopics({ name: 'orders', partitions: 1, replicationFactor: 1, configs: {} }, 9000);
  const refusal = createTopicsAnswer('orders', 36, "Topic 'orders' already exists.");

  assert.deepEqual(asWeRead(request, refusal), { error: 36, message: "Topic 'orders' already exists." });
  assert.deepEqual(await asKafkajsReads('CreateTopics', KAFKAJS_VERSION, refusal), {
    throttleTime: 0,
    clientSideThrottleTime: 0,
    topicErrors: [{ topic: 'orders', errorCode: 36, errorMessage: "Topic 'orders' already exists." }],
  });
  assert.deepEqual(asWeRead(request, createTopicsAnswer('orders', 0, null)), { error: 0, message: null });
});

test('an answer without the topic is no success', () => {
  const request = createTopics({ name: 'orders', partitions: 1, replicationFactor: 1, configs: {} }, 9000);

  assert.deepEqual(asWeRead(request, Buffer.alloc(8)), { error: -1, message: null });
});
