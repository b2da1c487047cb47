import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { whole } from '../../../../lib/kafka/record.ts';
import type { BatchEntry } from '../../../../lib/records/v3/record.ts';
import { type EntryResult, linesLength, renderBatch, renderLines } from '../../../../lib/records/v3/render-results.ts';

const record: BatchEntry = {
  key: whole(Buffer.from('seven77')),
  keyType: 'BINARY',
  value: null,
  valueType: 'JSON',
  headers: null,
  timestamp: 0,
  topic: 'orders',
  partition: null,
};
const bare: BatchEntry = { ...record, key: null, keyType: null, valueType: null };
const written: EntryResult = { partition: 3, offset: 41, timestamp: Date.parse('2023-03-09T14:07:23.592Z') };
const refusal = new GatewayError('PartitionNotFound', 'Partition "7" not found.');
const invalid = new GatewayError('InvalidPayload', 'Payload error.');
const destination = { clusterId: 'c-1', topic: 'orders' };

const place = '"cluster_id":"c-1","topic_name":"orders","partition_id":3,"offset":41,"timestamp":"2023-03-09T14:07:23.592Z"';
const data = '"key":{"type":"BINARY","size":7},"value":{"type":"JSON","size":0}';

test('a stream is answered line by line', () => {
  const entries = [record, refusal, bare, invalid];
  const outcomes = [written, { error: refusal }, written, { error: invalid }];

  const lines = renderLines(entries, outcomes, destination);

  assert.deepEqual(lines.split('\r\n'), [
    `{"error_code":200,${place},${data}}`,
    '{"error_code":40402,"message":"Partition \\"7\\" not found."}',
    `{"error_code":200,${place}}`,
    '{"error_code":422,"message":"Error: 42206 : Payload error."}',
    '',
  ]);
});

test('a batch is answered by what was written and what was not', () => {
  const text = renderBatch(['a', 'b', 'c'], [refusal, record, record], [{ error: refusal }, written, { error: invalid }], destination);

  assert.deepEqual(JSON.parse(text), {
    successes: [{ id: 'b', ...JSON.parse(`{${place},${data}}`) }],
    failures: [
      { id: 'a', error_code: 40402, message: 'Partition "7" not found.' },
      { id: 'c', error_code: 422, message: 'Error: 42206 : Payload error.' },
    ],
  });
});

test('the length that is expected of lines is not exceeded, encoded as a string', () => {
  const largest: BatchEntry = { ...record, key: whole(Buffer.alloc(1_000_000)), value: whole(Buffer.alloc(1_000_000)) };
  const outcome: EntryResult = { partition: 2 ** 31 - 1, offset: 2 ** 53 - 1, timestamp: 8.64e15 };

  for (const names of [destination, { clusterId: 'é'.repeat(100), topic: 'x'.repeat(249) }]) {
    const lines = renderLines([largest, largest], [outcome, outcome], names);

    assert.ok(Buffer.byteLength(JSON.stringify(lines)) <= linesLength([largest, largest], names));
  }
});

const withSchema = (subject: string): BatchEntry => ({
  ...record,
  valueType: { type: null, place: 'records[0].value', members: new Map(), written: { type: 'AVRO', subject, id: 7, version: 2 } },
});

test('a key or value with a schema is answered with where the schema stands', () => {
  const lines = renderLines([withSchema('orders-"value"')], [written], destination);

  assert.deepEqual(JSON.parse(lines).value, { type: 'AVRO', subject: 'orders-"value"', schema_id: 7, schema_version: 2, size: 0 });
});

test('the length that is expected of lines has room for subjects', () => {
  const entry = withSchema('"é'.repeat(500));

  const lines = renderLines([entry, entry], [written, written], destination);

  assert.ok(Buffer.byteLength(JSON.stringify(lines)) <= linesLength([entry, entry], destination));
});

test('messages of errors for which there is no room are left unsaid', () => {
  const long = new GatewayError('InvalidPayload', '"'.repeat(1000));
  const entries = Array<BatchEntry>(100).fill(long);
  const room = linesLength(entries, destination) + 20_000;

  const lines = renderLines(
    entries,
    entries.map(() => ({ error: long })),
    destination,
    room,
  );

  const messages = lines
    .trim()
    .split('\r\n')
    .map((line) => JSON.parse(line).message);
  assert.ok(Buffer.byteLength(JSON.stringify(lines)) <= room);
  assert.match(messages[0], /"{1000}$/);
  assert.equal(messages[99], 'see error_code');
});
