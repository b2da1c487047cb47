import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberOffsetFetch } from '../../../../lib/kafka/protocol/member-offset-fetch.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

const member = { memberId: 'm', epoch: 7 };

test('offsets are asked for topic by topic, by the member at its epoch, and must be stable', () => {
  const { key, bytes } = asWeWrite(memberOffsetFetch('g', member, [{ topic: 't', partitions: [1, 2] }]));

  assert.equal(key, 9);
  const topic = [...[2, 0x74], 3, ...[0, 0, 0, 1], ...[0, 0, 0, 2], 0];
  assert.deepEqual([...bytes], [0, 2, ...[2, 0x67], ...[2, 0x6d], ...[0, 0, 0, 7], 2, ...topic, 0, 1, 0]);
});

test('an answer is read partition by partition', () => {
  const first = [...[0, 0, 0, 1], ...[0, 0, 0, 0, 0, 0, 1, 2], ...[0, 0, 0, 5], ...[2, 0x78], 0, 0, 0];
  const second = [...[0, 0, 0, 2], ...Array<number>(8).fill(0xff), ...[0xff, 0xff, 0xff, 0xff], 0, 0, 29, 0];
  const answer = Buffer.from([0, ...[0, 0, 0, 0], 2, ...[2, 0x67], 2, ...[2, 0x74], 3, ...first, ...second, 0, ...[0, 0], 0, 0]);

  assert.deepEqual(asWeRead(memberOffsetFetch('g', member, []), answer), {
    error: 0,
    offsets: [
      { topic: 't', partition: 1, offset: 258, leaderEpoch: 5, metadata: 'x', error: 0 },
      { topic: 't', partition: 2, offset: -1, leaderEpoch: -1, metadata: '', error: 29 },
    ],
  });
});

test('a member that is refused reads as its error, without offsets', () => {
  const answer = Buffer.from([0, ...[0, 0, 0, 0], 2, ...[2, 0x67], 1, ...[0, 113], 0, 0]);

  assert.deepEqual(asWeRead(memberOffsetFetch('g', member, []), answer), { error: 113, offsets: [] });
});
