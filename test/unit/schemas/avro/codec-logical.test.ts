import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonWriter } from '../../../../lib/json/json-writer.ts';
import { avroCodec } from '../../../../lib/schemas/avro/codec.ts';
import type { LogicalView } from '../../../../lib/schemas/codec.ts';
import { TextBudget } from '../../../../lib/schemas/text-budget.ts';
import { decode, encode } from '../translate.ts';

const codecOf = (schema: unknown) => avroCodec(JSON.stringify(schema));
const there = (schema: unknown, json: string) => decode(codecOf(schema), encode(codecOf(schema), json));
const refused = (schema: unknown, json: string, message: RegExp) => assert.throws(() => encode(codecOf(schema), json), { message });

/** The JSON text of a value in a view. */
function shown(schema: unknown, json: string, view: LogicalView): string {
  const codec = codecOf(schema);
  const bytes = encode(codec, json);
  const out = new JsonWriter(Buffer.alloc(1));
  codec.decode({ bytes, start: 0, end: bytes.length }, out, new TextBudget(), view);
  return out.toString();
}

const decimal = { type: 'bytes', logicalType: 'decimal', precision: 17, scale: 4 };
const fixedDecimal = { type: 'fixed', name: 'D', size: 8, logicalType: 'decimal', precision: 17, scale: 4 };
const uuid = { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' };
const duration = { type: 'fixed', name: 'L', size: 12, logicalType: 'duration' };
const long = (logicalType: string) => ({ type: 'long', logicalType });

for (const schema of [decimal, fixedDecimal]) {
  test(`a decimal of ${schema.type} is digits, as text and as a number, and never the bytes of these`, () => {
    for (const json of ['123.45', '"123.45"', '"+123.4500"', '"1.2345e2"', '1.2345E+2']) assert.equal(there(schema, json), '"123.4500"');
    for (const json of ['"abc"', '""', '"1,5"', '"\\u0012ÖD"', '" 1"', '"0x10"', '"NaN"', 'true']) refused(schema, json, /must be/);
    refused(schema, '"0.00001"', /more than 4 of them after the point/);
  });
}

test('a decimal that a number of JavaScript writes with many zeros is one', () => {
  const whole = { type: 'bytes', logicalType: 'decimal', precision: 40, scale: 22 };

  assert.equal(there(whole, '1e15'), `"1000000000000000.${'0'.repeat(22)}"`);
  assert.equal(there(whole, '1e17'), `"100000000000000000.${'0'.repeat(22)}"`);
  assert.equal(there(whole, '123456789012345e-20'), '"0.0000012345678901234500"');
});

test('defaults of decimals are bytes, as the specification has them', () => {
  const schema = { type: 'record', name: 'R', fields: [{ name: 'd', type: decimal, default: '1' }] };

  assert.equal(there(schema, '{}'), '{"d":"0.0049"}');
});

for (const [schema, json, digits, readable, avro] of [
  [decimal, '123.45', '"123.4500"', '"123.4500"', '"\\u0012ÖD"'],
  [['null', decimal], '{"bytes":"-1"}', '{"bytes":"-1.0000"}', '{"bytes":"-1.0000"}', '{"bytes":"Øð"}'],
  [{ type: 'int', logicalType: 'date' }, '"2024-03-06"', '19788', '"2024-03-06"', '19788'],
  [{ type: 'int', logicalType: 'date' }, '2147483647', '2147483647', '2147483647', '2147483647'],
  [{ type: 'int', logicalType: 'time-millis' }, '1', '1', '"00:00:00.001"', '1'],
  [long('timestamp-millis'), '1709703520123', '1709703520123', '"2024-03-06T05:38:40.123Z"', '1709703520123'],
  [long('local-timestamp-micros'), '"2024-03-06T05:38:40.123456"', '1709703520123456', '"2024-03-06T05:38:40.123456"', '1709703520123456'],
  [long('local-timestamp-nanos'), '"2024-03-06T05:38:40"', '1709703520000000000', '"2024-03-06T05:38:40.000000000"', '1709703520000000000'],
  [uuid, '"61626364-6566-6768-696a-6b6c6d6e6f70"', '"abcdefghijklmnop"', '"61626364-6566-6768-696a-6b6c6d6e6f70"', '"abcdefghijklmnop"'],
  [duration, '"P1M2DT3.004S"', '"\\u0001\\u0000\\u0000\\u0000\\u0002\\u0000\\u0000\\u0000¼\\u000b\\u0000\\u0000"', '"P1M2DT3.004S"', null],
] as const) {
  test(`${json} as ${JSON.stringify(schema)} is shown as ${digits}, readable as ${readable}`, () => {
    assert.equal(JSON.stringify(JSON.parse(shown(schema, json, 'digits'))), JSON.stringify(JSON.parse(digits)));
    assert.equal(shown(schema, json, 'readable'), readable);
    assert.equal(JSON.stringify(JSON.parse(shown(schema, json, 'avro'))), JSON.stringify(JSON.parse(avro ?? digits)));
    assert.equal(shown(schema, shown(schema, json, 'readable'), 'readable'), readable);
  });
}

test('a local time has no zone', () => {
  for (const zone of ['Z', '+02:00', '-0300']) refused(long('local-timestamp-millis'), `"2024-03-06T05:38:40${zone}"`, /has no zone/);
});

test('numbers that do not fit are refused, and are no infinity', () => {
  for (const json of ['1e400', '-1e400', '1e999999']) {
    refused('double', json, /too large for a double/);
    refused('float', json, /too large for a float/);
    refused('long', json, /must be a long/);
    refused('int', json, /must be an int/);
    refused(['null', 'double'], json, /too large/);
  }
  refused('float', '1e39', /too large for a float/);
  refused('float', `1${'0'.repeat(39)}`, /too large for a float/);
  assert.equal(there('float', '3.4028234663852886e38'), '3.4028235e+38');
});

test('an integer of 64 bits may be written in any way', () => {
  for (const [json, value] of [
    ['1e18', '1000000000000000000'],
    ['9.223372036854775807e18', '9223372036854775807'],
    ['-9223372036854775808.0', '-9223372036854775808'],
    ['123456789012345e4', '1234567890123450000'],
    ['0e99', '0'],
  ])
    assert.equal(there('long', json), value);
  for (const json of ['1e19', '9223372036854775808', '1e20', '1.5', '9007199254740993.5']) refused('long', json, /must be a long/);
  assert.equal(there({ type: 'array', items: ['int', 'string'] }, '[5.0000000000000000]'), '[{"int":5}]');
});

test('a namespace may hold what Debezium makes of the names of servers', () => {
  const schema = { type: 'record', name: 'Value', namespace: 'abc-123.my table$.t'.replace(' ', '_'), fields: [] };

  assert.equal(codecOf([schema]).name, 'union');
  assert.equal(there(['null', schema], '{"abc-123.my_table$.t.Value":{}}'), '{"abc-123.my_table$.t.Value":{}}');
  assert.equal(there({ type: 'record', name: 'Größe', fields: [{ name: 'é', type: 'int' }] }, '{"é":1}'), '{"é":1}');
  for (const name of ['a-b', '1', 'a b']) assert.throws(() => codecOf({ type: 'record', name, fields: [] }), { message: /is no name/ });
});
