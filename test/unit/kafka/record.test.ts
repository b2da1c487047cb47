import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSize, lengthOf, whole } from '../../../lib/kafka/record.ts';

test('a key or value has the bytes of its slice, and none has none', () => {
  const bytes = Buffer.from('orders');

  assert.deepEqual([lengthOf({ bytes, start: 1, end: 4 }), lengthOf(null)], [3, 0]);
});

test('the size of a record counts bytes, also those of the keys of headers', () => {
  const headers = [
    { key: 'größe', value: Buffer.from('xl') },
    { key: 'gone', value: null },
  ];

  const size = contentSize({ key: whole(Buffer.from('é')), value: null, headers });

  assert.equal(size, 2 + 7 + 2 + 4);
});
