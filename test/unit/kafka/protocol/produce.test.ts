import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneOf, produce } from '../../../../lib/kafka/protocol/produce.ts';
import { stamp, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { type ProducedPartition, produceAnswer, readProduce } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

const batchOf = (value: string, timestamp: number) => {
  const batch = writeBatch([{ ...recordOf(value, timestamp), key: { bytes: Buffer.from('key'), start: 0, end: 3 } }]);
  batch.writeInt32BE(0, 12); // kafkajs writes 0 for the leader's epoch, which brokers set
  stamp(batch, 9n, 1, 3);
  return batch;
};
const batches = [
  { topic: 'orders', partition: 4, batch: batchOf('first', 5000) },
  { topic: 'clicks', partition: 0, batch: batchOf('second', 6000) },
  { topic: 'orders', partition: 1, batch: batchOf('third', 7000) },
];

test('the request is the one that kafkajs writes: batches by topic, in every version', async () => {
  const partition = (number: number, value: string, timestamp: number) => ({
    partition: number,
    firstSequence: 3,
    messages: [{ key: Buffer.from('key'), value: Buffer.from(value), timestamp }],
  });
  const parameters = {
    acks: -1,
    timeout: 1500,
    transactionalId: null,
    producerId: 9,
    producerEpoch: 1,
    topicData: [
      { topic: 'orders', partitions: [partition(4, 'first', 5000), partition(1, 'third', 7000)] },
      { topic: 'clicks', partitions: [partition(0, 'second', 6000)] },
    ],
  };
  const request = produce(batches, -1, 1500);

  for (let version = request.versions.min; version <= 7; version++) {
    assert.deepEqual(asWeWrite(request, version), await asKafkajsWrites('Produce', version, parameters), `version ${version}`);
  }
  assert.deepEqual(asWeWrite(request, 8), asWeWrite(request, 7), 'version 8 differs in its answer only');
});

test('batches are sent as they are, without a copy', () => {
  const parts = produce(batches, 1, 1500).encode(8);

  for (const { batch } of batches) assert.ok(parts.includes(batch));
});

test('the acknowledgements asked for are in the request', () => {
  for (const acks of [-1, 0, 1] as const) {
    const { bytes } = asWeWrite(produce(batches, acks, 700));

    assert.deepEqual([readProduce(bytes).acks, readProduce(bytes).timeoutMs], [acks, 700]);
  }
});

const answers: ProducedPartition[] = [
  { topic: 'orders', partition: 4, error: 0, baseOffset: 2 ** 40, appendTime: -1 },
  { topic: 'orders', partition: 1, error: 87, baseOffset: -1, appendTime: -1, refusedRecords: [0, 2] },
  { topic: 'clicks', partition: 0, error: 0, baseOffset: 12, appendTime: 1_735_689_600_123 },
];

test('the answer is read as kafkajs reads it, in every version', async () => {
  const request = produce(batches, -1, 1500);
  for (let version = request.versions.min; version <= 7; version++) {
    const bytes = produceAnswer(version, answers);

    const ours = asWeRead(request, bytes, version, 4);

    const theirs = JSON.parse(JSON.stringify(await asKafkajsReads('Produce', version, bytes, { topicData: [] })));
    assert.equal(theirs.topics.flatMap(({ partitions }: { partitions: object[] }) => partitions).length, 3);
    for (const { topicName, partitions } of theirs.topics) {
      for (const { partition, errorCode, baseOffset, logAppendTime } of partitions) {
        const { error, baseOffset: offset, appendTime } = ours.get(laneOf(topicName, partition)) ?? assert.fail();
        assert.deepEqual([error, String(offset), String(appendTime)], [errorCode, baseOffset, logAppendTime]);
      }
    }
  }
});

test('version 8 names the records that Kafka refused a batch for', () => {
  const read = asWeRead(produce(batches, -1, 1500), produceAnswer(8, answers), 8, 4);

  assert.deepEqual(read.get(laneOf('orders', 4)), { error: 0, baseOffset: 2 ** 40, appendTime: -1, refusedRecords: [] });
  assert.deepEqual(read.get(laneOf('orders', 1)), { error: 87, baseOffset: -1, appendTime: -1, refusedRecords: [0, 2] });
  assert.deepEqual(read.get(laneOf('clicks', 0)), { error: 0, baseOffset: 12, appendTime: 1_735_689_600_123, refusedRecords: [] });
});

test('lanes of different topics and partitions have different names', () => {
  const lanes = [laneOf('a', 1), laneOf('a', 11), laneOf('a1', 1), laneOf('a-1', 1), laneOf('b', 1)];

  assert.equal(new Set(lanes).size, lanes.length);
});
