import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integerIn } from '../../../../lib/routes/queues/fields.ts';

test('an integer is one as a number, as one with a fraction of zeros, and as a text', () => {
  const read = ['7', '7.0', '"7"', '"7.0"'].map((json) => integerIn(JSON.parse(json), 'max', 1, 500, 10));

  assert.deepEqual(read, [7, 7, 7, 7]);
});

test('what is out of bounds, or no integer, is refused with the bounds', () => {
  for (const value of [0, 501, '501', 7.5, '7.5', '', 'x', true, [7]]) {
    assert.throws(() => integerIn(value, 'max', 1, 500, 10), { message: 'max must be an integer from 1 to 500' });
  }
});
