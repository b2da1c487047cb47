import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../../lib/kafka/record.ts';
import { ByteSink } from '../../../../lib/schemas/byte-sink.ts';
import { jsonSchemaCodec } from '../../../../lib/schemas/json-schema/codec.ts';
import { WorkBudget } from '../../../../lib/schemas/work-budget.ts';

const list = <Item>(length: number, item: (i: number) => Item): Item[] => Array.from({ length }, (_, i) => item(i));
const encode = (schema: unknown, json: string, budget = new WorkBudget()): void => {
  const codec = jsonSchemaCodec(typeof schema === 'string' ? schema : JSON.stringify(schema));
  const out = new ByteSink(budget);
  out.begin();
  codec.encode(whole(Buffer.from(json)), out);
};

const doubling = (levels: number) => ({
  $ref: `#/definitions/d${levels}`,
  definitions: Object.fromEntries([
    ['d0', {}],
    ...list(levels, (i) => [`d${i + 1}`, { allOf: [{ $ref: `#/definitions/d${i}` }, { $ref: `#/definitions/d${i}` }] }]),
  ]),
});

for (const [what, schema, json] of [
  ['definitions that refer twice to the one before', doubling(60), '1'],
  [
    'many branches for many items',
    { items: { anyOf: [...list(5000, (i) => ({ maximum: -i - 1 })), {}] } },
    JSON.stringify(list(5000, () => 1)),
  ],
  [
    'many patterns for many names',
    { patternProperties: Object.fromEntries(list(3000, (i) => [`^a${i}`, {}])) },
    JSON.stringify(Object.fromEntries(list(3000, (i) => [`k${i}`, 1]))),
  ],
  ['a pattern of many states', { pattern: '(x?){3000}y' }, JSON.stringify('x'.repeat(100_000))],
  [
    'the same properties marked over and over',
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      allOf: list(3000, () => ({ additionalProperties: true })),
      unevaluatedProperties: false,
    },
    JSON.stringify(Object.fromEntries(list(10_000, (i) => [`k${i}`, 1]))),
  ],
] as const) {
  test(`${what} end when the request's budget does`, () => {
    assert.throws(() => encode(schema, json), { message: /by the work of all that the request has: send fewer records$/ });
  });
}

for (const schema of [{ $ref: '#' }, { allOf: [{ $ref: '#' }, { $ref: '#' }] }, { not: { $ref: '#' } }]) {
  test(`${JSON.stringify(schema)}, which refers to itself without end, is left`, () => {
    assert.throws(() => encode(schema, '1'), { message: /^is judged by more than 1800 schemas in each other/ });
  });
}

test('a value as deep as a body can be is judged by a schema that refers to itself', () => {
  encode({ additionalProperties: { allOf: [{ $ref: '#' }] } }, `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);
});

for (const [what, text] of [
  ['so many schemas', `{"anyOf":[${list(60_000, () => '{}').join()}]}`],
  ['schemas nested so deep', `${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`],
  ['patterns so large', JSON.stringify({ allOf: list(10, () => ({ pattern: `^(a{0,1000}b){300}${Math.random()}$` })) })],
] as const) {
  test(`${what} are refused`, () => {
    assert.throws(() => jsonSchemaCodec(text), { message: /more than|nested deeper|too large/ });
  });
}

for (const number of ['9'.repeat(1001), `1e${'9'.repeat(1000)}`]) {
  test(`a number with the most digits, ${number.slice(0, 3)}…, and one more is refused`, () => {
    encode(true, number.slice(0, -1));
    assert.throws(() => encode(true, number), { message: 'has a number of more than 1000 digits' });
  });
}

test('a schema costs what its text is long, however often it is referred to', () => {
  const budget = new WorkBudget(2000);
  const properties = Object.fromEntries(list(3000, (i) => [`p${i}`, { anyOf: [{ type: 'string' }, { $ref: '#' }] }]));

  encode({ properties }, '{"p1":{"p2":{"p3":"x"}}}', budget);
});

test('no keyword alters how a schema is used', () => {
  for (const schema of [
    { $async: true, type: 'string' },
    { properties: { a: { $async: true, type: 'string' } } },
    { definitions: { d: { $async: true, type: 'string' } }, $ref: '#/definitions/d' },
  ]) {
    assert.throws(() => encode(schema, 'properties' in schema ? '{"a":1}' : '1'), { message: 'must be string' });
  }
  assert.throws(() => encode({ const: { $data: '/x' } }, '1'), { message: 'must be equal to constant' });
  encode({ discriminator: { propertyName: 'x' }, nothing: 1, properties: { a: { default: 1 } } }, '{}');
});

test('names that every object has are names like others', () => {
  const schema = '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}},"required":["toString"]}';

  encode(schema, '{"__proto__":"x","toString":1,"constructor":1}');
  assert.throws(() => encode(schema, '{}'), { message: "must have required property 'toString'" });
  assert.throws(() => encode(schema, '{"toString":1,"__proto__":1}'), { path: '.__proto__' });
  assert.throws(() => encode(schema, '{"toString":1,"constructor":"x"}'), { path: '.constructor' });
  assert.equal(Reflect.get({}, 'x'), undefined);
});
