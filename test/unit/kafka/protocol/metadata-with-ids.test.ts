import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataWithIds } from '../../../../lib/kafka/protocol/metadata-with-ids.ts';
import { Writer } from '../../../../lib/kafka/protocol/wire.ts';
import { compactArray, compactString, NO_TAGS } from '../../../harness/fake-broker/compact.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { withstands } from './withstands.ts';

const request = metadataWithIds(['t', 'u']);
const id = '000102030405060708090a0b0c0d0e0f';
const int32 = (value: number): Buffer => new Writer().int32(value).done();

const partition = Buffer.concat([
  ...[new Writer().int16(0).done(), int32(7), int32(2), int32(5)],
  compactArray([int32(1), int32(2)]),
  compactArray([int32(1)]),
  compactArray([]),
  NO_TAGS,
]);
const topic = (error: number, name: string, topicId: string): Buffer =>
  Buffer.concat([
    ...[new Writer().int16(error).done(), compactString(name), Buffer.from(topicId, 'hex'), Buffer.from([0])],
    ...[compactArray(error === 0 ? [partition, partition] : []), int32(0), NO_TAGS],
  ]);
const broker = Buffer.concat([int32(1), compactString('host'), int32(9092), Buffer.from([0]), NO_TAGS]);
const answer = Buffer.concat([
  ...[NO_TAGS, int32(0), compactArray([broker]), compactString('cluster'), int32(1)],
  ...[compactArray([topic(0, 't', id), topic(3, 'u', '00'.repeat(16))]), NO_TAGS],
]);

test('the request names topics, creates none, and asks for no rights', () => {
  const { key, bytes } = asWeWrite(request);

  assert.equal(key, 3);
  const one = (letter: number) => [...Buffer.alloc(16), 2, letter, 0];
  assert.deepEqual([...bytes], [0, 3, ...one(0x74), ...one(0x75), 0, 0, 0]);
});

test('an answer is read with ids, and without where there is none', () => {
  const read = { error: 0, id: 7, leader: 2, leaderEpoch: 5, replicas: [1, 2], inSyncReplicas: [1] };

  assert.deepEqual(asWeRead(request, answer), {
    ...{ brokers: [{ id: 1, host: 'host', port: 9092 }], clusterId: 'cluster', controller: 1 },
    topics: [
      { error: 0, name: 't', id, internal: false, partitions: [read, read] },
      { error: 3, name: 'u', id: '', internal: false, partitions: [] },
    ],
  });
});

test('answers that are no answers are refused, and do no harm', () => {
  withstands(request, answer);
});
