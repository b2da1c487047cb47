import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeShareGroupOffsets } from '../../../../lib/kafka/protocol/describe-share-group-offsets.ts';
import { shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';
import { withstands } from './withstands.ts';

const all = describeShareGroupOffsets('g', null);
const [one, other] = ['000102030405060708090a0b0c0d0e0f', 'ff0102030405060708090a0b0c0d0eff'];

test('the request is about partitions, or about all that the group has: null', () => {
  const some = asWeWrite(describeShareGroupOffsets('g', [{ topic: 't', partitions: [3, 258] }]));

  assert.equal(some.key, 90);
  assert.deepEqual([...some.bytes], [0, 2, 2, 0x67, 2, 2, 0x74, 3, 0, 0, 0, 3, 0, 0, 1, 2, 0, 0, 0]);
  assert.deepEqual([...asWeWrite(all).bytes], [0, 2, 2, 0x67, 0, 0, 0]);
});

test('an answer is read with the ids of the topics, the offsets and how far behind they are', () => {
  const offset = fc.integer({ min: -1, max: 2 ** 52 });
  const found = (topic: string, topicId: string) =>
    fc.array(
      record({
        ...{ topic: fc.constant(topic), topicId: fc.constant(topicId), partition: fc.nat(2 ** 31 - 1) },
        ...{ startOffset: offset, lag: offset, error: fc.constantFrom(0, 3, 29) },
      }),
      { maxLength: 10 },
    );

  fc.assert(
    fc.property(found('t', one), found('ä', other), (first, second) => {
      const offsets = [...first, ...second];

      assert.deepEqual(asWeRead(all, shareOffsetsAnswer('g', { offsets }), 1, 1), { error: 0, offsets });
    }),
  );
});

test('a refusal, and an answer without the group, are no success', () => {
  assert.deepEqual(asWeRead(all, shareOffsetsAnswer('g', { error: 69 }), 1, 1), { error: 69, offsets: [] });
  assert.deepEqual(asWeRead(all, Buffer.from([0, 0, 0, 0, 0, 1, 0]), 1, 1), { error: -1, offsets: [] });
});

test('answers that are no answers are refused, and do no harm', () => {
  const answer = shareOffsetsAnswer('g', { offsets: [{ topic: 't', topicId: one, partition: 1, startOffset: 5, lag: 7 }] });

  withstands(all, answer, answer.length - 1);
});
