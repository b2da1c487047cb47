import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSchemaCodec, type NamedSchema } from '../../../../lib/schemas/json-schema/codec.ts';
import { metaschemas } from '../../../../lib/schemas/json-schema/metaschemas.optional.ts';
import { encode } from '../translate.ts';

const drafts = {
  4: 'http://json-schema.org/draft-04/schema#',
  7: 'http://json-schema.org/draft-07/schema#',
  2019: 'https://json-schema.org/draft/2019-09/schema',
  2020: 'https://json-schema.org/draft/2020-12/schema',
};

function fits(schema: object | boolean, json: string, references: readonly NamedSchema[] = []): boolean {
  const codec = jsonSchemaCodec(JSON.stringify(schema), references);
  try {
    encode(codec, json);
    return true;
  } catch {
    return false;
  }
}

/** An object literal must not have such a member. */
const conditional = { if: { type: 'string' }, else: { minimum: 1 }, ...Object.fromEntries([['then', { minLength: 1 }]]) };

type Case = readonly [schema: object, fitting: readonly string[], unfitting: readonly string[]];

const cases: readonly Case[] = [
  [{ type: ['integer', 'null'] }, ['1', '1.0', 'null', '12345678901234567890'], ['1.5', '"1"', '12345678901234567890.5']],
  [{ type: 'string', nullable: true }, ['"x"'], ['1', 'null']],
  [{ nullable: false }, ['null', '1'], []],
  [{ enum: [1, { a: [1, 2], b: null }] }, ['1.0', '{"b":null,"a":[1,2.0]}'], ['2', '{"a":[1,2]}', '{"a":[2,1],"b":null}']],
  [{ enum: [1.5, 1e21, -0.1] }, ['1.5', '1.500000000000000000', '1000000000000000000000', '-0.1'], ['1.500000000000000001', '1e22', '0.1']],
  [{ const: false }, ['false'], ['0', 'null']],
  [{ multipleOf: 0.01 }, ['19.99', '0.07', '12345678901234567890.25', '1e300'], ['0.005', '12345678901234567890.255']],
  [{ multipleOf: 40 }, ['12345678901234567890e2', '1e999999999', '0'], ['12345678901234567890', '30', '-0.4']],
  [{ maximum: 9007199254740992 }, ['9007199254740992'], ['9007199254740993']],
  [{ exclusiveMinimum: 3 }, ['3.1'], ['3', '2.99999999999999999999']],
  [{ minLength: 2, maxLength: 3 }, ['"😀a"', '"abc"'], ['"😀"', '"abcd"', '"😀abc"']],
  [
    { uniqueItems: true },
    ['[1,"1",true,[1],{"a":1}]', '[1e9007199254740993,1e9007199254740992]', '[{"a":1e-9007199254740993},{"a":1e-9007199254740992}]'],
    [
      '[1,1.0]',
      '[{"a":1,"b":2},{"b":2,"a":1}]',
      '[12345678901234567890,12345678901234567890.0]',
      '[1e+9007199254740993,10e9007199254740992]',
    ],
  ],
  [{ items: [{ type: 'integer' }], additionalItems: { type: 'string' } }, ['[1,"x"]', '[]'], ['["x"]', '[1,2]']],
  [{ contains: { minimum: 5 } }, ['[1,6]'], ['[1]', '[]']],
  [{ propertyNames: { maxLength: 1 } }, ['{"a":1}'], ['{"ab":1}']],
  [{ dependencies: { a: ['b'], c: { required: ['d'] } } }, ['{"a":1,"b":1}', '{"c":1,"d":1}', '{}'], ['{"a":1}', '{"c":1}']],
  [{ patternProperties: { '^n': { type: 'number' } }, additionalProperties: false }, ['{"n1":1}'], ['{"n1":"x"}', '{"x":1}']],
  [conditional, ['"x"', '1'], ['""', '0']],
  [{ oneOf: [{ minimum: 2 }, { maximum: 4 }] }, ['1', '5'], ['3']],
  [{ not: { type: 'string' } }, ['1'], ['"x"']],
  [{ minProperties: 1, maxProperties: 1 }, ['{"a":1}'], ['{}', '{"a":1,"b":1}']],
  [{ minItems: 1, maxItems: 1 }, ['[1]'], ['[]', '[1,2]']],
  [{ $schema: drafts[4], maximum: 3, exclusiveMaximum: true, const: 1 }, ['2'], ['3']],
  [{ $ref: '#/definitions/a', minimum: 10, definitions: { a: { type: 'integer' } } }, ['1'], ['"x"']],
  [{ $schema: drafts[2019], $ref: '#/$defs/a', minimum: 10, $defs: { a: { type: 'integer' } } }, ['10'], ['1']],
  [{ $schema: drafts[2019], contains: { const: 1 }, minContains: 2, maxContains: 3 }, ['[1,1]'], ['[1]', '[1,1,1,1]']],
  [
    { $schema: drafts[2019], dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
    ['{"b":1}'],
    ['{"a":1}', '{"c":1}'],
  ],
  [{ $schema: drafts[2020], prefixItems: [{ type: 'integer' }], items: false }, ['[1]', '[]'], ['["x"]', '[1,2]']],
  [{ $schema: drafts[2020], allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, ['{"a":1}'], ['{"b":1}']],
  [
    { $schema: drafts[2020], anyOf: [{ prefixItems: [{}] }, { contains: { const: 2 } }], unevaluatedItems: false },
    ['[1]', '[1,2]'],
    ['[1,3]'],
  ],
  [
    { $schema: drafts[2019], $id: 'tree', $recursiveAnchor: true, properties: { next: { $recursiveRef: '#' } }, type: 'object' },
    ['{"next":{}}'],
    ['{"next":1}'],
  ],
  [{ properties: { a: { $ref: '#here' } }, definitions: { h: { $id: '#here', type: 'null' } } }, ['{"a":null}'], ['{"a":1}']],
];

for (const [schema, fitting, unfitting] of cases) {
  test(`what fits ${JSON.stringify(schema)}`, () => {
    assert.deepEqual(
      [...fitting, ...unfitting].filter((json) => fits(schema, json)),
      fitting,
    );
  });
}

for (const [format, fitting, unfitting] of [
  ['date', ['2024-02-29'], ['2023-02-29', '2024-13-01', '24-1-1']],
  ['time', ['23:59:60Z', '10:00:00.5+02:00'], ['10:00:00', '24:00:00Z', '12:00:60Z']],
  ['date-time', ['2024-01-01T00:00:00Z', '2024-01-01t00:00:00.123-07:30'], ['2024-01-01', '2024-01-01T00:00Z']],
  ['duration', ['P1Y2M', 'PT3S', 'P2W'], ['P', 'PT', '1Y']],
  ['uri', ['https://u@[::1]:80/a?b#c', 'urn:x:y'], ['/a', 'a b', 'http://a[b', 'x:#a#b', 'x:%zz']],
  ['uri-reference', ['/a#b', '../x?y'], ['\\a', 'a b']],
  ['uri-template', ['/a/{b}{?c*,d:3}'], ['/a/{b', '}']],
  ['email', ['a.b+c@d.example'], ['a@b', '.a@b.c', 'a..b@c.d', 'a b@c.d']],
  ['hostname', ['a-b.example'], ['-a', 'a..b', 'x'.repeat(64)]],
  ['ipv4', ['1.2.3.4'], ['1.2.3', '256.1.1.1']],
  ['ipv6', ['::1'], ['1.2.3.4', 'fe80::1%eth0']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
  ['regex', ['^a(b)\\1$'], ['(']],
  ['json-pointer', ['', '/a~0b/~1'], ['a', '/~2']],
  ['relative-json-pointer', ['0#', '1/a'], ['01', '#']],
  ['byte', ['YWI='], ['YW', 'Y_I=']],
  ['unknown', ['anything'], []],
] as const) {
  test(`the format ${format}`, () => {
    const texts = [...fitting, ...unfitting].map((text) => JSON.stringify(text));
    assert.deepEqual(
      texts.filter((json) => fits({ format }, json)),
      fitting.map((text) => JSON.stringify(text)),
    );
  });
}

test('a reference may be of another draft', () => {
  const references = [{ name: 'pair.json', schema: JSON.stringify({ $schema: drafts[2020], prefixItems: [{ type: 'string' }] }) }];
  const schema = { $schema: drafts[7], items: { $ref: 'pair.json' }, prefixItems: [{ type: 'null' }] };

  assert.equal(fits(schema, '[["x"]]', references), true);
  assert.equal(fits(schema, '[[1]]', references), false);
});

test('two schemas may have the same address, each for itself', () => {
  const one = jsonSchemaCodec('{"$id":"http://a.example/x","type":"string"}');
  const other = jsonSchemaCodec('{"$id":"http://a.example/x","type":"integer"}');

  assert.equal(encode(one, '"x"').toString(), '"x"');
  assert.equal(encode(other, '1').toString(), '1');
});

for (const draft of Object.values(drafts)) {
  test(`a schema may refer to what describes ${draft}`, () => {
    const keyword = draft.includes('draft-') ? 'definitions' : '$defs';

    assert.equal(fits({ $schema: draft, $ref: draft }, JSON.stringify({ [keyword]: { a: { type: 'integer' } } }), metaschemas), true);
    assert.equal(fits({ $schema: draft, $ref: draft }, JSON.stringify({ [keyword]: { a: { type: 1 } } }), metaschemas), false);
  });
}

for (const [text, message] of [
  ['{"$schema":"http://json-schema.org/draft-03/schema#"}', /drafts from 04 on/],
  ['{"minimum":"3"}', /^minimum must be a number$/],
  ['{"required":"a"}', /^required must be an array of strings$/],
  ['{"anyOf":[]}', /^anyOf must be an array of schemas$/],
  ['{"properties":{"a":1}}', /^a schema must be an object or a boolean$/],
  ['{"multipleOf":0}', /^multipleOf must be a number above 0$/],
  ['{"$ref":"#/definitions/a"}', /has nothing there$/],
  ['{"$ref":"http://elsewhere.example/schema"}', /which is neither in it nor among its references$/],
  ['{"pattern":"("}', /^the pattern "\(" is none/],
] as const) {
  test(`${text} is refused`, () => {
    assert.throws(() => jsonSchemaCodec(text), { message });
  });
}
