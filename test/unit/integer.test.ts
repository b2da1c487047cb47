import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integerOf, integerWithin, parseInteger } from '../../lib/integer.ts';

test('an integer may have a fraction of zeros', () => {
  assert.deepEqual(['7', '7.0', '-7.000', '007', '-0', '0.0', '9007199254740991'].map(parseInteger), [7, 7, -7, 7, 0, 0, 2 ** 53 - 1]);
});

for (const text of ['', ' 7', '7 ', '+7', '7.', '.0', '7.5', '7.01', '7e0', '0x7', '٧', '--7', '9007199254740992', `${'9'.repeat(400)}`]) {
  test(`"${text.slice(0, 20)}" is no integer`, () => {
    assert.equal(parseInteger(text), null);
  });
}

test('a value of parsed JSON is an integer as a number or as a string of one', () => {
  assert.deepEqual([7, -0, '7', '7.0'].map(integerOf), [7, 0, 7, 7]);
  for (const value of [7.5, 2 ** 53, Number.NaN, '7.5', '', null, undefined, true, [7], { 7: 7 }]) assert.equal(integerOf(value), null);
});

test('bounds are part of what is allowed', () => {
  assert.deepEqual(
    [-1, 0, '5.0', 6, '6'].map((value) => integerWithin(value, 0, 5)),
    [null, 0, 5, null, null],
  );
});
