import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../../lib/openapi/description.ts';
import { schemaHtml, typeHtml } from '../../../lib/openapi/schema-html.ts';

const types: [Schema, string][] = [
  [{}, 'anything'],
  [{ type: 'integer', minimum: 0, maximum: 9 }, 'integer ≥ 0 ≤ 9'],
  [{ type: ['string', 'null'], contentEncoding: 'base64' }, 'base64 or null'],
  [{ type: 'string', format: 'date-time' }, 'date-time'],
  [{ type: 'string', minLength: 1, maxLength: 249, pattern: '^[a-z]+$' }, 'string (1 to 249 characters) <code>^[a-z]+$</code>'],
  [{ type: 'string', minLength: 1 }, 'string (at least 1 characters)'],
  [{ type: 'boolean', default: false }, 'boolean default <code>false</code>'],
  [{ enum: ['all', '1', null] }, '<code>all</code> or <code>1</code> or <code>null</code>'],
  [{ const: 200 }, '<code>200</code>'],
  [{ $ref: '#/components/schemas/Time' }, '<a href="#schema-Time">Time</a>'],
  [{ type: 'array', items: { type: 'integer' } }, 'array of integer'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'object of string'],
  [{ anyOf: [{ type: 'integer' }, { enum: ['latest'] }] }, 'integer or <code>latest</code>'],
  [
    { allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { error_code: { enum: [404] } } }] },
    '<a href="#schema-Error">Error</a>, <code>error_code</code> <code>404</code>',
  ],
];

for (const [schema, html] of types) {
  test(`${JSON.stringify(schema)} in a line`, () => {
    assert.equal(typeHtml(schema), html);
  });
}

test('an object shows its members, and which of them may be absent', () => {
  const html = schemaHtml({ type: 'object', required: ['a'], properties: { a: { type: 'integer', description: 'An `a`.' }, b: {} } });

  assert.match(html, /<code>a<\/code><\/td><td><span class="type">integer<\/span><p>An <code>a<\/code>\.<\/p>/);
  assert.match(html, /<code>b<\/code> <small>optional<\/small>/);
});

test('objects in arrays in objects show theirs', () => {
  const inner: Schema = { type: 'object', required: ['deep'], properties: { deep: { const: 1 } } };

  const html = schemaHtml({ type: 'array', items: { type: 'object', properties: { list: { type: 'array', items: inner } } } });

  assert.match(html, /array of objects.*<code>list<\/code>.*<code>deep<\/code>/);
});
