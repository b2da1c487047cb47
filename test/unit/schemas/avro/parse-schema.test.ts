import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAvroSchema } from '../../../../lib/schemas/avro/parse-schema.ts';

const parse = (schema: unknown) => parseAvroSchema(typeof schema === 'string' ? schema : JSON.stringify(schema));

test('a primitive is named bare, in quotes or as an object', () => {
  for (const text of ['int', '"int"', '{"type":"int"}', '{"type":{"type":"int"}}']) {
    assert.deepEqual(parse(text), { kind: 'int', logical: null });
  }
});

test('names are looked up in the namespace around them', () => {
  const schema = {
    ...{ type: 'record', name: 'Outer', namespace: 'a.b' },
    fields: [
      { name: 'one', type: { type: 'fixed', name: 'Inner', size: 1 } },
      { name: 'two', type: 'Inner' },
      { name: 'three', type: 'a.b.Inner' },
      { name: 'four', type: { type: 'enum', name: 'c.Other', symbols: ['X'] } },
      { name: 'five', type: 'c.Other' },
    ],
  };

  const type = parse(schema);

  assert.ok(type.kind === 'record');
  assert.equal(type.name, 'a.b.Outer');
  assert.deepEqual(
    type.fields.map((field) => 'name' in field.type && field.type.name),
    ['a.b.Inner', 'a.b.Inner', 'a.b.Inner', 'c.Other', 'c.Other'],
  );
});

test('a logical type that is unknown or does not fit is ignored', () => {
  for (const logicalType of ['nonsense', 'decimal', 'toString', 'date']) {
    assert.deepEqual(parse({ type: 'long', logicalType }), { kind: 'long', logical: null });
  }
  for (const [precision, scale] of [
    [2, 3],
    [9, 1.5],
    [4.5, 1],
    ['9', 1],
  ]) {
    assert.deepEqual(parse({ type: 'bytes', logicalType: 'decimal', precision, scale }), { kind: 'bytes', logical: null });
  }
});

const record = (fields: unknown, name = 'R') => ({ type: 'record', name, fields });
for (const [schema, message] of [
  ['Unknown', /type "Unknown" is not defined/],
  [5, /must be a name, an object or an array/],
  [{}, /must have "type"/],
  [{ type: 'record', fields: [] }, /must have a name/],
  [record([], '1x'), /is no name/],
  [record('x'), /array of fields/],
  [record([{ type: 'int' }]), /object with a name/],
  [record([{ name: 'a b', type: 'int' }]), /object with a name/],
  [
    record([
      { name: 'a', type: 'int' },
      { name: 'a', type: 'int' },
    ]),
    /has the field a twice/,
  ],
  [record([{ name: 'a', type: record([]) }]), /defined twice/],
  [{ type: 'enum', name: 'E', symbols: ['A', 'A'] }, /names that differ/],
  [{ type: 'enum', name: 'E' }, /array of symbols/],
  [{ type: 'fixed', name: 'F', size: -1 }, /must have a size/],
  [['int', 'int'], /has int twice/],
  [['int', ['string']], /must not hold another/],
  [JSON.parse('['.repeat(200) + ']'.repeat(200)), /deeper than 100 levels|must not hold another/],
] as const) {
  test(`${JSON.stringify(schema).slice(0, 60)} is no schema`, () => {
    assert.throws(() => parse(schema), { message });
  });
}

test('names are compared without comparing each with each', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `f${i}`, type: 'int' }));
  const branches = (count: number) => Array.from({ length: count }, (_, i) => ({ type: 'enum', name: `e${i}`, symbols: [] }));
  for (const make of [(count: number) => ({ type: 'record', name: 'R', fields: fields(count) }), branches]) {
    const timeOf = (count: number): number => {
      const text = JSON.stringify(make(count));
      const times = Array.from({ length: 5 }, () => {
        const began = process.cpuUsage();
        parseAvroSchema(text);
        return process.cpuUsage(began).user;
      });
      return Math.min(...times);
    };

    // Eight times as many: 64 times the work of the pairs.
    assert.ok(timeOf(20_000) < 30 * Math.max(timeOf(2500), 2000));
  }
});
