import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner } from '../../../lib/json/json-scanner.ts';
import { LONE_SURROGATE, readString, unescapeString } from '../../../lib/json/json-string.ts';
import { Place } from '../../../lib/json/place.ts';
import { character } from '../records/text-arbitrary.ts';

const hex = (code: number) => code.toString(16).padStart(4, '0');
/** A character, and one of the ways to write it in JSON. */
const written = fc.oneof(
  character.map((text) => ({ text, json: JSON.stringify(text).slice(1, -1) })),
  character.map((text) => ({
    text,
    json: text
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0))}`)
      .join(''),
  })),
  fc
    .constantFrom(
      ['/', '\\/'],
      ['\n', '\\n'],
      ['\t', '\\t'],
      ['\r', '\\r'],
      ['\b', '\\b'],
      ['\f', '\\f'],
      ['"', '\\"'],
      ['\\', '\\\\'],
      ['€', '\\u20AC'],
    )
    .map(([text, json]) => ({ text, json })),
);

test('a string is its text in UTF-8, however it is written', () => {
  fc.assert(
    fc.property(fc.array(written, { maxLength: 12 }), (parts) => {
      const text = parts.map((part) => part.text).join('');
      const json = new JsonScanner(Buffer.from(`"${parts.map((part) => part.json).join('')}",7`));

      const end = readString(json, new Place());

      assert.equal(json.bytes.toString('utf8', 1, end), text);
      assert.equal(json.bytes.toString('latin1', json.at), ',7');
    }),
    { numRuns: 1000 },
  );
});

for (const text of [
  '\\ud800',
  '\\udc00',
  'a\\ud800b',
  '\\ud800\\n',
  '\\ud800\\ud800',
  '\\ud83d\\u0041',
  '\\ude00\\ud83d',
  '\\uDBFF\\uE000',
]) {
  test(`${text} is no text`, () => {
    const bytes = Buffer.from(text);

    assert.equal(unescapeString(bytes, 0, bytes.length), LONE_SURROGATE);
  });
}

test('text without escapes stays as it is, whatever follows', () => {
  assert.equal(unescapeString(Buffer.from('abcd\\n'), 0, 3), 3);
  assert.equal(unescapeString(Buffer.from('abc'), 0, 3), 3);
});

test('half of a surrogate pair at the very end does not take what follows for its other half', () => {
  const bytes = Buffer.from('\\ud83d\\ude00');

  assert.equal(unescapeString(bytes, 0, 6), LONE_SURROGATE);
});

test('half of a surrogate pair is refused with its place', () => {
  const place = new Place();
  place.record = 3;
  place.field = 'key';

  assert.throws(() => readString(new JsonScanner(Buffer.from('"\\ud800"')), place), {
    name: 'InvalidRecord',
    message: 'records[3].key holds half of a surrogate pair, which UTF-8 cannot express: send bytes as base64',
  });
});
