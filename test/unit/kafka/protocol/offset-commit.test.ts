import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { offsetCommit } from '../../../../lib/kafka/protocol/offset-commit.ts';
import { offsetCommitAnswer, readOffsetCommit } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsReads, asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

const topic = fc.constantFrom('orders', 'clicks', 'a');
const partition = fc.nat(2 ** 31 - 1);

test('offsets are committed by nobody in particular, topic by topic', () => {
  const offset = record({
    ...{ topic, partition, offset: fc.maxSafeInteger() },
    metadata: fc.option(fc.string({ unit: 'binary', maxLength: 200 })),
  });

  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(offset, { maxLength: 20 }), (group, offsets) => {
      const read = readOffsetCommit(asWeWrite(offsetCommit(group, offsets)).bytes);

      const inOrder = [...Map.groupBy(offsets, (one) => one.topic).values()].flat();
      assert.deepEqual(read, {
        ...{ group, generation: -1, member: '', instance: null },
        offsets: inOrder.map((one) => ({ ...one, leaderEpoch: -1 })),
      });
    }),
  );
});

test('metadata may be left out', () => {
  const { offsets } = readOffsetCommit(asWeWrite(offsetCommit('g', [{ topic: 'orders', partition: 0, offset: 1 }])).bytes);

  assert.equal(offsets[0].metadata, null);
});

test('the answer is read as kafkajs reads it', async () => {
  const results = [
    { topic: 'orders', partition: 0, error: 0 },
    { topic: 'orders', partition: 1, error: 25 },
    { topic: 'clicks', partition: 7, error: 3 },
  ];
  const answer = offsetCommitAnswer(results);

  assert.deepEqual(asWeRead(offsetCommit('g', []), answer), results);
  assert.deepEqual(await asKafkajsReads('OffsetCommit', 5, answer, { topics: [] }), {
    ...{ throttleTime: 0, clientSideThrottleTime: 0 },
    responses: [
      {
        topic: 'orders',
        partitions: [
          { partition: 0, errorCode: 0 },
          { partition: 1, errorCode: 25 },
        ],
      },
      { topic: 'clicks', partitions: [{ partition: 7, errorCode: 3 }] },
    ],
  });
});
