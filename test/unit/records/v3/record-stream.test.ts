import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import { MOST_HEADERS, MOST_RECORDS } from '../../../../lib/limits-of-request.ts';
import type { BatchEntry } from '../../../../lib/records/v3/record.ts';
import { readRecordStream } from '../../../../lib/records/v3/record-stream.ts';
import { textOf } from '../bytes-of.ts';
import { jsonText } from '../json-text.ts';
import { anyText } from '../text-arbitrary.ts';

const NOW = 1_700_000_000_000;
const read = (text: string): BatchEntry[] => readRecordStream(Buffer.from(text), { topic: 'orders', now: NOW, schemas: false });

/** Fields of an entry that tests look at; of an error its name and message. */
function show(entry: BatchEntry) {
  if (entry instanceof GatewayError) return `${entry.name}: ${entry.message}`;
  const { key, value, keyType, valueType, headers, timestamp, partition } = entry;
  return { key: textOf(key), value: textOf(value), keyType, valueType, headers, timestamp, partition };
}

const plain = { key: null, value: null, keyType: null, valueType: null, headers: null, timestamp: NOW, partition: null };
const binary = (text: string) => JSON.stringify({ type: 'BINARY', data: Buffer.from(text).toString('base64') });

test('records of every type are read, in order', () => {
  const entries = read(`
    {"key": ${binary('key')}, "value": {"type":"JSON","data":{"n" : 1.50, "big":12345678901234567890}}}
    {"value": {"type":"STRING","data":"Gr\\u00fc\\u00dfe"}, "partition_id": 3}{"key":{"type":"STRING","data":""}}`);

  assert.deepEqual(entries.map(show), [
    { ...plain, key: 'key', keyType: 'BINARY', value: '{"n":1.50,"big":12345678901234567890}', valueType: 'JSON' },
    { ...plain, value: 'Grüße', valueType: 'STRING', partition: 3 },
    { ...plain, key: '', keyType: 'STRING' },
  ]);
});

test('any JSON and any text come out as they went in, wherever the type stands', () => {
  const data = (type: string, text: string, typeFirst: boolean) =>
    typeFirst ? `{"type":"${type}","data":${text}}` : `{"data" :${text} , "type":"${type}"}`;

  fc.assert(
    fc.property(fc.array(fc.tuple(anyText(), jsonText, fc.boolean()), { minLength: 1, maxLength: 4 }), (records) => {
      const stream = records.map(
        ([key, { text }, typeFirst]) =>
          `{"value":${data('JSON', text, typeFirst)},"key":${data('STRING', JSON.stringify(key), !typeFirst)}}`,
      );

      const entries = read(stream.join(''));

      assert.deepEqual(
        entries.map((entry) => (entry instanceof GatewayError ? entry : [textOf(entry.key), textOf(entry.value)])),
        records.map(([key, { compact }]) => [key, compact === 'null' ? null : compact]),
      );
    }),
  );
});

test('a record may have nothing; null counts as absent, and data that is null is there', () => {
  const nulls = '{"key":null,"value":null,"headers":null,"partition_id":null,"timestamp":null}';

  assert.deepEqual(read(`{} ${nulls} {"value":{"type":"JSON","data":null}}`).map(show), [plain, plain, { ...plain, valueType: 'JSON' }]);
});

test('data left out is null, as data that is null', () => {
  const texts = ['{"type":"BINARY"}', '{"type":"JSON"}', '{"type":"STRING"}', '{}', '{"type":null}'];

  assert.deepEqual(
    read(texts.map((value) => `{"key":${value},"value":${value}}`).join('')).map(show),
    ['BINARY', 'JSON', 'STRING', null, null].map((type) => ({ ...plain, keyType: type, valueType: type })),
  );
  const [byId] = readWithSchemas('{"value":{"schema_id":7}}').map(show);
  const type = { type: null, place: 'records[0].value', members: new Map([['records[0].value.schema_id', 7]]) };
  assert.deepEqual(byId, { ...plain, valueType: type });
});

