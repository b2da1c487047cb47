import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_HEADERS, MOST_PARSED_BYTES, MOST_RECORDS } from '../../../../lib/limits-of-request.ts';
import { type RecordFormatName, recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import { schemaFormats } from '../../../../lib/records/formats/schema-formats.ts';
import { readProduceBody } from '../../../../lib/records/requests/produce-body.ts';
import { textOf } from '../bytes-of.ts';

function read(body: string | Buffer, format: RecordFormatName = 'json', topics = false) {
  const { records } = readProduceBody(Buffer.from(body), recordFormats[format], { now: 5, topic: topics ? null : 't', partition: null });
  return records.map(({ value }) => textOf(value));
}

test('records are read in their order, in each format', () => {
  assert.deepEqual(read('{"records":[{"value":{"a": 1.0}},{"value":null},{"value":"é"}]}', 'json'), ['{"a":1.0}', null, '"é"']);
  assert.deepEqual(read('{"records":[{"value":"aGk="},{"value":null}]}', 'binary'), ['hi', null]);
  assert.deepEqual(read('{"records":[{"value":"h\\u0069"},{"value":""}]}', 'text'), ['hi', '']);
});

test('whitespace may stand anywhere', () => {
  assert.deepEqual(read('\r\n{\t"records" : [ { "value" : [ 1 , 2 ] } ] } \n'), ['[1,2]']);
});

test('schema fields that are null count as absent', () => {
  const body = '{"key_schema":null,"key_schema_id":null,"records":[{"value":1}],"value_schema":null,"value_schema_id":null}';

  assert.deepEqual(read(body), ['1']);
});

test('ten thousand records are read', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => `{"id":${i}}`);

  assert.deepEqual(read(`{"records":[${values.map((value) => `{"value":${value}}`).join()}]}`), values);
});

test('records name their topics where they must', () => {
  const { records } = readProduceBody(Buffer.from('{"records":[{"topic":"a"},{"topic":"b"}]}'), recordFormats.json, {
    now: 5,
    topic: null,
    partition: null,
  });

  assert.deepEqual(
    records.map(({ topic }) => topic),
    ['a', 'b'],
  );
});

for (const [body, message] of [
  ['[]', 'The body must be an object {"records": [...]}'],
  ['"records"', 'The body must be an object {"records": [...]}'],
  ['null', 'The body must be an object {"records": [...]}'],
  ['{}', 'records is missing: the body must be an object {"records": [...]}'],
  ['{"records":null}', 'records is missing: the body must be an object {"records": [...]}'],
  ['{"records":{"value":1}}', 'records must be an array'],
  ['{"records":"[]"}', 'records must be an array'],
  ['{"records":[]}', 'records is empty: send at least one record'],
  ['{"records":[{},5]}', 'records[1] must be an object'],
  ['{"records":[{},{"a":1}]}', 'Unrecognized field: a in records[1], which may have key, value, partition, timestamp, headers'],
  [
    '{"record":[{}]}',
    'Unrecognized field: record in the body, which may have records, key_format, key_schema, key_schema_id, value_schema, value_schema_id',
  ],
  ['{"records":[{}],"records":[{}]}', 'the body has "records" twice: send it once'],
  ['{"key_schema":null,"key_schema":null,"records":[{}]}', 'the body has "key_schema" twice: send it once'],
]) {
  test(`${body} is refused`, () => {
    assert.throws(() => read(body), { name: 'InvalidRecord', message });
  });
}

const known = { ...recordFormats, ...schemaFormats };
const options = { now: 5, topic: 't', partition: null };

test('keys may have a format of their own, wherever the body says so', () => {
  for (const body of [
    '{"key_format":"text","records":[{"key":"a\\u0062","value":"aGk="}]}',
    '{"records":[{"key":"a\\u0062","value":"aGk="}],"key_format":"text"}',
    '{ "records" : [{"key":"a\\u0062","value":"aGk="}] , "key_format" : "text" }',
    '{"records":[{"key":"a\\u0062","value":"aGk="}],"key\\u005fformat":"text"}',
    '{"records":[{"key":"ab","value":"aGk="}],"\\u006bey_form\\u0061t":"text"}',
    `{"records":[{"key":"ab","headers":[{"key":"${'\\u00e9'.repeat(40)}","value":null}],"value":"aGk="}],"\\u006Bey_format":"text"}`,
  ]) {
    const { records, formats } = readProduceBody(Buffer.from(body), recordFormats.binary, options);

    assert.deepEqual([textOf(records[0].key), textOf(records[0].value)], ['ab', 'hi']);
    assert.deepEqual([formats.key.name, formats.value.name], ['text', 'binary']);
  }
});

for (const underscores of [0, 1, 31, 32, 33, 1000]) {
  test(`a format of keys is heeded behind records with ${underscores} underscores`, () => {
    const headers = [{ key: '_'.repeat(underscores), value: null }];
    const body = JSON.stringify({ records: [{ key: 'a"b', value: 'aGk=', headers }], key_format: 'text' });

    const { records } = readProduceBody(Buffer.from(body), recordFormats.binary, options);

    assert.equal(textOf(records[0].key), 'a"b');
  });
}

test('a format of keys that is not served is refused', () => {
  assert.throws(() => read('{"key_format":"avro","records":[{}]}'), {
    name: 'InvalidRecord',
    message: 'key_format must be one of binary, json, text',
  });
});

