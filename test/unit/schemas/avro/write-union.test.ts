import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avroCodec } from '../../../../lib/schemas/avro/codec.ts';
import { decode, encode } from '../translate.ts';

const codecOf = (schema: unknown) => avroCodec(JSON.stringify(schema));
const there = (schema: unknown, json: string) => decode(codecOf(schema), encode(codecOf(schema), json));

test('a union takes plain JSON where it fits one branch', () => {
  const union = [
    'null',
    'boolean',
    'string',
    { type: 'array', items: 'int' },
    { type: 'record', name: 'A', fields: [{ name: 'a', type: 'int' }] },
    { type: 'record', name: 'B', fields: [{ name: 'b', type: 'int' }] },
  ];

  assert.equal(there(union, 'true'), '{"boolean":true}');
  assert.equal(there(union, '"s"'), '{"string":"s"}');
  assert.equal(there(union, '[1]'), '{"array":[1]}');
  assert.equal(there(union, '{"b":1}'), '{"B":{"b":1}}');
  assert.equal(there(['null', 'double', 'string'], '"text"'), '{"string":"text"}');
  assert.equal(there(['null', 'int', 'double'], '1.5'), '{"double":1.5}');
});

test("a value that could be Avro's JSON or plain is Avro's JSON, if that fits", () => {
  const union = ['null', 'string', { type: 'map', values: 'string' }];

  assert.equal(there(union, '{"string":"x"}'), '{"string":"x"}');
  assert.equal(there(union, '{"map":{"a":"b"}}'), '{"map":{"a":"b"}}');
  assert.equal(there(union, '{"map":"x"}'), '{"map":{"map":"x"}}');
  assert.equal(there(union, '{"string":"x","other":"y"}'), '{"map":{"string":"x","other":"y"}}');
});

test('unions in unions are not tried for ever', () => {
  const node = (name: string, last: string) => ({
    ...{ type: 'record', name },
    fields: [
      {
        name: 'next',
        type: name === 'A' ? ['null', 'A', { type: 'record', name: 'B', fields: bFields }] : ['null', 'A', 'B'],
        default: null,
      },
      { name: last, type: 'int', default: 0 },
    ],
  });
  const bFields = [
    { name: 'next', type: ['null', 'A', 'B'], default: null },
    { name: 'b', type: 'int', default: 0 },
  ];
  const codec = codecOf(node('A', 'a'));
  const deep = (wrap: (inner: string) => string) => Array.from({ length: 60 }).reduce<string>((inner) => wrap(inner), '{}');

  assert.throws(
    () =>
      encode(
        codec,
        deep((inner) => `{"next":${inner}}`),
      ),
    { message: /too many things|fits both/ },
  );
  assert.equal(
    encode(
      codec,
      deep((inner) => `{"next":{"A":${inner}}}`),
    ).length,
    122,
  );
});
