import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { json } from '../../../../lib/records/formats/json.ts';
import { readField, showField } from '../field.ts';
import { jsonText } from '../json-text.ts';

test('JSON is read as it was sent, minus insignificant whitespace', () => {
  fc.assert(
    fc.property(jsonText, ({ text, compact }) => {
      fc.pre(compact !== 'null');

      assert.equal(readField(json, text.trimEnd())?.toString(), compact);
    }),
  );
});

test('null is no bytes, and an empty string two', () => {
  assert.equal(readField(json, ' null'), null);
  assert.equal(readField(json, '""')?.toString(), '""');
});

test('malformed JSON is refused with its position', () => {
  assert.throws(() => readField(json, '{"a":tru}'), { name: 'BadRequest', message: 'Malformed JSON: expected true at byte 8' });
});

test('stored JSON is shown byte for byte', () => {
  fc.assert(fc.property(jsonText, ({ text }) => assert.equal(showField(json, Buffer.from(text)), text)));
});

for (const text of ['', 'hello', '{"a":1', '1,2', "{'a':1}"]) {
  test(`${JSON.stringify(text)} is not shown`, () => {
    assert.equal(showField(json, Buffer.from(text)), null);
  });
}

test('a string that is not UTF-8 is shown only to a caller who checks it', () => {
  const bytes = Buffer.from([0x22, 0xff, 0x22]);

  assert.equal(showField(json, bytes, true), null);
  assert.notEqual(showField(json, bytes, false), null);
});
