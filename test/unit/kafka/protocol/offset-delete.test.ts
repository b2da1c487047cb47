import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetDelete } from '../../../../lib/kafka/protocol/offset-delete.ts';
import { offsetDeleteAnswer, readOffsetDelete } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

test('the request names the group and the partitions of each topic', () => {
  const topics = [
    { topic: 'orders', partitions: [0, 7] },
    { topic: 'clicks', partitions: [] },
  ];

  const { key, bytes } = asWeWrite(offsetDelete('g', topics));

  assert.equal(key, 47);
  assert.deepEqual(readOffsetDelete(bytes), { group: 'g', topics });
});

test('what became of the group and of each partition is read', () => {
  const partitions = [
    { topic: 'orders', partition: 0, error: 86 },
    { topic: 'clicks', partition: 7, error: 0 },
  ];

  assert.deepEqual(asWeRead(offsetDelete('g', []), offsetDeleteAnswer(partitions)), { error: 0, partitions });
  assert.deepEqual(asWeRead(offsetDelete('g', []), offsetDeleteAnswer([], 69)), { error: 69, partitions: [] });
});

test('its throttle time comes behind the error', () => {
  const { throttle } = offsetDelete('g', []);
  assert.ok(typeof throttle === 'function');
  const answer = offsetDeleteAnswer([], 69);

  answer.writeInt32BE(1234, throttle(answer, 0));

  assert.deepEqual(asWeRead(offsetDelete('g', []), answer), { error: 69, partitions: [] });
});
