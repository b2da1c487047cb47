import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { Place } from '../../../../lib/json/place.ts';
import type { Header } from '../../../../lib/kafka/record.ts';
import { readHeaders } from '../../../../lib/records/requests/record-headers.ts';
import { anyText } from '../text-arbitrary.ts';

function read(text: string): Header[] | null {
  const json = new JsonScanner(Buffer.from(`${text},`));
  const place = new Place();
  place.record = 3;
  place.field = 'headers';
  const headers = readHeaders(json, place);
  assert.equal(json.at, json.end - 1);
  return headers;
}

test('any headers are read in their order', () => {
  const header = fc
    .tuple(fc.oneof(fc.constantFrom('a', ''), anyText()), fc.option(fc.uint8Array()))
    .map(([key, value]): Header => ({ key, value: value === null ? null : Buffer.from(value) }));

  fc.assert(
    fc.property(fc.array(header, { minLength: 1, maxLength: 5 }), fc.boolean(), (headers, valueFirst) => {
      const text = headers.map(({ key, value }) => {
        const encoded = value?.toString('base64') ?? null;
        return valueFirst ? { value: encoded, key } : { key, value: encoded };
      });

      assert.deepEqual(read(JSON.stringify(text, null, 1)), headers);
    }),
  );
});

test('null and an empty array are none', () => {
  assert.equal(read('null'), null);
  assert.equal(read(' [ ] '.trimEnd()), null);
});

test('a value left out is null', () => {
  assert.deepEqual(read('[{"key":"a"}]'), [{ key: 'a', value: null }]);
});

test('null and empty values stay apart', () => {
  assert.deepEqual(read('[{"key":"a","value":null},{"key":"a","value":""}]'), [
    { key: 'a', value: null },
    { key: 'a', value: Buffer.alloc(0) },
  ]);
});

for (const [text, name, message] of [
  ['{"a":"AA=="}', 'InvalidRecord', 'records[3].headers must be an array of {"key": string, "value": base64 or null}'],
  ['"a"', 'InvalidRecord', 'records[3].headers must be an array of {"key": string, "value": base64 or null}'],
  ['[{"key":"a"},"b"]', 'InvalidRecord', 'records[3].headers[1] must be an object {"key": string, "value": base64 or null}'],
  ['[null]', 'InvalidRecord', 'records[3].headers[0] must be an object {"key": string, "value": base64 or null}'],
  ['[{}]', 'InvalidRecord', 'records[3].headers[0].key is missing: it must be a string'],
  ['[{"value":"AA=="}]', 'InvalidRecord', 'records[3].headers[0].key is missing: it must be a string'],
  ['[{"key":null}]', 'InvalidRecord', 'records[3].headers[0].key must be a string'],
  ['[{"key":5}]', 'InvalidRecord', 'records[3].headers[0].key must be a string'],
  [
    '[{"key":"\\ud800"}]',
    'InvalidRecord',
    'records[3].headers[0].key holds half of a surrogate pair, which UTF-8 cannot express: send bytes as base64',
  ],
  ['[{"key":"a","value":5}]', 'InvalidRecord', 'records[3].headers[0].value must be a base64 string or null'],
  [
    '[{"key":"a","value":"!"}]',
    'BadRequest',
    'records[3].headers[0].value is not base64: use A-Z, a-z, 0-9, + and / without whitespace, and padding or none',
  ],
  ['[{"key":"a","name":"b"}]', 'InvalidRecord', 'Unrecognized field: name in records[3].headers[0], which may have key, value'],
  ['[{"key":"a","key":"a"}]', 'InvalidRecord', 'records[3].headers[0] has "key" twice: send it once'],
  ['[{"key":"a","value":null,"value":null}]', 'InvalidRecord', 'records[3].headers[0] has "value" twice: send it once'],
  ['[{"key":"a"]', 'BadRequest', "Malformed JSON: expected ',' or '}' at byte 11"],
  ['[{"key":"a"}}', 'BadRequest', "Malformed JSON: expected ',' or ']' at byte 12"],
]) {
  test(`${text} is refused`, () => {
    assert.throws(() => read(text), { name, message });
  });
}
