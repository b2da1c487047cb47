import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../lib/kafka/record.ts';
import type { ParsedRecord } from '../../../lib/records/requests/produce-record.ts';
import { avroCodec } from '../../../lib/schemas/avro/codec.ts';
import { encodeFields } from '../../../lib/schemas/encode-fields.ts';
import * as library from '../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../lib/schemas/protobuf/codec.ts';
import type { ChosenSchema } from '../../../lib/schemas/schema-codecs.ts';
import { bytesOf } from '../records/bytes-of.ts';

const record = (value: string | null, topic = 't'): ParsedRecord => ({
  ...{ key: null, value: value === null ? null : whole(Buffer.from(value)), headers: null, timestamp: 0, topic, partition: null },
});
const int: ChosenSchema = { id: 1, codec: avroCodec('"int"'), format: 'avro', guid: null };

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

  encodeFields(records, 'value', (topic) => (topic === 'a' ? int : { ...int, id: 2, codec: avroCodec('"string"') }));

  assert.deepEqual(
    records.map(({ value }) => bytesOf(value)?.toString('hex')),
    ['000000000102', '00000000020278'],
  );
});

test('what does not fit is named by its place', () => {
  const list = { ...int, codec: avroCodec('{"type":"array","items":"int"}') };

  assert.throws(() => encodeFields([record('[]'), record('[1,"x"]')], 'value', () => list), {
    name: 'InvalidRecord',
    message: /^records\[1\]\.value\[1\] must be an int/,
  });
});

const GUID = '89791762-2336-4186-9674-299b90a802e2';

test('a schema with a GUID is named in a header of each record behind its own, and nothing stands before the data', () => {
  const own = { key: 'own', value: null };
  const records = [{ ...record('1'), headers: [own] }, record(null), record('-2')];

  encodeFields(records, 'value', () => ({ ...int, guid: GUID }));

  const header = { key: '__value_schema_id', value: Buffer.from(`01${GUID.replaceAll('-', '')}`, 'hex') };
  assert.deepEqual(
    records.map(({ value, headers }) => [bytesOf(value)?.toString('hex'), headers]),
    [
      ['02', [own, header]],
      [undefined, null],
      ['03', [header]],
    ],
  );
});

test('message indexes of Protobuf stand in the header behind the GUID', () => {
  const schema = 'syntax = "proto3"; message A { message B { int32 n = 1; } } message C { int32 n = 1; }';
  const written = [null, 'A.B', 'C'].map((message) => {
    const one = record(message === null ? '{}' : '{"n":1}');
    encodeFields([one], 'key', () => ({ ...int, guid: GUID }));
    encodeFields([one], 'value', () => ({ id: 1, codec: protobufCodec(library, schema, [], message), format: 'protobuf', guid: GUID }));
    return [bytesOf(one.value)?.toString('hex'), one.headers?.map(({ key, value }) => [key, value?.subarray(17).toString('hex')])];
  });

  assert.deepEqual(written, [
    ['', [['__value_schema_id', '00']]],
    ['0801', [['__value_schema_id', '040000']]],
    ['0801', [['__value_schema_id', '0202']]],
  ]);
});
