import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compareDecimals, type Decimal, decimalOf, exponentAbove, exponentOf, ZERO } from '../../../lib/json/decimal.ts';

const digits = (maxLength: number) => fc.array(fc.constantFrom(...'000123459'), { minLength: 1, maxLength }).map((all) => all.join(''));
const sign = fc.constantFrom('', '-', '+');
/** Texts whose exponents are near enough for integers of the language. */
const decimals = fc
  .tuple(sign, digits(12), fc.option(digits(12), { nil: '' }), fc.integer({ min: -20, max: 20 }))
  .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}e${exponent}`);

function read(text: string): Decimal {
  const decimal = decimalOf(text);
  assert.ok(decimal !== null, text);
  return decimal;
}

/** The number times 10^40, by plain arithmetic. */
function scaled(text: string): bigint {
  const [, sign, whole, fraction = '', exponent] = /^([-+]?)(\d+)(?:\.(\d+))?e(.+)$/.exec(text) ?? [];
  const value = BigInt(whole + fraction) * 10n ** BigInt(40 + Number(exponent) - fraction.length);
  return sign === '-' ? -value : value;
}

const compare = (a: string, b: string): number => Math.sign(compareDecimals(read(a), read(b)));

suite('a decimal', () => {
  test('is the number that is written, without zeros at either end', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const decimal = read(text);

        const value = BigInt(decimal.digits || '0') * 10n ** BigInt(40 + exponentOf(decimal));
        assert.equal(decimal.isNegative ? -value : value, scaled(text));
        assert.doesNotMatch(decimal.digits, /^0|0$/);
      }),
    );
  });

  test('is compared as the number that it is', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const difference = scaled(a) - scaled(b);

        assert.equal(compare(a, b), difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
    );
  });

  test('equals itself in every notation, however long its exponent is', () => {
    const exponents = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
    fc.assert(
      fc.property(sign, digits(12), fc.nat(30), exponents, (sign, whole, places, exponent) => {
        const [one, other] = [
          `${sign}${whole}e${exponent}`,
          `${sign}0.${'0'.repeat(places)}${whole}00E${exponent + BigInt(places + whole.length)}`,
        ];

        assert.equal(compare(one, other), 0);
        assert.equal(exponentAbove(read(one), read(other)), 0);
      }),
    );
  });

  test('is greater by its exponent, to the last digit of that', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.bigInt({ min: 1n, max: 10n ** 60n }), (exponent, more) => {
        assert.equal(compare(`1e${exponent}`, `1e${exponent + more}`), -1);
        assert.equal(compare(`-1e${exponent}`, `-1e${exponent + more}`), 1);
      }),
    );
  });

  for (const text of ['.5', '7.', '-007', '+1E+2', '0.0e-99'])
    test(`may be written ${text}`, () => assert.equal(compare(text, String(Number(text))), 0));

  for (const text of ['', '.', '-', 'e1', '1e', ' 1', '1_0', '0x1', 'Infinity', '1.2.3']) {
    test(`is not ${JSON.stringify(text)}`, () => assert.equal(decimalOf(text), null));
  }

  test('of zeros alone is zero, whatever its sign and exponent', () => {
    for (const text of ['0', '-0.000', '0e999999999999999999999']) assert.equal(decimalOf(text), ZERO);
  });

  test('of a million digits takes no longer than they are', () => {
    const zeros = '0'.repeat(1_000_000);

    assert.equal(compare(`1${zeros}1`, `1${zeros}2`), -1);
    assert.equal(compare(`1e1${zeros}1`, `1e1${zeros}2`), -1);
    assert.equal(decimalOf(`${zeros}1${zeros}x`), null);
  });
});
