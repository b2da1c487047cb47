import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../../lib/kafka/record.ts';
import { withoutSchemaHeader } from '../../../../lib/records/responses/schema-header.ts';

function strip(bytes: number[]): number[] {
  const slice = withoutSchemaHeader(whole(Buffer.from(bytes)));
  return slice === null ? [] : [...slice.bytes.subarray(slice.start, slice.end)];
}

test('the byte 0 and the four bytes of an id are cut off', () => {
  assert.deepEqual(strip([0, 0, 0, 0, 7, 1, 2]), [1, 2]);
  assert.deepEqual(strip([0, 0, 0, 0, 7]), []);
});

test('what has no header stays as it is', () => {
  assert.deepEqual(strip([1, 0, 0, 0, 7, 1]), [1, 0, 0, 0, 7, 1]);
  assert.deepEqual(strip([0, 0, 0, 0]), [0, 0, 0, 0]);
  assert.deepEqual(strip([]), []);
  assert.equal(withoutSchemaHeader(null), null);
});
