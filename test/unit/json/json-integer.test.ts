import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_INTEGER, readInteger } from '../../../lib/json/json-integer.ts';
import { JsonScanner } from '../../../lib/json/json-scanner.ts';

test('an integer up to the largest allowed one is read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 53 - 1)), fc.maxSafeNat(), (value, max) => {
      const json = new JsonScanner(Buffer.from(` ${value},`));

      assert.equal(readInteger(json, max), value <= max ? value : NO_INTEGER);
      assert.equal(json.at, json.end - 1);
    }),
  );
});

for (const text of [
  '-1',
  '-0',
  '-1.0',
  '"-1"',
  '1.5',
  '1e3',
  '"1e3"',
  '""',
  '"a"',
  '" 5"',
  '9007199254740992.0',
  '"9007199254740993"',
  'true',
  'null',
  '[1]',
  '9007199254740992',
  '9007199254740993',
  '10000000000000000000',
]) {
  test(`${text} is no integer`, () => {
    assert.equal(readInteger(new JsonScanner(Buffer.from(text)), Number.MAX_SAFE_INTEGER), NO_INTEGER);
  });
}

for (const text of ['5', '5.0', '5.000', '"5"', '"5.0"']) {
  test(`${text} is five`, () => {
    const json = new JsonScanner(Buffer.from(`${text} ,`));

    assert.equal(readInteger(json, 5), 5);
    assert.equal(json.at, text.length);
    assert.equal(readInteger(new JsonScanner(Buffer.from(text)), 4), NO_INTEGER);
  });
}

test('what is no JSON is refused as such', () => {
  assert.throws(() => readInteger(new JsonScanner(Buffer.from('x')), 1), {
    name: 'BadRequest',
    message: 'Malformed JSON: expected a value at byte 0',
  });
});
