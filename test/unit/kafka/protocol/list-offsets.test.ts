import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EARLIEST, LATEST, listOffsets } from '../../../../lib/kafka/protocol/list-offsets.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

const epochs = { leaderEpochOf: (topic: string, partition: number) => topic.length + partition };

const kafkajsParameters = (partitions: number[], timestamp: number, isolationLevel: number) => ({
  isolationLevel,
  topics: [{ topic: 'orders', partitions: partitions.map((partition) => ({ partition, timestamp })) }],
});

test('the request is the one that kafkajs writes, for a time, for both ends, and for both isolations', async () => {
  for (const timestamp of [1_735_689_600_123, LATEST, EARLIEST]) {
    assert.deepEqual(
      asWeWrite(listOffsets('orders', [0, 7], timestamp, 'read_uncommitted', epochs), 2),
      await asKafkajsWrites('ListOffsets', 2, kafkajsParameters([0, 7], timestamp, 0)),
    );
    assert.deepEqual(
      asWeWrite(listOffsets('orders', [3], timestamp, 'read_committed', epochs), 2),
      await asKafkajsWrites('ListOffsets', 2, kafkajsParameters([3], timestamp, 1)),
    );
  }
});

test('the ends have the numbers that Kafka gives them', () => {
  assert.deepEqual([LATEST, EARLIEST], [-1, -2]);
});

test('the answer is read as kafkajs reads it', async () => {
  const answers = [
    { partition: 0, error: 0, timestamp: 1_735_689_600_123, offset: 2 ** 40 },
    { partition: 7, error: 6, timestamp: -1, offset: -1 },
  ];
  const answer = listOffsetsAnswer('orders', answers, 2);

  assert.deepEqual(
    asWeRead(listOffsets('orders', [0, 7], LATEST, 'read_committed', epochs), answer, 2),
    answers.map((one) => ({ topic: 'orders', ...one })),
  );
  assert.deepEqual(await asKafkajsReads('ListOffsets', 2, answer, { isolationLevel: 0, topics: [] }), {
    throttleTime: 0,
    responses: [
      {
        topic: 'orders',
        partitions: answers.map(({ partition, error, timestamp, offset }) => ({
          partition,
          errorCode: error,
          timestamp: String(timestamp),
          offset: String(offset),
        })),
      },
    ],
  });
});

test('newer brokers are told the epoch in which each leader is meant', () => {
  const { bytes } = asWeWrite(listOffsets('orders', [0, 7], LATEST, 'read_committed', epochs));
  const answers = [{ partition: 7, error: 75, timestamp: -1, offset: -1 }];

  assert.deepEqual(readListOffsets(bytes).partitions, [
    { topic: 'orders', partition: 0, leaderEpoch: 6, timestamp: LATEST },
    { topic: 'orders', partition: 7, leaderEpoch: 13, timestamp: LATEST },
  ]);
  assert.deepEqual(
    asWeRead(listOffsets('orders', [7], LATEST, 'read_committed', epochs), listOffsetsAnswer('orders', answers)),
    answers.map((one) => ({ topic: 'orders', ...one })),
  );
});
