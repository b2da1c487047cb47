import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shareFetch } from '../../../../lib/kafka/protocol/share-fetch.ts';
import { shareFetchAnswer } from '../../../harness/fake-broker/share-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';
import { withstands } from './withstands.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
/** What follows the topics, and nobody asks for: where the leaders are, none here, and tagged fields. */
const ENDPOINTS = 2;
const idBytes = Buffer.from(topicId, 'hex');
const query = { group: 'g', member: 'm', epoch: 0, waitMs: 100, maxBytes: 1000, maxRecords: 10, topics: [{ topicId, partitions: [7] }] };

test('the request asks for so many records and no more, and acknowledges none', () => {
  const { key, bytes } = asWeWrite(shareFetch(query));

  assert.equal(key, 78);
  const numbers = [0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 3, 0xe8, 0, 0, 0, 10, 0, 0, 0, 10, 1, 0];
  assert.deepEqual(bytes, Buffer.from([0, 2, 0x67, 2, 0x6d, ...numbers, 2, ...idBytes, 2, 0, 0, 0, 7, 1, 0, 0, 1, 0]));
});

test('the answer has the batches of a partition, what of them was acquired, and how often it was delivered', () => {
  const errors = [0, 0, 0, 0, 0, 0];
  const leader = [0, 0, 0, 1, 0, 0, 0, 3, 0];
  const acquired = [2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 6, 0, 2, 0];
  const partition = [0, 0, 0, 7, ...errors, ...leader, 4, 1, 2, 3, ...acquired, 0];
  const answer = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a, 0x98, 2, ...idBytes, 2, ...partition, 0, 1, 0]);

  const { partitions, ...rest } = asWeRead(shareFetch(query), answer, 2, ENDPOINTS);

  assert.deepEqual(rest, { error: 0, lockMs: 15_000 });
  const [{ bytes, start, end, ...one }] = partitions;
  assert.deepEqual(one, { topicId, partition: 7, error: 0, acquired: [{ first: 4, last: 6, deliveries: 2 }] });
  assert.deepEqual([...bytes.subarray(start, end)], [1, 2, 3]);
});

test('partitions of several topics are read, each with its batches, its ranges and its refusal', () => {
  const offset = fc.nat(2 ** 31 - 1);
  const range = record({ first: offset, last: offset, deliveries: fc.nat(32_767) });
  const partition = record({
    ...{ topicId: fc.constantFrom(topicId, 'ff'.repeat(16)), partition: fc.nat(2 ** 31 - 1), error: fc.constantFrom(0, 6, -1) },
    batches: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    acquired: fc.array(range, { maxLength: 5 }),
  });

  fc.assert(
    fc.property(fc.array(partition, { maxLength: 6 }), fc.nat(2 ** 31 - 1), (partitions, lockMs) => {
      const read = asWeRead(shareFetch(query), shareFetchAnswer({ lockMs, partitions }), 2, ENDPOINTS);

      const plain = read.partitions.map(({ bytes, start, end, ...rest }) => ({
        ...rest,
        batches: Buffer.from(bytes.subarray(start, end)),
      }));
      const byTopic = [...Map.groupBy(partitions, ({ topicId: id }) => id).values()].flat();
      assert.deepEqual({ ...read, partitions: plain }, { error: 0, lockMs, partitions: byTopic });
    }),
  );
});

test('a partition without batches, and a refusal of all, are read', () => {
  const none = asWeRead(shareFetch(query), shareFetchAnswer({ partitions: [{ topicId, partition: 0, batches: null }] }), 2, ENDPOINTS);
  const refused = asWeRead(shareFetch(query), shareFetchAnswer({ error: 133, lockMs: 0 }), 2, ENDPOINTS);

  assert.deepEqual([none.partitions[0].end - none.partitions[0].start, none.partitions[0].acquired], [0, []]);
  assert.deepEqual(refused, { error: 133, lockMs: 0, partitions: [] });
});

test('answers that are no answers are refused, and do no harm', () => {
  const acquired = [{ first: 4, last: 6, deliveries: 2 }];
  const answer = shareFetchAnswer({ partitions: [{ topicId, partition: 7, batches: Buffer.from([1, 2, 3]), acquired }] });

  withstands(shareFetch(query), answer, answer.length - ENDPOINTS);
});
