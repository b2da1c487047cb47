import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareFetch } from '../../../../lib/kafka/protocol/share-fetch.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

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
