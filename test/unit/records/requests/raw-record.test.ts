import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { parseKeyPath } from '../../../../lib/records/key-path/parse.ts';
import { type RawRecordConfig, type RawRecordOptions, readRawBatch, readRawRecord } from '../../../../lib/records/requests/raw-record.ts';
import { bytesOf, textOf } from '../bytes-of.ts';
import { jsonText } from '../json-text.ts';

const nothing: RawRecordConfig = { headerPrefix: 'kafka-', topic: null, partition: null, key: null, keyPath: null, recordHeaders: [] };
const plain: RawRecordOptions = { json: false, headers: {}, config: nothing, topic: 't', partition: null, now: 5 };
const json: RawRecordOptions = { ...plain, json: true };
const configured = (config: Partial<RawRecordConfig>): Partial<RawRecordOptions> => ({ config: { ...nothing, ...config } });
const keyedBy = (path: string) => configured({ keyPath: parseKeyPath(path) });

const read = (body: string | Buffer, options: Partial<RawRecordOptions>) => readRawRecord(Buffer.from(body), { ...plain, ...options });

test('any body is the value, byte for byte', () => {
  fc.assert(fc.property(fc.uint8Array(), (body) => assert.deepEqual(bytesOf(read(Buffer.from(body), plain).value), Buffer.from(body))));
});

test('without request headers there is a value and nothing else', () => {
  const { value, ...rest } = read('hi', plain);

  assert.equal(textOf(value), 'hi');
  assert.deepEqual(rest, { key: null, headers: null, timestamp: 5, topic: 't', partition: null });
});

test('an empty body is an empty value, no tombstone', () => {
  assert.deepEqual(bytesOf(read('', plain).value), Buffer.alloc(0));
});

test('an event without data is an empty value, though its sender gives it a type of JSON, as the SDK does', () => {
  const { headers, body } = HTTP.binary(new CloudEvent({ id: 'e-1', source: '/s', type: 't' }));

  const { value } = read(String(body ?? ''), { ...json, event: 'binary', headers: Object(headers) });

  assert.match(String(headers['content-type']), /^application\/json/);
  assert.deepEqual(bytesOf(value), Buffer.alloc(0));
});

test('JSON loses its insignificant whitespace and nothing else', () => {
  fc.assert(fc.property(jsonText, ({ text, compact }) => assert.equal(textOf(read(text, json).value), compact)));
});

for (const [body, message] of [
  ['', 'Malformed JSON: expected a value at byte 0, where the text ends'],
  ['hello', 'Malformed JSON: expected a value at byte 0'],
  ['{} {}', 'Malformed JSON: expected nothing more at byte 3'],
  ['{"a":1,}', 'Malformed JSON: expected a member name in quotes at byte 7'],
]) {
  test(`${JSON.stringify(body)} is refused as JSON`, () => {
    assert.throws(() => read(body, json), { name: 'BadRequest', message });
  });
}

test('JSON that is not UTF-8 is refused', () => {
  assert.throws(() => read(Buffer.from([0x22, 0xff, 0x22]), json), { name: 'BadRequest', message: 'Malformed JSON: not UTF-8 at byte 1' });
});

test('request headers name key, partition and record headers', () => {
  const headers = {
    'content-type': 'text/plain',
    'kafka-key': 'clé',
    'kafka-partition': '7',
    'kafka-header-trace-id': 'abc',
    'x-kafka-header-no': 'no',
    'kafka-header-empty': '',
    key: 'not this one',
  };

  const record = read('v', { headers });

  assert.equal(textOf(record.key), 'clé');
  assert.equal(record.partition, 7);
  assert.deepEqual(record.headers, [
    { key: 'trace-id', value: Buffer.from('abc') },
    { key: 'empty', value: Buffer.alloc(0) },
  ]);
});

test('the prefix of request headers may be another one or empty', () => {
  assert.equal(textOf(read('v', { ...configured({ headerPrefix: 'x-log-' }), headers: { 'x-log-key': 'k' } }).key), 'k');

  const headers = { key: 'k', partition: '0', topic: 't', 'header-h': 'v' };
  const record = read('v', { ...configured({ headerPrefix: '' }), headers, topic: null });

  assert.equal(textOf(record.key), 'k');
  assert.deepEqual([record.partition, record.topic], [0, 't']);
  assert.deepEqual(record.headers, [{ key: 'h', value: Buffer.from('v') }]);
});

