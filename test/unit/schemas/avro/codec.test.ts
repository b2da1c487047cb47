import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import fc from 'fast-check';
import { avroCodec } from '../../../../lib/schemas/avro/codec.ts';
import { decode, encode } from '../translate.ts';

const codecOf = (schema: unknown) => avroCodec(JSON.stringify(schema));
const record = (...fields: object[]) => ({ type: 'record', name: 'R', namespace: 'n', fields });
const hex = (schema: unknown, json: string) => encode(codecOf(schema), json).toString('hex');
const there = (schema: unknown, json: string) => decode(codecOf(schema), encode(codecOf(schema), json));

// Bytes from the examples of Avro's specification, "Binary Encoding".
for (const [schema, json, bytes] of [
  ['long', '0', '00'],
  ['long', '-1', '01'],
  ['long', '1', '02'],
  ['long', '-64', '7f'],
  ['long', '64', '8001'],
  ['string', '"foo"', '06666f6f'],
  [record({ name: 'a', type: 'long' }, { name: 'b', type: 'string' }), '{"b":"foo","a":27}', '3606666f6f'],
  [{ type: 'array', items: 'long' }, '[3,27]', '04063600'],
  [['null', 'string'], 'null', '00'],
  [['null', 'string'], '{"string":"a"}', '020261'],
] as const) {
  test(`${json} as ${JSON.stringify(schema)} is ${bytes}`, () => {
    assert.equal(hex(schema, json), bytes);
  });
}

for (const long of [
  '9223372036854775807',
  '-9223372036854775808',
  '9007199254740993',
  '-4503599627370497',
  '4503599627370496',
  '9007199254740991',
]) {
  test(`the long ${long} keeps its digits`, () => {
    assert.equal(there('long', long), long);
    assert.equal(there(['null', 'long'], long), `{"long":${long}}`);
  });
}

for (const [schema, json, shown] of [
  ['float', '0.1', '0.1'],
  ['double', '1e300', '1e+300'],
  ['double', '"NaN"', '"NaN"'],
  ['float', '"-Infinity"', '"-Infinity"'],
  ['double', '-0.0', '-0.0'],
  ['double', '12345678901234567', '12345678901234568'],
  ['bytes', '"\\u0000\\u00ff"', '"\\u0000ÿ"'],
  ['string', '"\\ud83d\\ude42 \\" ü"', '"🙂 \\" ü"'],
  [{ type: 'fixed', name: 'F', size: 2 }, '"ab"', '"ab"'],
  [{ type: 'map', values: 'int' }, '{"__proto__":1,"ü":2}', '{"__proto__":1,"ü":2}'],
  [{ type: 'map', values: 'int' }, '{}', '{}'],
  [{ type: 'array', items: 'null' }, '[null,null]', '[null,null]'],
  [record(), '{}', '{}'],
  ['boolean', 'false', 'false'],
] as const) {
  test(`${json} as ${JSON.stringify(schema)} comes back as ${shown}`, () => {
    assert.equal(there(schema, json), shown);
  });
}

test('defaults are filled in, of unions those of any branch', () => {
  const schema = record(
    { name: 'text', type: 'string', default: 'd' },
    { name: 'first', type: ['null', 'int'], default: null },
    { name: 'second', type: ['null', 'int'], default: 5 },
    { name: 'nested', type: { type: 'record', name: 'N', fields: [{ name: 'x', type: 'int', default: 1 }] }, default: {} },
    { name: 'constructor', type: 'int', default: 2 },
  );

  assert.equal(there(schema, '{}'), '{"text":"d","first":null,"second":{"int":5},"nested":{"x":1},"constructor":2}');
});

test('a record may hold itself', () => {
  const list = record({ name: 'v', type: 'int' }, { name: 'next', type: ['null', 'n.R'], default: null });

  assert.equal(there(list, '{"v":1,"next":{"v":2}}'), '{"v":1,"next":{"n.R":{"v":2,"next":null}}}');
});

