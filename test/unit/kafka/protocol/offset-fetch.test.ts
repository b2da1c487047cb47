import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { offsetFetch } from '../../../../lib/kafka/protocol/offset-fetch.ts';
import { offsetFetchAnswer, readOffsetFetch } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

/** kafkajs stops at version 4, whose request is the same as that of version 5. */
const KAFKAJS_VERSION = 4;
const OLD = 5;

test('the request to an old broker is the one that kafkajs writes', async () => {
  const topics = [
    { topic: 'orders', partitions: [0, 7] },
    { topic: 'clicks', partitions: [2] },
  ];
  const theirs = await asKafkajsWrites('OffsetFetch', KAFKAJS_VERSION, {
    groupId: 'g',
    topics: topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.map((partition) => ({ partition })) })),
  });

  assert.deepEqual(asWeWrite(offsetFetch('g', topics, true), OLD), theirs);
});

test('no topics and all topics are two different requests', () => {
  for (const requireStable of [true, false]) {
    const read = (topics: [] | null) => readOffsetFetch(asWeWrite(offsetFetch('g', topics, requireStable)).bytes);

    assert.deepEqual(read([]), { group: 'g', topics: [], requireStable });
    assert.deepEqual(read(null), { group: 'g', topics: null, requireStable });
  }
  const readOld = (topics: [] | null) => readOffsetFetch(asWeWrite(offsetFetch('g', topics, true), OLD).bytes, OLD);
  assert.deepEqual(
    [readOld([]), readOld(null)],
    [
      { group: 'g', topics: [], requireStable: null },
      { group: 'g', topics: null, requireStable: null },
    ],
  );
});

test('topics and partitions are written, and whether their offsets must be stable', () => {
  const topics = [
    { topic: 'orders', partitions: [0, 7] },
    { topic: 'clicks', partitions: [2] },
  ];

  assert.deepEqual(readOffsetFetch(asWeWrite(offsetFetch('g', topics, true)).bytes), { group: 'g', topics, requireStable: true });
});

test('a broker of Kafka 2.4, whose version is between the two, is asked for offsets of any state', () => {
  const topics = [{ topic: 'orders', partitions: [0, 7] }];

  assert.deepEqual(readOffsetFetch(asWeWrite(offsetFetch('g', topics, true), 6).bytes, 6), { group: 'g', topics, requireStable: null });
});

test('offsets are read, in each version', () => {
  const offset = record({
    ...{ topic: fc.constantFrom('a', 'b', ''), partition: fc.nat(2 ** 31 - 1), offset: fc.integer({ min: -1, max: 2 ** 53 - 1 }) },
    ...{ leaderEpoch: fc.integer({ min: -1 }), metadata: fc.string({ unit: 'binary', maxLength: 4096 }), error: fc.nat(130) },
  });

  fc.assert(
    fc.property(fc.array(offset, { maxLength: 20 }), fc.nat(130), fc.constantFrom(5, 6, 7), (offsets, error, version) => {
      const read = asWeRead(offsetFetch('g', null, true), offsetFetchAnswer(offsets, error, version), version);

      assert.deepEqual(read, { error, offsets: [...Map.groupBy(offsets, ({ topic }) => topic).values()].flat() });
    }),
  );
});

test('an offset without metadata has an empty one', () => {
  for (const version of [OLD, 7]) {
    const answer = offsetFetchAnswer([{ topic: 'orders', partition: 0, offset: 7, metadata: null }], 0, version);

    assert.equal(asWeRead(offsetFetch('g', null, true), answer, version).offsets[0].metadata, '');
  }
});

test('the throttle time of an answer is found in each version', () => {
  const { throttle } = offsetFetch('g', null, true);
  assert.ok(typeof throttle === 'function');

  assert.deepEqual([throttle(offsetFetchAnswer([], 0, OLD), OLD), throttle(offsetFetchAnswer([], 0, 7), 7)], [0, 1]);
});
