import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { offsetFetch } from '../../../../lib/kafka/protocol/offset-fetch.ts';
import { offsetFetchAnswer, readOffsetFetch } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

/** kafkajs stops at version 4, whose request is the same. */
const KAFKAJS_VERSION = 4;

test('the request is the one that kafkajs writes', async () => {
  const topics = [
    { topic: 'orders', partitions: [0, 7] },
    { topic: 'clicks', partitions: [2] },
  ];
  const theirs = await asKafkajsWrites('OffsetFetch', KAFKAJS_VERSION, {
    groupId: 'g',
    topics: topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.map((partition) => ({ partition })) })),
  });

  assert.deepEqual(asWeWrite(offsetFetch('g', topics)), theirs);
});

test('no topics and all topics are two different requests', () => {
  assert.deepEqual(readOffsetFetch(asWeWrite(offsetFetch('g', [])).bytes), { group: 'g', topics: [] });
  assert.deepEqual(readOffsetFetch(asWeWrite(offsetFetch('g', null)).bytes), { group: 'g', topics: null });
});

test('offsets are read', () => {
  const offset = record({
    ...{ topic: fc.constantFrom('a', 'b', ''), partition: fc.nat(2 ** 31 - 1), offset: fc.integer({ min: -1, max: 2 ** 53 - 1 }) },
    ...{ leaderEpoch: fc.integer({ min: -1 }), metadata: fc.string({ unit: 'binary', maxLength: 4096 }), error: fc.nat(130) },
  });

  fc.assert(
    fc.property(fc.array(offset, { maxLength: 20 }), fc.nat(130), (offsets, error) => {
      const read = asWeRead(offsetFetch('g', null), offsetFetchAnswer(offsets, error));

      assert.deepEqual(read, { error, offsets: [...Map.groupBy(offsets, ({ topic }) => topic).values()].flat() });
    }),
  );
});

test('an offset without metadata has an empty one', () => {
  const answer = offsetFetchAnswer([{ topic: 'orders', partition: 0, offset: 7, metadata: null }]);

  assert.equal(asWeRead(offsetFetch('g', null), answer).offsets[0].metadata, '');
});
