import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlaces } from '../../../../lib/routes/consumers/body.ts';

test('a partition is an integer as a number, as one with a fraction of zeros, and as a text', () => {
  const read = readPlaces(JSON.parse('[1, 2.0, "3", "4.0", " 5 "]').map((partition: unknown) => ({ topic: 'orders', partition })));

  assert.deepEqual(
    read.map(({ partition }) => partition),
    [1, 2, 3, 4, 5],
  );
});

test('any other partition is refused, with its place', () => {
  for (const partition of [-1, 1.5, '1.5', '', 2 ** 31, true]) {
    assert.throws(() => readPlaces([{ topic: 'orders', partition }]), { message: 'partitions[0].partition must be an integer from 0' });
  }
});
