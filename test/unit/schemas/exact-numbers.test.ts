import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitsIn, ExactNumber, integerOf, parseExactly } from '../../../lib/schemas/exact-numbers.ts';

test('numbers that would lose digits are kept as text, others are numbers', () => {
  assert.deepEqual(parseExactly('{"a":[1234567890123456,-0.1,123456789012345],"b":"1234567890123456"}'), {
    a: [new ExactNumber('1234567890123456'), -0.1, 123456789012345],
    b: '1234567890123456',
  });
});

test('digits before the exponent count', () => {
  assert.equal(digitsIn('-12.50e100'), 4);
});

test('a number beyond the safe integers is kept as text however few digits it has', () => {
  assert.deepEqual(parseExactly('[1e18,1e400,-9007199254740992]'), [
    ...[new ExactNumber('1e18'), new ExactNumber('1e400'), new ExactNumber('-9007199254740992')],
  ]);
});

test('an integer is one however it is written', () => {
  for (const [text, integer] of [
    ['9.223372036854775807e18', 9223372036854775807n],
    ['-120e-1', -12n],
    ['0.000e999', 0n],
    ['1.5', null],
    ['1e99', null],
    ['1e-1', null],
    ['18446744073709551615', 18446744073709551615n],
    [`1${'0'.repeat(1_000_000)}1`, null],
    ['1e999999999', null],
    ['+2.0', 2n],
    ['x', null],
  ] as const)
    assert.equal(integerOf(text), integer);
});