test('request headers of the allow list become record headers, behind those that are meant for the record', () => {
  const headers = { 'X-Other': 'no', 'kafka-header-a': '1', traceparent: '00-1', 'user-agent': '', 'x-other': 'no', cookie: 'no' };

  const record = read('v', { ...configured({ recordHeaders: ['user-agent', 'traceparent', 'x-absent'] }), headers });

  assert.deepEqual(record.headers, [
    { key: 'a', value: Buffer.from('1') },
    { key: 'user-agent', value: Buffer.alloc(0) },
    { key: 'traceparent', value: Buffer.from('00-1') },
  ]);
});

for (const text of ['-2', '1.5', '+1', ' 1', '0x1', '2147483648', '1,2', '99999999999', 'any']) {
  test(`the partition ${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => read('v', { headers: { 'kafka-partition': text } }), {
      name: 'BadRequest',
      message: 'The header kafka-partition must be an integer from 0 to 2147483647, or -1 for any partition',
    });
  });
}

test('the partition: a header, else the path, else the configured one', () => {
  const partitionOf = (header: string | undefined, path: number | null, config: number | null) =>
    read('v', { ...configured({ partition: config }), headers: { 'kafka-partition': header }, partition: path }).partition;

  assert.equal(partitionOf('7', 1, 2), 7);
  assert.equal(partitionOf('-1', 1, 2), null, 'any partition');
  assert.equal(partitionOf(undefined, 1, 2), 1);
  assert.equal(partitionOf('', null, 2), 2);
  assert.equal(partitionOf(undefined, null, null), null);
});

test('the topic: a header, else the configured one', () => {
  const topicOf = (header: string | undefined, config: string | null) =>
    read('v', { ...configured({ topic: config }), headers: { 'kafka-topic': header }, topic: null }).topic;

  assert.equal(topicOf('header', 'configured'), 'header');
  assert.equal(topicOf('', 'configured'), 'configured');
  assert.equal(topicOf(undefined, 'configured'), 'configured');
  for (const header of [undefined, '']) {
    assert.throws(() => topicOf(header, null), {
      name: 'BadRequest',
      message: 'The header kafka-topic is missing: name the topic in it',
    });
  }
});

test('the path names the topic, whatever is configured, and no header does', () => {
  assert.equal(read('v', configured({ topic: 'configured' })).topic, 't');
  assert.throws(() => read('v', { headers: { 'kafka-topic': 't' } }), {
    name: 'BadRequest',
    message: 'The header kafka-topic cannot be used where the path names the topic: use POST /records',
  });
});

test('the key is where the key path points in the JSON body', () => {
  const { key, value } = read('{ "order": { "id": 7 } }', { ...json, ...keyedBy('order.id') });

  assert.equal(textOf(key), '7');
  assert.equal(textOf(value), '{"order":{"id":7}}');
});

test('a key with escapes leaves the value as it was sent', () => {
  const { key, value } = read('{ "id": "\\u0061\\n" }', { ...json, ...keyedBy('id') });

  assert.equal(textOf(key), 'a\n');
  assert.equal(textOf(value), '{"id":"\\u0061\\n"}');
});

test('the key: a header, else what the key path finds, else the configured one', () => {
  const keyOf = (header: string | undefined, body: string, key: string | null, isJson = true) => {
    const { config } = configured({ key, keyPath: parseKeyPath('id') });
    return textOf(read(body, { json: isJson, headers: { 'kafka-key': header }, ...(config && { config }) }).key);
  };

  assert.equal(keyOf('header', '{"id":"path"}', 'configured'), 'header');
  assert.equal(keyOf(undefined, '{"id":"path"}', 'configured'), 'path');
  assert.equal(keyOf('', '{"id":"path"}', 'configured'), 'path', 'an empty header says nothing');
  assert.equal(keyOf(undefined, '{"id":""}', 'configured'), '', 'an empty string is found');
  assert.equal(keyOf(undefined, '{"a":1}', 'configured'), 'configured', 'nothing is found');
  assert.equal(keyOf(undefined, '{"id":null}', 'configured'), 'configured', 'null is none');
  assert.equal(keyOf(undefined, '{"id":"path"}', 'configured', false), 'configured', 'the body is not JSON');
  assert.equal(keyOf('', '{"a":1}', 'configured'), 'configured');
  assert.equal(keyOf(undefined, '{"a":1}', null), null);
  assert.equal(keyOf('', '{"a":1}', null), '', 'an empty header is an empty key where nothing else gives one');
});

const verbatim: RawRecordOptions = { ...json, verbatim: true };

test('JSON may stay byte for byte, and is checked all the same', () => {
  fc.assert(fc.property(jsonText, ({ text }) => assert.equal(textOf(read(text, verbatim).value), text)));
  assert.throws(() => read('{"a":1,}', verbatim), { name: 'BadRequest' });
});

test('the key of JSON that stays as it is has no whitespace around its tokens', () => {
  const body = ' { "id" : { "a" : "b\\u00e9" } } ';

  const { key, value } = read(body, { ...verbatim, ...keyedBy('id') });

  assert.deepEqual([textOf(key), textOf(value)], ['{"a":"b\\u00e9"}', body]);
  assert.equal(textOf(read(body, { ...verbatim, ...keyedBy('id.a') }).key), 'bé');
});

test('a byte order mark is not of the value, unless the value is to stay as it came', () => {
  const body = '\ufeff{ "id":1 }';

  assert.equal(textOf(read(body, { ...json, ...keyedBy('id') }).value), '{"id":1}');
  assert.equal(textOf(read(body, { ...verbatim, ...keyedBy('id') }).value), body);
  assert.equal(textOf(read(body, { ...verbatim, ...keyedBy('id') }).key), '1');
});

test('text in headers is UTF-8 in Kafka, whichever way the server hands it over', () => {
  const headers = { 'kafka-key': 'Z\xc3\xbcrich', 'kafka-header-city': 'Zürich', traceparent: '\xc3\xbc' };

  const record = read('v', { headers, ...configured({ recordHeaders: ['traceparent'] }) });

  assert.equal(textOf(record.key), 'Zürich');
  assert.deepEqual(
    record.headers?.map(({ value }) => `${value}`),
    ['Zürich', 'ü'],
  );
});

const ce = { 'content-type': 'application/json', 'ce-id': '1', 'ce-partitionkey': 'k7', 'kafka-header-h': 'v' };

test('an event has its attributes in front of other headers, and content-type once', () => {
  const record = read('{}', { ...json, ...configured({ recordHeaders: ['content-type'] }), event: 'binary', headers: ce });

  assert.deepEqual(
    record.headers?.map(({ key }) => key),
    ['content-type', 'ce_id', 'ce_partitionkey', 'h'],
  );
});

test('the key of an event is its partition key, unless a header names one', () => {
  const event = { ...json, ...configured({ keyPath: parseKeyPath('id'), key: 'k' }), event: 'binary', headers: ce } as const;
  const structured = { ...event, event: 'structured', headers: {} } as const;

  assert.equal(textOf(read('{"id":5}', event).key), 'k7');
  assert.equal(textOf(read('{"id":5}', { ...event, headers: { ...ce, 'kafka-key': 'mine' } }).key), 'mine');
  assert.equal(textOf(read('{"id":5,"partitionkey":"p"}', structured).key), 'p');
  assert.equal(textOf(read('{"id":5,"partitionkey":null}', structured).key), '5');
  assert.equal(textOf(read('{"id":5,"partitionkey":"p"}', { ...json, ...keyedBy('id') }).key), '5');
});

const batch = (body: string, options: Partial<RawRecordOptions> = {}) =>
  readRawBatch(Buffer.from(body), { ...json, event: 'batch', ...options });

test('a batch of events is a record for each, with the key of each', () => {
  const body = ' [ { "id" : 1, "partitionkey":"a" } , {"id":[ 2 ]} ] ';

  const of = (options: Partial<RawRecordOptions>) => batch(body, options).map(({ key, value }) => [textOf(key), textOf(value)]);

  assert.deepEqual(of({}), [
    ['a', '{"id":1,"partitionkey":"a"}'],
    [null, '{"id":[2]}'],
  ]);
  assert.deepEqual(of({ verbatim: true }), [
    ['a', '{ "id" : 1, "partitionkey":"a" }'],
    [null, '{"id":[ 2 ]}'],
  ]);
});

for (const [body, name] of [
  ['{}', 'InvalidRecord'],
  ['[]', 'InvalidRecord'],
  ['[{},1]', 'InvalidRecord'],
  ['[{}', 'BadRequest'],
  ['[{}]{}', 'BadRequest'],
  ['', 'BadRequest'],
  [`[${'{},'.repeat(100_000)}{}]`, 'TooLarge'],
]) {
  test(`${body.slice(0, 20)} is refused as a batch of events`, () => {
    assert.throws(() => batch(body), { name });
  });
}