test('logical types take what JSON has for them, and what lies below', () => {
  const as = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });

  assert.equal(there(as('int', 'date'), '"1970-01-02"'), '1');
  assert.equal(there(as('long', 'timestamp-micros'), '"1970-01-01T00:00:01.000002Z"'), '1000002');
  assert.equal(there(['null', as('long', 'timestamp-millis')], '"1970-01-01T00:00:01Z"'), '{"long":1000}');
  assert.equal(hex(as('bytes', 'decimal', { precision: 5, scale: 2 }), '-1.5'), 'ff6a');
  assert.equal(hex(as('bytes', 'decimal', { precision: 5, scale: 2 }), '1.28'), '0080');
  assert.equal(hex(as('fixed', 'decimal', { name: 'D', size: 4, precision: 5, scale: 0 }), '-2'), 'fffffffe');
  const unscaled = 123456789012345678900123456789n;
  assert.equal(
    hex(as('bytes', 'decimal', { precision: 30, scale: 10 }), '12345678901234567890.0123456789'),
    unscaled.toString(16).padStart(26, '0'),
  );
  assert.equal(
    hex(as('fixed', 'uuid', { name: 'U', size: 16 }), '"00112233-4455-6677-8899-aabbccddeeff"'),
    '00112233445566778899aabbccddeeff',
  );
});

for (const [schema, json, path, message] of [
  ['int', '2147483648', '', /int, an integer of 32 bits/],
  ['int', '1.5', '', /int/],
  ['long', '9223372036854775808', '', /long, an integer of 64 bits/],
  ['long', '"5"', '', /long/],
  ['string', '5', '', /must be a string, and is a number/],
  ['string', '"\\ud800"', '', /half of a surrogate pair/],
  ['bytes', '"\\u0100"', '', /must be bytes/],
  ['boolean', 'null', '', /must be true or false, and is null/],
  ['null', '1', '', /must be null/],
  [{ type: 'fixed', name: 'F', size: 2 }, '"abc"', '', /must have 2 bytes, as the fixed F has, and has 3/],
  [{ type: 'enum', name: 'E', symbols: ['A', 'B'] }, '"C"', '', /one of the symbols of the enum E: A, B/],
  [record({ name: 'a', type: { type: 'array', items: { type: 'map', values: 'int' } } }), '{"a":[{},{"k":"x"}]}', '.a[1].k', /int/],
  [record({ name: 'a', type: 'int' }), '{}', '.a', /is missing, and its schema has no default/],
  [record({ name: 'toString', type: 'int' }), '{}', '.toString', /is missing/],
  [record({ name: 'a', type: 'int' }), '{"a":1,"b":2}', '.b', /is unknown: n\.R has no such field/],
  [record({ name: 'a', type: 'int', default: 'x' }), '{}', '.a', /default in its schema does not fit/],
  [record({ name: 'a', type: 'int' }), '12345678901234567890', '', /must be an object, a n\.R, and is a number/],
  [['null', 'int'], '"x"', '', /one of a union's branches \(null, int\), and is a string/],
  [['null', record({ name: 'a', type: 'int' })], '{"a":"x"}', '.a', /int/],
  [['null', record({ name: 'a', type: 'int' })], '{"n.R":{"a":"x"}}', '.a', /int/],
  [['int', 'long'], '5', '', /fits both int and long/],
  [['string', 'bytes'], '"x"', '', /fits both string and bytes: say which, as \{"string": …\}/],
  [['string'], 'null', '', /and is null/],
  [{ type: 'bytes', logicalType: 'decimal', precision: 3, scale: 1 }, '1.25', '', /more than 3 digits, or more than 1 of them/],
  [{ type: 'bytes', logicalType: 'decimal', precision: 3, scale: 1 }, '1e999999', '', /./],
  [{ type: 'int', logicalType: 'date' }, '"yesterday"', '', /is no date/],
] as const) {
  test(`${json} does not fit ${JSON.stringify(schema)}`, () => {
    assert.throws(
      () => hex(schema, json),
      (error: Error & { path: string }) =>
        (message.test(error.message) && error.path.endsWith(path)) || assert.fail(`${error.path} ${error.message}`),
    );
  });
}

const long = 'ffffffffffffffffff01';
for (const [schema, bytes, message] of [
  ['string', '0a61', /ends before/],
  ['string', '01', /ends before/],
  ['int', '0000', /1 bytes more than its schema says/],
  ['int', `${long}`, /int of more than 32 bits/],
  ['long', 'ffffffffffffffffffff01', /more than 64 bits/],
  ['long', '80', /ends before/],
  ['boolean', '02', /boolean/],
  [['null'], '02', /no branch/],
  [{ type: 'enum', name: 'E', symbols: ['A'] }, '02', /no symbol/],
  [{ type: 'array', items: 'null' }, `feffffffffffff0f00`, /larger than/],
  [record({ name: 'r', type: ['null', 'n.R'] }), '02'.repeat(1000), /nested deeper/],
] as const) {
  test(`${bytes.slice(0, 30)} is no ${JSON.stringify(schema)}`, () => {
    assert.throws(() => decode(codecOf(schema), Buffer.from(bytes, 'hex')), { message });
  });
}

test('blocks of arrays may have their length in front', () => {
  // Two items in two bytes, then one more.
  assert.equal(decode(codecOf({ type: 'array', items: 'int' }), Buffer.from('03040204020500', 'hex')), '[1,2,-3]');
});

interface Sample {
  schema: object | string;
  value: fc.Arbitrary<unknown>;
}

let names = 0;
const primitive = fc.constantFrom<Sample>(
  { schema: 'null', value: fc.constant(null) },
  { schema: 'boolean', value: fc.boolean() },
  { schema: 'int', value: fc.integer() },
  // Beyond them the other implementation is not exact.
  { schema: 'long', value: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }) },
  { schema: 'double', value: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { schema: 'float', value: fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8) },
  { schema: 'string', value: fc.string({ unit: 'grapheme' }) },
  { schema: 'bytes', value: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')) },
);
const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    primitive,
    tie('sample').map(
      ({ schema, value }): Sample => ({ schema: { type: 'array', items: schema }, value: fc.array(value, { maxLength: 4 }) }),
    ),
    tie('sample').map(
      ({ schema, value }): Sample => ({
        schema: { type: 'map', values: schema },
        value: fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
          value,
          { maxKeys: 3, noNullPrototype: true },
        ),
      }),
    ),
    fc.array(tie('sample'), { maxLength: 4 }).map(
      (samples): Sample => ({
        schema: { type: 'record', name: `R${names++}`, fields: samples.map(({ schema }, i) => ({ name: `f${i}`, type: schema })) },
        value: fc
          .tuple(...samples.map(({ value }) => value))
          .map((values) => Object.fromEntries(values.map((value, i) => [`f${i}`, value]))),
      }),
    ),
    fc.constant(['null', 'string', 'int']).map(
      (schema): Sample => ({
        schema,
        value: fc.oneof(
          fc.constant(null),
          fc.string().map((string) => ({ string })),
          fc.integer().map((int) => ({ int })),
        ),
      }),
    ),
  ),
}));
const samples = sample.chain(({ schema, value }) => fc.tuple(fc.constant(schema), value));

