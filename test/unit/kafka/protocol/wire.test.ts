import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { Reader, readInt64, Writer, writeInt64 } from '../../../../lib/kafka/protocol/wire.ts';

/** One field: how our writer, kafkajs's encoder and our reader treat it. */
interface Field {
  write(writer: Writer): void;
  encode(encoder: Encoder): void;
  read(reader: Reader): unknown;
  value: unknown;
}

const fieldOf = fc.oneof(
  fc.integer({ min: -128, max: 127 }).map(
    (value): Field => ({
      write: (writer) => writer.int8(value),
      encode: (encoder) => encoder.writeInt8(value),
      read: (reader) => reader.int8(),
      value,
    }),
  ),
  fc.integer({ min: -32_768, max: 32_767 }).map(
    (value): Field => ({
      write: (writer) => writer.int16(value),
      encode: (encoder) => encoder.writeInt16(value),
      read: (reader) => reader.int16(),
      value,
    }),
  ),
  fc.integer().map(
    (value): Field => ({
      write: (writer) => writer.int32(value),
      encode: (encoder) => encoder.writeInt32(value),
      read: (reader) => reader.int32(),
      value,
    }),
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(
    (value): Field => ({
      write: (writer) => writer.int64(value),
      encode: (encoder) => encoder.writeInt64(value),
      read: (reader) => reader.bigint64(),
      value,
    }),
  ),
  fc.maxSafeInteger().map(
    (value): Field => ({
      write: (writer) => writer.int64(BigInt(value)),
      encode: (encoder) => encoder.writeInt64(value),
      read: (reader) => reader.int64(),
      value,
    }),
  ),
  fc.boolean().map(
    (value): Field => ({
      write: (writer) => writer.boolean(value),
      encode: (encoder) => encoder.writeBoolean(value),
      read: (reader) => reader.boolean(),
      value,
    }),
  ),
  fc.option(fc.string({ unit: 'binary', maxLength: 300 })).map(
    (value): Field => ({
      write: (writer) => writer.string(value),
      encode: (encoder) => encoder.writeString(value),
      read: (reader) => reader.nullableString(),
      value,
    }),
  ),
);

test('fields in any order are written as kafkajs writes them, and read back', () => {
  fc.assert(
    fc.property(fc.array(fieldOf, { maxLength: 30 }), (fields) => {
      const writer = new Writer();
      const encoder = new Encoder();
      for (const field of fields) field.write(writer);
      for (const field of fields) field.encode(encoder);

      const bytes = writer.done();

      assert.deepEqual(bytes, encoder.buffer);
      const reader = new Reader(bytes);
      for (const field of fields) assert.equal(field.read(reader), field.value);
      assert.equal(reader.at, bytes.length);
    }),
  );
});

test('an array is its length and its items; a null array has the length -1 and none', () => {
  const writer = new Writer();
  writer.array(['a', 'b'], (item) => writer.string(item)).array(null, () => assert.fail());
  writer.array<string>([], () => assert.fail());

  const reader = new Reader(writer.done());

  assert.deepEqual(
    reader.array(() => reader.string()),
    ['a', 'b'],
  );
  assert.equal(reader.int32(), -1);
  assert.equal(reader.int32(), 0);
  assert.equal(reader.at, reader.bytes.length);
});

test('a null array is read as an empty one, and a null string as an empty one where none is expected', () => {
  const reader = new Reader(new Writer().int32(-1).string(null).done());

  assert.deepEqual(
    reader.array(() => assert.fail()),
    [],
  );
  assert.equal(reader.string(), '');
});

test('whatever lies past the end of an answer is a RangeError, not a value', () => {
  const reads: Record<string, (reader: Reader) => unknown> = {
    int8: (reader) => reader.int8(),
    int16: (reader) => reader.int16(),
    int32: (reader) => reader.int32(),
    int64: (reader) => reader.int64(),
    bigint64: (reader) => reader.bigint64(),
    boolean: (reader) => reader.boolean(),
    string: (reader) => reader.string(),
    nullableString: (reader) => reader.nullableString(),
    array: (reader) => reader.array(() => reader.int8()),
  };

  for (const [name, read] of Object.entries(reads)) assert.throws(() => read(new Reader(Buffer.alloc(0))), RangeError, name);
  const cut = new Writer().string('orders').done().subarray(0, 5);
  assert.throws(() => new Reader(cut).string(), RangeError);
  const claimsMany = new Writer()
    .int32(2 ** 31 - 1)
    .int8(1)
    .done();
  assert.throws(() => reads.array(new Reader(claimsMany)), RangeError);
});

test('64-bit numbers are exact as far as numbers are', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const bytes = Buffer.alloc(10);

      writeInt64(bytes, value, 1);

      assert.equal(bytes.readBigInt64BE(1), BigInt(value));
      assert.equal(readInt64(bytes, 1), value);
    }),
  );
});
