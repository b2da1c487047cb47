import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FetchQuery, fetch } from '../../../../lib/kafka/protocol/fetch.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { fetchAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';
import { withstands } from './withstands.ts';

const query: FetchQuery = {
  topic: 'orders',
  partition: 7,
  leaderEpoch: 3,
  offset: 2 ** 40,
  waitMs: 900,
  minBytes: 2,
  maxBytes: 1_000_000,
  isolation: 'read_committed',
};

const asKafkajsWritesQuery = ({ topic, partition, leaderEpoch, offset, waitMs, minBytes, maxBytes, isolation }: FetchQuery) =>
  asKafkajsWrites('Fetch', 10, {
    maxWaitTime: waitMs,
    minBytes,
    maxBytes,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    topics: [{ topic, partitions: [{ partition, currentLeaderEpoch: leaderEpoch, fetchOffset: offset, maxBytes }] }],
  });

test('the request is the one that kafkajs writes: one partition, no session', async () => {
  assert.deepEqual(asWeWrite(fetch(query)), await asKafkajsWritesQuery(query));
  const other: FetchQuery = { ...query, offset: 0, waitMs: 0, isolation: 'read_uncommitted' };
  assert.deepEqual(asWeWrite(fetch(other)), await asKafkajsWritesQuery(other));
});

test('it is of a version that the leader alone answers: from 11 on any replica does', () => {
  assert.ok(fetch(query).versions.max < 11);
});

test('only a request that the broker may hold back is one that waits', () => {
  assert.equal(fetch(query).waits, true);
  assert.equal(fetch({ ...query, waitMs: 0 }).waits, false);
});

test('the answer is read as kafkajs reads it, and says where the batches lie', async () => {
  const batches = inLog(writeBatch([recordOf('first'), recordOf('second')]), { baseOffset: 40 });
  const aborted = [
    { producerId: 2n ** 62n, firstOffset: 38 },
    { producerId: 5n, firstOffset: 2 ** 41 },
  ];
  const answer = fetchAnswer({ topic: 'orders', partition: 7, highWatermark: 2 ** 42, logStartOffset: 12, aborted, batches });

  const ours = asWeRead(fetch(query), answer);

  assert.deepEqual([ours.error, ours.highWatermark, ours.logStartOffset, ours.aborted], [0, 2 ** 42, 12, aborted]);
  assert.deepEqual(ours.bytes.subarray(ours.start, ours.end), batches);
  const theirs = JSON.parse(JSON.stringify(await asKafkajsReads('Fetch', 10, answer, { topics: [] })));
  const [{ messages, ...partition }] = theirs.responses[0].partitions;
  assert.deepEqual(partition, {
    partition: 7,
    errorCode: 0,
    highWatermark: String(2 ** 42),
    lastStableOffset: String(2 ** 42),
    lastStartOffset: '12',
    abortedTransactions: aborted.map(({ producerId, firstOffset }) => ({
      producerId: String(producerId),
      firstOffset: String(firstOffset),
    })),
  });
  assert.deepEqual(
    messages.map(({ offset }: { offset: string }) => offset),
    ['40', '41'],
  );
});

test('an empty part, and no list of aborted transactions, are read', () => {
  const empty = asWeRead(fetch(query), fetchAnswer({ topic: 'orders', partition: 7, aborted: null, batches: Buffer.alloc(0) }));
  const none = asWeRead(fetch(query), fetchAnswer({ topic: 'orders', partition: 7, batches: null }));

  for (const { aborted, start, end } of [empty, none]) {
    assert.deepEqual(aborted, []);
    assert.equal(end, start);
  }
});

test("the partition's error is read, and the error of the whole answer", () => {
  const moved = asWeRead(fetch(query), fetchAnswer({ topic: 'orders', partition: 7, partitionError: 6 }));
  const whole = asWeRead(fetch(query), fetchAnswer({ topic: 'orders', partition: 7, error: 56 }), 10, 4);

  assert.equal(moved.error, 6);
  assert.deepEqual([whole.error, whole.start, whole.end], [56, 0, 0]);
});

test('an answer without any partition, as a reader beyond its quota gets it, is one to ask for again', () => {
  const { error } = asWeRead(fetch(query), Buffer.alloc(14));

  assert.equal(error, 7);
});

test('an answer that is cut off, or says that there are more batches than it has, is refused', () => {
  const batches = inLog(writeBatch([recordOf('first')]), { baseOffset: 40 });

  withstands(fetch(query), fetchAnswer({ topic: 'orders', partition: 7, aborted: [{ producerId: 5n, firstOffset: 38 }], batches }));
});
