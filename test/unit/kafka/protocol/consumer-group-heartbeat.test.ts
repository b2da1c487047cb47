import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askingHeartbeat, briefHeartbeat, consumerGroupHeartbeat, LEAVE } from '../../../../lib/kafka/protocol/consumer-group-heartbeat.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
const idBytes = [...Buffer.from(topicId, 'hex')];

test('a heartbeat that says all has topics, the pattern and what is owned, and leaves out instance, rack and assignor', () => {
  const request = consumerGroupHeartbeat({
    ...{ group: 'g', memberId: 'm', epoch: 7, rebalanceTimeoutMs: 258, topics: ['t'], pattern: '' },
    owned: [{ topicId, partitions: [3] }],
  });

  const { key, bytes } = asWeWrite(request);

  assert.equal(key, 68);
  const expected = [0, ...[2, 0x67], ...[2, 0x6d], ...[0, 0, 0, 7], 0, 0, ...[0, 0, 1, 2], ...[2, 2, 0x74], 1, 0];
  assert.deepEqual([...bytes], [...expected, ...[2, ...idBytes, 2, 0, 0, 0, 3, 0], 0]);
});

test('one that asks says all but the topics, and that there is no pattern', () => {
  const request = askingHeartbeat({ group: 'g', memberId: 'm', epoch: 7, rebalanceTimeoutMs: 258, owned: [{ topicId, partitions: [3] }] });

  const { bytes } = asWeWrite(request);

  const expected = [0, ...[2, 0x67], ...[2, 0x6d], ...[0, 0, 0, 7], 0, 0, ...[0, 0, 1, 2], 0, 1, 0];
  assert.deepEqual([...bytes], [...expected, ...[2, ...idBytes, 2, 0, 0, 0, 3, 0], 0]);
});

test('a brief one leaves all out: nulls', () => {
  const { bytes } = asWeWrite(briefHeartbeat('g', 'm', LEAVE));

  assert.deepEqual([...bytes], [0, 2, 0x67, 2, 0x6d, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0]);
});

test('an answer is read with the assignment, and without one', () => {
  const request = briefHeartbeat('g', 'm', 1);
  const head = [0, ...[0, 0, 0, 0], ...[0, 0], 0, ...[2, 0x6d], ...[0, 0, 0, 9], ...[0, 0, 0x13, 0x88]];

  const assigned = asWeRead(request, Buffer.from([...head, 1, 2, ...idBytes, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]));
  const none = asWeRead(request, Buffer.from([...head, 0xff, 0]));

  assert.deepEqual(assigned, { error: 0, message: null, epoch: 9, intervalMs: 5000, assignment: [{ topicId, partitions: [1, 2] }] });
  assert.deepEqual(none, { error: 0, message: null, epoch: 9, intervalMs: 5000, assignment: null });
});

test('a refusal is read with the words of the broker', () => {
  const refused = [0, ...[0, 0, 0, 0], ...[0, 110], ...[3, 0x6e, 0x6f], 0, ...[0, 0, 0, 0], ...[0, 0, 0, 0], 0xff, 0];

  assert.deepEqual(asWeRead(briefHeartbeat('g', 'm', 1), Buffer.from(refused)), {
    error: 110,
    message: 'no',
    epoch: 0,
    intervalMs: 0,
    assignment: null,
  });
});
