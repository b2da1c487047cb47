import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANY_PARTITION, readPartition } from '../../../../lib/records/requests/partition.ts';

test('a partition is a number of 31 bits, or -1 for any', () => {
  assert.deepEqual(['0', '7', '007', '2147483647'].map(readPartition), [0, 7, 7, 2147483647]);
  assert.equal(readPartition('-1'), ANY_PARTITION);
});

test('everything else is none', () => {
  for (const text of ['', '-', '-2', '-01', '1.5', '1e3', ' 1', '+1', '0x1', '2147483648', '99999999999'])
    assert.equal(readPartition(text), null, text);
});
