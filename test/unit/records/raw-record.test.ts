import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseKeyPath } from '../../../lib/records/key-path.ts';
import { type RawRecordOptions, readRawRecord } from '../../../lib/records/raw-record.ts';
import { bytesOf, textOf } from './bytes-of.ts';
import { jsonText } from './json-text.ts';

const plain: RawRecordOptions = { json: false, headers: {}, headerPrefix: 'kafka-', keyPath: null, topic: 't', partition: null, now: 5 };
const json: RawRecordOptions = { ...plain, json: true };

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
  assert.equal(textOf(read('v', { headerPrefix: 'X-Log-', headers: { 'x-log-key': 'k' } }).key), 'k');

  const record = read('v', { headerPrefix: '', headers: { key: 'k', partition: '0', topic: 't', 'header-h': 'v' }, topic: null });

  assert.equal(textOf(record.key), 'k');
  assert.deepEqual([record.partition, record.topic], [0, 't']);
  assert.deepEqual(record.headers, [{ key: 'h', value: Buffer.from('v') }]);
});

test('an empty key header is an empty key', () => {
  assert.deepEqual(bytesOf(read('v', { headers: { 'kafka-key': '' } }).key), Buffer.alloc(0));
});

for (const text of ['', '-1', '1.0', '+1', ' 1', '0x1', '2147483648', '1,2', '99999999999']) {
  test(`the partition ${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => read('v', { headers: { 'kafka-partition': text } }), {
      name: 'BadRequest',
      message: 'The header kafka-partition must be an integer from 0 to 2147483647',
    });
  });
}

test('the topic is named where it must be', () => {
  assert.equal(read('v', { headers: { 'kafka-topic': 't' }, topic: null }).topic, 't');

  for (const headers of [{}, { 'kafka-topic': '' }]) {
    assert.throws(() => read('v', { headers, topic: null }), {
      name: 'BadRequest',
      message: 'The header kafka-topic is missing: it must name the topic',
    });
  }
});

test('the topic is not named where the path does so', () => {
  assert.throws(() => read('v', { headers: { 'kafka-topic': 't' } }), {
    name: 'BadRequest',
    message: 'The header kafka-topic cannot be used here, where the path names the topic: use POST /records',
  });
});

test('the key is where the key path points in the JSON body', () => {
  const { key, value } = read('{ "order": { "id": 7 } }', { ...json, keyPath: parseKeyPath('order.id') });

  assert.equal(textOf(key), '7');
  assert.equal(textOf(value), '{"order":{"id":7}}');
});

test('a key with escapes leaves the value as it was sent', () => {
  const { key, value } = read('{ "id": "\\u0061\\n" }', { ...json, keyPath: ['id'] });

  assert.equal(textOf(key), 'a\n');
  assert.equal(textOf(value), '{"id":"\\u0061\\n"}');
});

test('a key path that finds nothing gives no key', () => {
  assert.equal(read('{"a":1}', { ...json, keyPath: ['b'] }).key, null);
});

test('a key header comes before the key path', () => {
  const headers = { 'kafka-key': 'header' };

  assert.equal(textOf(read('{"a":"path"}', { ...json, headers, keyPath: ['a'] }).key), 'header');
});

test('a body that is not JSON has no key path', () => {
  assert.equal(read('{"a":"path"}', { json: false, keyPath: ['a'] }).key, null);
});
