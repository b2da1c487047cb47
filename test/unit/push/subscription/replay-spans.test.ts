import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaySpans } from '../../../../lib/push/subscription/replay-spans.ts';

const positions = (count: number, offset: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition, offset }));

test('a replay has the records between two positions of a partition', () => {
  assert.deepEqual(replaySpans(positions(1, 3), positions(1, 7)), [{ topic: 'orders', partition: 0, from: 3, until: 7 }]);
});

test('a partition without records is left out, and so is one that was added meanwhile', () => {
  assert.deepEqual(replaySpans(positions(1, 7), positions(2, 7)), []);
});

test('a replay that its subscription has no room for is refused, and not an item that DynamoDB refuses each time', () => {
  assert.throws(() => replaySpans(positions(10_000, 0), positions(10_000, 1)), {
    name: 'TooLarge',
    message: /records in 10000 partitions.*: replay a shorter one$/,
  });
});
