import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { text } from '../../../../lib/records/formats/text.ts';
import { readField, showField } from '../field.ts';
import { anyText } from '../text-arbitrary.ts';

test('a string is read as its text in UTF-8', () => {
  fc.assert(fc.property(anyText(), (value) => assert.equal(readField(text, JSON.stringify(value))?.toString(), value)));
});

test('null and empty stay apart', () => {
  assert.equal(readField(text, 'null'), null);
  assert.deepEqual(readField(text, '""'), Buffer.alloc(0));
});

for (const value of ['5', 'false', '{"a":[1]}', '["a"]']) {
  test(`${value} is refused with its place`, () => {
    assert.throws(() => readField(text, value), {
      name: 'InvalidRecord',
      message: 'records[3].key must be a string or null in the text format',
    });
  });
}

test('half of a surrogate pair is refused rather than replaced', () => {
  assert.throws(() => readField(text, '"a\\ud800"'), {
    name: 'InvalidRecord',
    message: 'records[3].key holds half of a surrogate pair, which UTF-8 cannot express: send bytes as base64',
  });
});

test('text is shown as the JSON string that JSON.stringify makes of it', () => {
  fc.assert(fc.property(anyText(), (value) => assert.equal(showField(text, Buffer.from(value)), JSON.stringify(value))));
});

test('bytes that are not UTF-8 are shown only to a caller who checks them', () => {
  assert.equal(showField(text, Buffer.from([0x61, 0xff]), true), null);
  assert.notEqual(showField(text, Buffer.from([0x61, 0xff]), false), null);
});
