import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { metadataAnswer, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes, and never creates a topic', async () => {
  const topics = ['orders', 'clicks'];

  assert.deepEqual(asWeWrite(metadata(topics), 5), await asKafkajsWrites('Metadata', 5, { topics, allowAutoTopicCreation: false }));
  assert.deepEqual(asWeWrite(metadata(null), 5), await asKafkajsWrites('Metadata', 5, { topics: [], allowAutoTopicCreation: false }));
});

test('no topics and all topics are two different requests', () => {
  assert.deepEqual(readMetadata(asWeWrite(metadata([])).bytes), { topics: [], mayCreate: false });
  assert.deepEqual(readMetadata(asWeWrite(metadata(null)).bytes), { topics: null, mayCreate: false });
});

test('the answer is read as kafkajs reads it', async () => {
  const partitions = [
    { error: 0, id: 0, leader: 2, leaderEpoch: -1, replicas: [2, 1], inSyncReplicas: [2], offline: [1] },
    { error: 5, id: 1, leader: -1, leaderEpoch: -1, replicas: [1, 2], inSyncReplicas: [], offline: [1, 2] },
  ];
  const brokers = [
    { id: 1, host: 'one.example', port: 9092, rack: 'a' },
    { id: 2, host: '::1', port: 19_092, rack: null },
  ];
  const topics = [
    { error: 0, name: 'orders', internal: false, partitions },
    { error: 0, name: '__consumer_offsets', internal: true, partitions: [] },
    { error: 3, name: 'nope', internal: false, partitions: [] },
  ];
  const answer = metadataAnswer({ brokers, clusterId: 'c1', controller: 2, topics }, 5);

  const ours = asWeRead(metadata(null), answer, 5);

  assert.deepEqual(ours, {
    brokers: brokers.map(({ id, host, port }) => ({ id, host, port })),
    clusterId: 'c1',
    controller: 2,
    topics: topics.map((topic) => ({ ...topic, id: null, partitions: topic.partitions.map(({ offline, ...partition }) => partition) })),
  });
  assert.deepEqual(await asKafkajsReads('Metadata', 5, answer), {
    throttleTime: 0,
    brokers: brokers.map(({ id, ...broker }) => ({ nodeId: id, ...broker })),
    clusterId: 'c1',
    controllerId: 2,
    topicMetadata: topics.map(({ error, name, internal, partitions: described }) => ({
      topicErrorCode: error,
      topic: name,
      isInternal: internal,
      partitionMetadata: described.map((one) => ({
        partitionErrorCode: one.error,
        partitionId: one.id,
        leader: one.leader,
        replicas: one.replicas,
        isr: one.inSyncReplicas,
        offlineReplicas: one.offline,
      })),
    })),
  });
});

test('newer brokers tell the epoch of each leader', () => {
  const partition = { error: 0, id: 0, leader: 2, leaderEpoch: 7, replicas: [2, 1], inSyncReplicas: [2] };

  const { topics } = asWeRead(metadata(['orders']), metadataAnswer({ topics: [{ name: 'orders', partitions: [partition] }] }));

  assert.deepEqual(asWeWrite(metadata(['orders'])), asWeWrite(metadata(['orders']), 5));
  assert.deepEqual(topics[0].partitions, [partition]);
});

test('a cluster without an id, and one that has lost its controller, are read', () => {
  const { clusterId, controller } = asWeRead(metadata([]), metadataAnswer({}));

  assert.equal(clusterId, null);
  assert.equal(controller, -1);
});