test('headers keep their order and duplicates; a time is ISO 8601 or Unix milliseconds', () => {
  const [first, second] = read(
    '{"headers":[{"name":"a","value":"YQ=="},{"name":"a"},{"value":null,"name":""}],"timestamp":"2023-03-09T14:07:23.592Z"}{"timestamp":5}',
  );

  const headers = [
    { key: 'a', value: Buffer.from('a') },
    { key: 'a', value: null },
    { key: '', value: null },
  ];
  assert.deepEqual(show(first), { ...plain, headers, timestamp: Date.parse('2023-03-09T14:07:23.592Z') });
  assert.deepEqual(show(second), { ...plain, timestamp: 5 });
});

for (const [record, expected] of [
  ['{"records":[]}', /^BadRequest: Unrecognized field: records in records\[1\], which may have partition_id, /],
  ['{"key":{},"key":{}}', /^BadRequest: records\[1\] has "key" twice/],
  ['{"timestamp":1,"timestamp":1}', /^BadRequest: records\[1\] has "timestamp" twice/],
  ['[]', /^BadRequest: records\[1\] must be an object/],
  ['5', /^BadRequest: records\[1\] must be an object/],
  ['{"value":"text"}', /^BadRequest: records\[1\]\.value must be an object \{"type", "data"\} or null/],
  ['{"value":{"type":"BINARY","data":"a","extra":1}}', /^BadRequest: Unrecognized field: extra in records\[1\]\.value/],
  ['{"value":{"type":"BINARY","data":"*"}}', /^BadRequest: records\[1\]\.value\.data is not base64/],
  ['{"value":{"type":"BINARY","data":{"a":[1]}}}', /^BadRequest: records\[1\]\.value\.data must be a base64 string/],
  ['{"key":{"type":"STRING","data":5}}', /^BadRequest: records\[1\]\.key\.data must be a string/],
  ['{"key":{"type":"STRING","data":"\\ud800"}}', /^BadRequest: records\[1\]\.key\.data holds half of a surrogate pair/],
  ['{"value":{"type":"string","data":"a"}}', /^BadRequest: records\[1\]\.value\.type must be one of BINARY, JSON, STRING, AVRO/],
  ['{"value":{"type":7,"data":"a"}}', /^BadRequest: records\[1\]\.value\.type must be a string/],
  ['{"value":{"type":"toString","data":"a"}}', /^BadRequest: .*type must be one of/],
  ['{"value":{"type":"JSON","data":1,"schema_id":1}}', /^BadRequest: .*'type=JSON' cannot be used with 'schema_id'/],
  ['{"headers":[{"key":"a"}]}', /^BadRequest: Unrecognized field: key in records\[1\]\.headers\[0\], which may have name, value/],
  ['{"headers":[{"name":"a","value":"*"}]}', /^BadRequest: records\[1\]\.headers\[0\]\.value is not base64/],
  ['{"timestamp":"yesterday"}', /^BadRequest: records\[1\]\.timestamp must be/],
  ['{"timestamp":9007199254740991}', /^BadRequest: records\[1\]\.timestamp is later than any date/],
  ['{"partition_id":"a"}', /^BadRequest: records\[1\]\.partition_id must be an integer/],
  ['{"partition_id":2147483648}', /^BadRequest: records\[1\]\.partition_id must be an integer/],
  ['{"partition_id":-1,"value":{"type":"STRING","data":"a"}}', /^PartitionNotFound: Partition not found\.$/],
  ...['"AVRO","schema":"{}"', '"JSONSCHEMA","schema":"{}"', '"PROTOBUF","schema":""', 'null,"schema_id":1', 'null'].map(
    (type) => [`{"value":{"type":${type},"data":{"a":1}}}`, /^InvalidPayload: Payload error\. Schema Registry must be configured/] as const,
  ),
] as const) {
  test(`a record that is ${record} fails by itself`, () => {
    const good = `{"value":${binary('x')}}`;

    const [before, bad, behind, ...more] = read(good + record + good).map(show);

    const expectedGood = { ...plain, value: 'x', valueType: 'BINARY' };
    assert.deepEqual([before, behind, more], [expectedGood, expectedGood, []]);
    assert.match(String(bad), expected);
  });
}

test('malformed JSON is the last entry: what is behind it is not looked at', () => {
  const entries = read('{}{"value":}{}');

  assert.deepEqual(entries.map(show), [plain, 'BadRequest: Malformed JSON: expected a value at byte 11']);
});

