import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareAcknowledge } from '../../../../lib/kafka/protocol/share-acknowledge.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
/** What follows the topics, and nobody asks for: where the leaders are, none here, and tagged fields. */
const ENDPOINTS = 2;
const idBytes = Buffer.from(topicId, 'hex');

test('the request holds ranges by topic and partition, in the order of their offsets, and says whether it renews', () => {
  const ranges = [
    { topicId, partition: 2, first: 5, last: 6 },
    { topicId, partition: 2, first: 1, last: 1 },
  ];
  const { key, bytes } = asWeWrite(shareAcknowledge({ group: 'g', member: 'm', epoch: -1, type: 'renew', ranges }));

  assert.equal(key, 79);
  const head = [0, 2, 0x67, 2, 0x6d, 0xff, 0xff, 0xff, 0xff, 1, 2];
  const one = (first: number, last: number) => [0, 0, 0, 0, 0, 0, 0, first, 0, 0, 0, 0, 0, 0, 0, last, 2, 4, 0];
  assert.deepEqual(bytes, Buffer.from([...head, ...idBytes, 2, 0, 0, 0, 2, 3, ...one(1, 1), ...one(5, 6), 0, 0, 0]));
});

test('the answer says how long locks are, and of each partition whether it was refused', () => {
  const partition = [0, 0, 0, 2, 0, 121, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0];
  const answer = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a, 0x98, 2, ...idBytes, 2, ...partition, 0, 1, 0]);

  const read = asWeRead(shareAcknowledge({ group: 'g', member: 'm', epoch: 1, type: 'accept', ranges: [] }), answer, 2, ENDPOINTS);

  assert.deepEqual(read, { error: 0, lockMs: 15_000, partitions: [{ topicId, partition: 2, error: 121 }] });
});
