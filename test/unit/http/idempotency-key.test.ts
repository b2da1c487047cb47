import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIdempotencyKey } from '../../../lib/http/idempotency-key.ts';

const quote = (key: string) => `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 255,
});

test('any printable ASCII in quotes is the key between them', () => {
  fc.assert(fc.property(visible, (key) => assert.equal(parseIdempotencyKey(quote(key)), key)));
});

test('a key is the same with quotes and without', () => {
  for (const key of ['8e03978e-40d5-43dd-bc93-6894a57f9324', 'order:7/2', 'dGVzdA==', "it's_[1]{2}~"]) {
    assert.equal(parseIdempotencyKey(key), key);
    assert.equal(parseIdempotencyKey(` ${quote(key)} `), key);
  }
});

for (const header of [
  '',
  '""',
  '"',
  '"a',
  'a"',
  '"a"b"',
  '"a\\b"',
  '"a\\"',
  'a b',
  'a, b',
  '"a", "b"',
  '"a";q=1',
  'a;q=1',
  'schlüssel',
  '"schlüssel"',
  'a\u0000',
  'x'.repeat(256),
  quote('x'.repeat(256)),
]) {
  test(`this is no key: ${JSON.stringify(header.slice(0, 20))} of ${header.length} characters`, () => {
    assert.throws(() => parseIdempotencyKey(header), {
      name: 'BadRequest',
      message: /^Idempotency-Key must be one key of 1 to 255 ASCII characters/,
    });
  });
}

test('a key has up to 255 characters, quotes and escapes not counted', () => {
  assert.equal(parseIdempotencyKey(quote('"'.repeat(255))).length, 255);
});