test('JSON nested too deep ends the stream', () => {
  const entries = read(`{}{"value":{"type":"JSON","data":${'['.repeat(600)}${']'.repeat(600)}}}{}`);

  assert.equal(entries.length, 2);
  assert.match(String(show(entries[1])), /^BadRequest: Malformed JSON: nested deeper/);
});

test('a body with nothing in it is refused', () => {
  const expected = { name: 'InvalidPayload', code: 42206, message: 'Payload error. Request body is empty. Data is required.' };

  for (const text of ['', ' \n']) assert.throws(() => read(text), expected);
});

const readWithSchemas = (text: string): BatchEntry[] => readRecordStream(Buffer.from(text), { topic: 'orders', now: NOW, schemas: true });

test('with a registry, what has a schema is JSON text still, with what chooses the schema', () => {
  const [byText, byId, latest] = readWithSchemas(`
    {"value":{"data":{"n" : 1},"type":"AVRO","schema":"\\"int\\"","subject":"s"}}
    {"key":{"schema_id":7,"subject":null,"data":[1]}} {"value":{"data":null}}`).map(show);

  const of = (type: string | null, place: string, members: object) => ({ type, place, members: new Map(Object.entries(members)) });
  assert.deepEqual(
    [byText, byId, latest],
    [
      {
        ...plain,
        value: '{"n" : 1}',
        valueType: of('AVRO', 'records[0].value', { 'records[0].value.schema': '"int"', 'records[0].value.subject': 's' }),
      },
      { ...plain, key: '[1]', keyType: of(null, 'records[1].key', { 'records[1].key.schema_id': 7 }) },
      { ...plain, valueType: of(null, 'records[2].value', {}) },
    ],
  );
});

for (const [value, expected] of [
  ['{"type":"AVRO","data":1}', "records[0].value: 'type=AVRO' needs a 'schema'; one of the registry has its type with it."],
  ['{"type":"AVRO","schema":"","schema_id":1,"data":1}', "records[0].value: 'type=AVRO' cannot be used with 'schema_id'."],
  ['{"type":"PROTOBUF","schema_version":1,"data":1}', "records[0].value: 'type=PROTOBUF' cannot be used with 'schema_version'."],
  ['{"type":"STRING","schema":"","data":""}', "records[0].value: 'type=STRING' cannot be used with 'schema'."],
  ['{"schema":"","data":1}', "records[0].value: 'schema' needs a 'type' of AVRO, JSONSCHEMA, PROTOBUF."],
  ['{"subject":"s","subject_name_strategy":"TOPIC_NAME","data":1}', "records[0].value: give one of 'subject' and 'subject_name_strategy'."],
] as const) {
  test(`with a registry, ${value} fails by itself`, () => {
    const [entry, next] = readWithSchemas(`{"value":${value}}{}`).map(show);

    assert.deepEqual([entry, next], [`BadRequest: ${expected}`, plain]);
  });
}

test('reading ends at the first record that is too many, whatever follows it', () => {
  const refused = { name: 'TooLarge', message: 'The request has more than 3 records: send at most 3 in one request' };
  const readThree = (text: string) => readRecordStream(Buffer.from(text), { topic: 'orders', now: NOW, schemas: false }, 3);

  assert.equal(readThree('1 {} [] ').length, 3);
  assert.throws(() => readThree('1 {} [] 1'), refused);
  assert.throws(() => readThree('1 {} [] what is no JSON'), refused);
  assert.throws(() => read('1 '.repeat(MOST_RECORDS + 1)), { name: 'TooLarge' });
});

test('headers are counted over all records, and too many of them refuse the request', () => {
  const half = `{"headers":[${Array(MOST_HEADERS / 2)
    .fill('{"name":""}')
    .join()}]}`;

  assert.equal(read(half + half).length, 2);
  assert.throws(() => read(`${half}${half}{"headers":[{"name":""}]}`), { name: 'TooLarge' });
});

test('a record that is refused in the middle does not lend its place to the next', () => {
  const [, second] = read('{"headers":[{"name":1}]}{"value":{"type":"JSON","dat":1}}');

  assert.match(String(show(second)), /in records\[1\]\.value, which/);
});
