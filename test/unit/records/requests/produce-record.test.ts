import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { Place } from '../../../../lib/json/place.ts';
import { recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import { readRecord } from '../../../../lib/records/requests/produce-record.ts';
import { textOf } from '../bytes-of.ts';

const now = 1_700_000_000_000;

/** A record in the text format as records[3], its bytes as text. */
function read(text: string, topics = false) {
  const json = new JsonScanner(Buffer.from(`${text},`));
  const place = new Place();
  place.record = 3;
  const { key, value, ...rest } = readRecord(
    json,
    { key: recordFormats.text, value: recordFormats.text },
    { now, topic: topics ? null : 'fixed', partition: null },
    place,
  );
  assert.equal(json.at, json.end - 1);
  return { key: textOf(key), value: textOf(value), ...rest };
}

const bare = { key: null, value: null, headers: null, timestamp: now, topic: 'fixed', partition: null };

test('all that a record may have is read', () => {
  const record = read('{"headers":[{"key":"h","value":"AQ=="}],"timestamp":5,"partition":2,"value":"v","key":"k","topic":"t"}', true);

  assert.deepEqual(record, {
    key: 'k',
    value: 'v',
    headers: [{ key: 'h', value: Buffer.from([1]) }],
    timestamp: 5,
    topic: 't',
    partition: 2,
  });
});

test('what is absent or null is null, and the time is now', () => {
  assert.deepEqual(read('{}'), bare);
  assert.deepEqual(read('{ "key":null, "value":null, "headers":null, "timestamp":null, "partition":null }'), bare);
});

test('an empty key or value is not null', () => {
  assert.deepEqual(read('{"key":"","value":""}'), { ...bare, key: '', value: '' });
});

test('names may be escaped and stand apart from their colons', () => {
  assert.deepEqual(read('{ "k\\u0065y" : "a" , "value" : "b" }'), { ...bare, key: 'a', value: 'b' });
});

test('a time may be ISO 8601', () => {
  assert.equal(read('{"timestamp":"2023-11-14T22:13:20Z"}').timestamp, 1_700_000_000_000);
});

test('partitions go to the largest of 32 bits', () => {
  assert.equal(read('{"partition":0}').partition, 0);
  assert.equal(read('{"partition":2147483647}').partition, 2147483647);
});

for (const [text, message] of [
  ['5', 'records[3] must be an object'],
  ['null', 'records[3] must be an object'],
  ['[]', 'records[3] must be an object'],
  ['{"key":5}', 'records[3].key must be a string or null in the text format'],
  ['{"value":{}}', 'records[3].value must be a string or null in the text format'],
  ['{"partition":-1}', 'records[3].partition must be an integer from 0 to 2147483647'],
  ['{"partition":2147483648}', 'records[3].partition must be an integer from 0 to 2147483647'],
  ['{"partition":"a"}', 'records[3].partition must be an integer from 0 to 2147483647'],
  ['{"partition":1.5}', 'records[3].partition must be an integer from 0 to 2147483647'],
  ['{"timestamp":-1}', 'records[3].timestamp must be Unix milliseconds or an ISO 8601 time such as 2025-01-31T12:00:00Z'],
  ['{"headers":{}}', 'records[3].headers must be an array of {"key": string, "value": base64 or null}'],
  ['{"headers":[{"key":"a"}],"key":5}', 'records[3].key must be a string or null in the text format'],
  ['{"headers":[{"key":"a"}],"Key":5}', 'Unrecognized field: Key in records[3], which may have key, value, partition, timestamp, headers'],
  ['{"topic":"t"}', 'Unrecognized field: topic in records[3], which may have key, value, partition, timestamp, headers'],
  ['{"topic":null}', 'Unrecognized field: topic in records[3], which may have key, value, partition, timestamp, headers'],
]) {
  test(`${text} is refused`, () => {
    assert.throws(() => read(text), { name: 'InvalidRecord', message });
  });
}

for (const [name, value] of [
  ['key', '"a"'],
  ['value', 'null'],
  ['partition', 'null'],
  ['timestamp', '1'],
  ['headers', '[]'],
  ['topic', '"a"'],
]) {
  test(`"${name}" twice is refused, even with the same value`, () => {
    const text = `{"${name}":${value},"${name}":${value}}`;

    assert.throws(() => read(text, true), { name: 'InvalidRecord', message: `records[3] has "${name}" twice: send it once` });
  });
}

for (const [text, message] of [
  ['{"value":"v"}', 'records[3].topic is missing: name the topic of every record'],
  ['{"topic":null}', 'records[3].topic must be the name of a topic'],
  ['{"topic":""}', 'records[3].topic must be the name of a topic'],
  ['{"topic":["a"]}', 'records[3].topic must be the name of a topic'],
  ['{"topic":"\\udfff"}', 'records[3].topic holds half of a surrogate pair, which UTF-8 cannot express: send bytes as base64'],
  ['{"topik":"a"}', 'Unrecognized field: topik in records[3], which may have topic, key, value, partition, timestamp, headers'],
]) {
  test(`${text} is refused where every record names its topic`, () => {
    assert.throws(() => read(text, true), { name: 'InvalidRecord', message });
  });
}

for (const [text, message] of [
  ['{"key":"a"]', "expected ',' or '}' at byte 10"],
  ['{"partition":01}', "expected ',' or '}' at byte 14"],
  ['{"partition":}', 'expected a value at byte 13'],
  ['{"topic":{]}', 'expected a member name in quotes at byte 10'],
  ['tru', 'expected true at byte 3'],
]) {
  test(`${text} is malformed`, () => {
    assert.throws(() => read(text, true), { name: 'BadRequest', message: `Malformed JSON: ${message}` });
  });
}
