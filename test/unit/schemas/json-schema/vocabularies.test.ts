import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSchemaCodec, type NamedSchema } from '../../../../lib/schemas/json-schema/codec.ts';
import { isJudgedBy } from '../../../../lib/schemas/json-schema/vocabularies.ts';
import { encode } from '../translate.ts';

const of = (name: string, value = true) => ({ [`https://json-schema.org/draft/2020-12/vocab/${name}`]: value });

for (const [keyword, vocabularies, judged] of [
  ['format', null, false],
  ['format', of('format-annotation'), false],
  ['format', of('format-assertion', false), true],
  ['format', of('format'), true],
  ['format', of('format', false), false],
  ['minimum', null, true],
  ['minimum', of('validation'), true],
  ['minimum', of('applicator'), false],
  ['properties', of('core'), true],
] as const) {
  test(`${keyword} ${judged ? 'judges' : 'says nothing'} where the vocabularies are ${JSON.stringify(vocabularies)}`, () => {
    assert.equal(isJudgedBy(keyword, vocabularies), judged);
  });
}

/** Whether a text that is no date fits a schema that wants one. */
function fitsNoDate($schema: string, references: NamedSchema[] = []): boolean {
  const codec = jsonSchemaCodec(JSON.stringify({ $schema, properties: { day: { format: 'date' } } }), references);
  try {
    return encode(codec, '{"day":"soon"}').length > 0;
  } catch {
    return false;
  }
}

for (const [draft, fits] of [
  ['http://json-schema.org/draft-04/schema#', false],
  ['http://json-schema.org/draft-06/schema#', false],
  ['https://json-schema.org/draft-07/schema', false],
  ['https://json-schema.org/draft/2019-09/schema', true],
  ['https://json-schema.org/draft/2020-12/schema#', true],
  ['x', false],
] as const) {
  test(`in ${draft} a format is ${fits ? 'a note' : 'checked'}`, () => assert.equal(fitsNoDate(draft), fits));
}

test('a metaschema of its own makes a schema check formats', () => {
  const name = 'https://example.com/2020-12/with-formats';

  assert.equal(fitsNoDate(name, [{ name, schema: JSON.stringify({ $vocabulary: of('format-assertion') }) }]), false);
  assert.equal(fitsNoDate(name), true);
});

test('an address of a metaschema that is none is passed over', () => {
  assert.equal(fitsNoDate('http://[2020-12'), true);
});
