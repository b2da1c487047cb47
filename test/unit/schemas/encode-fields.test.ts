import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../lib/kafka/record.ts';
import type { ParsedRecord } from '../../../lib/records/requests/produce-record.ts';
import { avroCodec } from '../../../lib/schemas/avro/codec.ts';
import { encodeFields } from '../../../lib/schemas/encode-fields.ts';
import { bytesOf } from '../records/bytes-of.ts';

const record = (value: string | null, topic = 't'): ParsedRecord => ({
  ...{ key: null, value: value === null ? null : whole(Buffer.from(value)), headers: null, timestamp: 0, topic, partition: null },
});
const int = { id: 1, codec: avroCodec('"int"') };

test('JSON becomes bytes behind the id of the schema, and null stays null', () => {
  const records = [record('1'), record(null), record('-2')];

  encodeFields(records, 'value', () => int);

  assert.deepEqual(
    records.map(({ value }) => bytesOf(value)?.toString('hex')),
    ['000000000102', undefined, '000000000103'],
  );
});

test('each topic has its schema', () => {
  const records = [record('1', 'a'), record('"x"', 'b')];

  encodeFields(records, 'value', (topic) => (topic === 'a' ? int : { id: 2, codec: avroCodec('"string"') }));

  assert.deepEqual(
    records.map(({ value }) => bytesOf(value)?.toString('hex')),
    ['000000000102', '00000000020278'],
  );
});

test('what does not fit is named by its place', () => {
  const list = { id: 1, codec: avroCodec('{"type":"array","items":"int"}') };

  assert.throws(() => encodeFields([record('[]'), record('[1,"x"]')], 'value', () => list), {
    name: 'InvalidRecord',
    message: /^records\[1\]\.value\[1\] must be an int/,
  });
});
