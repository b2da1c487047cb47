import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSchemaCodec, type NamedSchema } from '../../../../lib/schemas/json-schema/codec.ts';
import { decode, encode } from '../translate.ts';

const codecOf = (schema: unknown, references: NamedSchema[] = []) => jsonSchemaCodec(JSON.stringify(schema), references);

test('JSON is kept as it was sent, minus whitespace', () => {
  const codec = codecOf({ type: 'object' });

  const bytes = encode(codec, '{ "b" : 1.10 , "a" : 12345678901234567890, "a": " x " }');

  assert.equal(bytes.toString(), '{"b":1.10,"a":12345678901234567890,"a":" x "}');
  assert.equal(decode(codec, bytes), bytes.toString());
});

for (const [draft, keyword] of [
  ['http://json-schema.org/draft-04/schema#', { minimum: 3, exclusiveMinimum: true }],
  ['http://json-schema.org/draft-06/schema#', { exclusiveMinimum: 3 }],
  ['http://json-schema.org/draft-07/schema#', { exclusiveMinimum: 3 }],
  ['https://json-schema.org/draft/2019-09/schema', { exclusiveMinimum: 3 }],
  ['https://json-schema.org/draft/2020-12/schema', { exclusiveMinimum: 3 }],
] as const) {
  test(`a schema may be of ${draft}`, () => {
    const codec = codecOf({ $schema: draft, ...keyword });

    assert.equal(encode(codec, '4').toString(), '4');
    assert.throws(() => encode(codec, '3'), { message: /must be > 3/ });
  });
}

for (const [schema, json, path, message] of [
  [{ type: 'string' }, '5', '', /must be string/],
  [{ properties: { a: { items: { type: 'integer' } } } }, '{"a":[1,"x"]}', '.a[1]', /must be integer/],
  [{ properties: { 'a/b': { type: 'integer' } } }, '{"a/b":"x"}', '["a/b"]', /must be integer/],
  [{ properties: {}, additionalProperties: false }, '{"z":1}', '.z', /is unknown/],
  [{ required: ['name'] }, '{}', '', /must have required property 'name'/],
  [{ format: 'date' }, '"soon"', '', /must match format/],
  [false, '1', '', /false/],
] as const) {
  test(`${json} does not fit ${JSON.stringify(schema)}`, () => {
    assert.throws(() => encode(codecOf(schema), json), { path, message });
  });
}

test('a reference is found by its name, and relative to the address of the schema', () => {
  const references = [{ name: 'count.json', schema: '{"type":"integer"}' }];

  for (const $id of [undefined, 'https://example.com/schemas/root.json']) {
    const codec = codecOf({ ...($id && { $id }), properties: { n: { $ref: 'count.json' } } }, references);

    assert.throws(() => encode(codec, '{"n":"x"}'), { path: '.n' });
  }
});

test('the name of a schema is its title', () => {
  assert.equal(codecOf({ title: 'Person' }).name, 'Person');
  assert.equal(codecOf({}).name, null);
});

test('bytes that are not JSON do not fit', () => {
  assert.throws(() => decode(codecOf({}), Buffer.from('{')), { message: 'is not JSON' });
});

for (const text of ['{', '5', '{"type":"nothing"}', '{"$ref":"missing.json"}']) {
  test(`${text} is no schema`, () => {
    assert.throws(() => jsonSchemaCodec(text));
  });
}