test('of formats with schemas, the JSON text is kept, and what the body says of schemas', () => {
  const body =
    '{"records":[{"key":null,"value":{ "a" : 1 }}],"value_schema":"{}","value_message":null,"value_schema_references":[{"version":1}]}';

  const { records, schemas } = readProduceBody(Buffer.from(body), schemaFormats.avro, options, known);

  assert.deepEqual([records[0].key, textOf(records[0].value)], [null, '{ "a" : 1 }']);
  assert.deepEqual(
    [...schemas],
    [
      ['value_schema', '{}'],
      ['value_schema_references', [{ version: 1 }]],
    ],
  );
});

test('a schema for what has none is refused', () => {
  const body = '{"key_format":"avro","key_schema_id":1,"value_schema_id":2,"records":[{}]}';

  assert.throws(() => readProduceBody(Buffer.from(body), recordFormats.json, options, known), {
    name: 'InvalidRecord',
    message: /^value_schema_id belongs to the schema formats .* application\/vnd\.kafka\.json\.v2\+json is not one of/,
  });
});

for (const name of ['key_schema', 'key_schema_id', 'value_schema', 'value_schema_id']) {
  test(`a ${name} is refused`, () => {
    assert.throws(() => read(`{"${name}":1,"records":[{}]}`, 'text'), {
      name: 'InvalidRecord',
      message: `${name} belongs to the schema formats (avro, jsonschema, protobuf), and application/vnd.kafka.text.v2+json is not one of them: leave it out`,
    });
  });
}

for (const [body, message] of [
  ['', 'expected a value at byte 0, where the text ends'],
  ['{"records":[{}]', "expected ',' or '}' at byte 15, where the text ends"],
  ['{"records":[{}]}}', 'expected nothing more at byte 16'],
  ['{"records":[{},]}', 'expected a value at byte 15'],
  ['{"records":[{"value":01}]}', "expected ',' or '}' at byte 22"],
  ['{"records":[{"value":"a}]}', 'expected the closing quote of a string at byte 26, where the text ends'],
  ['{"value_schema":{,"records":[{}]}', 'expected a member name in quotes at byte 17'],
  ['{records:[]}', 'expected a member name in quotes at byte 1'],
]) {
  test(`${body} is malformed`, () => {
    assert.throws(() => read(body), { name: 'BadRequest', message: `Malformed JSON: ${message}` });
  });
}

test('a body that is not UTF-8 is malformed in every format', () => {
  const body = Buffer.from('{"records":[{"value":"\xe9"}]}', 'latin1');

  for (const format of ['json', 'binary', 'text'] as const) {
    assert.throws(() => read(body, format), { name: 'BadRequest', message: 'Malformed JSON: not UTF-8 at byte 22' });
  }
});

test('bad base64 is refused with its place', () => {
  assert.throws(() => read('{"records":[{"value":"aGk="},{"value":"a Gk="}]}', 'binary'), {
    name: 'BadRequest',
    message: 'records[1].value is not base64: use A-Z, a-z, 0-9, + and / without whitespace, and padding or none',
  });
});

test('no message holds what was sent', () => {
  const secret = 'hunter2';
  const bodies = [
    `{"records":[{"value":"${secret}!"}]}`,
    `{"records":[{"key":{"${secret}":"${secret}"}}]}`,
    `{"records":[{"partition":"${secret}"}]}`,
    `{"records":[{"timestamp":"${secret}"}]}`,
    `{"records":[{"headers":"${secret}"}]}`,
    `{"records":"${secret}"}`,
    `{"value_schema":"${secret}"}`,
    `"${secret}"`,
    `{"records":[${secret}]}`,
  ];

  for (const body of bodies) {
    assert.throws(
      () => read(body, 'binary'),
      (error) => error instanceof Error && !error.message.includes(secret),
    );
  }
});

test('reading ends at the first record that is too many, whatever follows it', () => {
  const body = (count: number, end: string) => `{"records":[${Array(count).fill('{}').join()}${end}`;

  assert.equal(read(body(MOST_RECORDS, ']}')).length, MOST_RECORDS);
  assert.throws(() => read(body(MOST_RECORDS, ', what is no JSON')), {
    name: 'TooLarge',
    message: 'The request has more than 50000 records: send at most 50000 in one request',
  });
});

test('headers are counted over all records', () => {
  const headers = (count: number) => `{"headers":[${Array(count).fill('{"key":""}').join()}]}`;
  const half = headers(MOST_HEADERS / 2);

  assert.equal(read(`{"records":[${half},${half}]}`).length, 2);
  assert.throws(() => read(`{"records":[${half},${half},${headers(1)}]}`), {
    name: 'TooLarge',
    message: 'The request has more than 100000 headers: send at most 100000 in one request',
  });
});

test('what is parsed whole has a bound of its own, and text has none', () => {
  const body = (schema: string) => `{"key_schema":${schema},"records":[{"value":1}]}`;

  assert.throws(
    () =>
      read(
        body(
          `[${Array(MOST_PARSED_BYTES / 2)
            .fill('0')
            .join()}]`,
        ),
      ),
    { name: 'TooLarge', message: /^The schemas in the request/ },
  );
  assert.throws(() => read(body(JSON.stringify('a'.repeat(MOST_PARSED_BYTES)))), { name: 'InvalidRecord' });
});
