import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberOffsetCommit } from '../../../../lib/kafka/protocol/member-offset-commit.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';

test('offsets are written topic by topic, with the epoch of the member; -1 for none', () => {
  const offsets = [
    { topic: 't', partition: 1, offset: 258, metadata: 'x' },
    { topic: 't', partition: 2, offset: -1 },
  ];

  const { key, bytes } = asWeWrite(memberOffsetCommit('g', { memberId: 'm', epoch: 7 }, offsets));

  assert.equal(key, 8);
  const first = [...[0, 0, 0, 1], ...[0, 0, 0, 0, 0, 0, 1, 2], ...[0xff, 0xff, 0xff, 0xff], ...[2, 0x78], 0];
  const second = [...[0, 0, 0, 2], ...Array<number>(8).fill(0xff), ...[0xff, 0xff, 0xff, 0xff], 0, 0];
  assert.deepEqual([...bytes], [0, 2, 0x67, 0, 0, 0, 7, 2, 0x6d, 0, 2, 2, 0x74, 3, ...first, ...second, 0, 0]);
});

test('an answer is read partition by partition', () => {
  const answer = Buffer.from([0, ...[0, 0, 0, 0], 2, ...[2, 0x74], 3, ...[0, 0, 0, 1, 0, 0, 0], ...[0, 0, 0, 2, 0, 113, 0], 0, 0]);

  assert.deepEqual(asWeRead(memberOffsetCommit('g', { memberId: 'm', epoch: 1 }, []), answer), [
    { topic: 't', partition: 1, error: 0 },
    { topic: 't', partition: 2, error: 113 },
  ]);
});