/** Java's serializer writes these without their length. */
const isBare = (schema: unknown): boolean => schema === 'bytes';

test('bytes that are the whole content of a record have no length before them, as those of the serializer for Java', () => {
  const bytes = { type: 'bytes' };
  const price = { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 };

  assert.deepEqual([hex('bytes', '"ab"'), hex(bytes, '""'), hex(price, '"1.28"')], ['6162', '', '0080']);
  assert.deepEqual([there('bytes', '"ab"'), there(bytes, '""'), there(price, '"1.28"')], ['"ab"', '""', '"1.28"']);
  assert.equal(hex(record({ name: 'b', type: 'bytes' }), '{"b":"ab"}'), '046162');
  assert.equal(hex(['null', 'bytes'], '{"bytes":"ab"}'), '02046162');
});

test('bytes are those of another implementation, and so is the JSON that they become', () => {
  fc.assert(
    fc.property(
      samples.filter(([schema]) => !isBare(schema)),
      ([schema, value]) => {
        const text = JSON.stringify(schema);
        const other = avsc.Type.forSchema(JSON.parse(text));
        const codec = avroCodec(text);
        const json = JSON.stringify(value);

        const bytes = encode(codec, json);

        assert.deepEqual(bytes, other.toBuffer(other.fromString(json)));
        assert.deepEqual(JSON.parse(decode(codec, bytes)), JSON.parse(other.toString(other.fromBuffer(bytes))));
      },
    ),
  );
});

test('bytes that are cut or changed anywhere are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(samples, fc.uint8Array({ maxLength: 40 }), ([schema], bytes) => {
      const codec = codecOf(schema);
      try {
        JSON.parse(decode(codec, Buffer.from(bytes)));
      } catch (error) {
        assert.ok(error instanceof Error && 'path' in error, String(error));
      }
    }),
  );
});
