import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareNumbers } from '../../../lib/json/compare-numbers.ts';

for (const [less, more] of [
  ['9007199254740992', '9007199254740993'],
  ['-9007199254740993', '-9007199254740992'],
  ['0.1', '0.10000000000000000001'],
  ['1e999', '1.1e999'],
  ['9e999', '1e1000'],
  ['0.00000000000000000001e21', '10.000000000000000000001'],
  ['-1', '1'],
  ['2', '10'],
  ['-Infinity', '0x10'],
  ['0', '1e-400'],
  ['-1e-400', '-0.0'],
  ['-1e-400', '1e-400'],
  ['1e-401', '1e-400'],
  ['1e999999999', '2e999999999'],
  ['9e99999999999999999998', '1e99999999999999999999'],
]) {
  test(`${less} is less than ${more}`, () => {
    assert.ok(compareNumbers(less, more) < 0);
    assert.ok(compareNumbers(more, less) > 0);
  });
}

for (const [one, other] of [
  ['1', '1.0'],
  ['1', ' 1e0 '],
  ['100', '1E+2'],
  ['0.5', '.5'],
  ['0010', '10'],
  ['0', '-0.00'],
  ['0x10', '16'],
  ['9007199254740993', '9007199254740993.00'],
  ['12e-1', '1.2'],
]) {
  test(`${one} equals ${other}`, () => {
    assert.equal(Math.abs(compareNumbers(one, other)), 0);
  });
}

test('what is no number compares with none', () => {
  assert.deepEqual([compareNumbers('', '1'), compareNumbers('1', 'a'), compareNumbers('x', 'x')], [Number.NaN, Number.NaN, Number.NaN]);
});
