import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitsIn, ExactNumber, parseExactly } from '../../../lib/schemas/exact-numbers.ts';

test('numbers that would lose digits are kept as text, others are numbers', () => {
  assert.deepEqual(parseExactly('{"a":[1234567890123456,-0.1,123456789012345],"b":"1234567890123456"}'), {
    a: [new ExactNumber('1234567890123456'), -0.1, 123456789012345],
    b: '1234567890123456',
  });
});

test('digits before the exponent count', () => {
  assert.equal(digitsIn('-12.50e100'), 4);
});
