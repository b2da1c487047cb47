import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import {
  behindHeader,
  CompactWriter,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  readUvarint,
  skipTags,
} from '../../../../lib/kafka/protocol/compact.ts';
import { Reader } from '../../../../lib/kafka/protocol/wire.ts';

test('strings are written as kafkajs writes them, and read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20_000, size: 'max' }), (text) => {
      const bytes = new CompactWriter().compactString(text).done();

      assert.deepEqual(bytes, new Encoder().writeUVarIntString(text).buffer);
      const reader = new Reader(bytes);
      assert.equal(readCompactString(reader), text);
      assert.equal(reader.at, bytes.length);
    }),
  );
});

test('arrays of any length are read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 300 }), (items) => {
      const writer = new CompactWriter();
      const reader = new Reader(writer.compactArray(items, (item) => writer.compactString(item)).done());

      assert.deepEqual(
        readCompactArray(reader, () => readCompactString(reader)),
        items,
      );
      assert.equal(reader.at, reader.bytes.length);
    }),
  );
});

test('every varint of 32 bits is written as kafkajs writes it, and read', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), (value) => {
      const { buffer } = new Encoder().writeUVarInt(value);

      assert.deepEqual(new CompactWriter().uvarint(value).done(), buffer);
      assert.equal(readUvarint(new Reader(buffer)), value);
    }),
  );
});

test('null is an empty string, or null where there may be none, and an array without items', () => {
  const nothing = () => new Reader(Buffer.alloc(1));

  assert.equal(readCompactString(nothing()), '');
  assert.equal(readCompactNullableString(nothing()), null);
  assert.deepEqual(
    readCompactArray(nothing(), () => assert.fail()),
    [],
  );
});

test('tagged fields that are not known are skipped, of structures as of the whole', () => {
  const field = Buffer.from([1, 9, 2, 0xff, 0xff]);
  const writer = new CompactWriter();
  writer.compactArray(['a'], (item) => writer.compactString(item).bytes(field));
  const reader = new Reader(writer.bytes(field).noTags().done());

  const items = readCompactStructures(reader, () => readCompactString(reader));
  skipTags(reader);
  skipTags(reader);

  assert.deepEqual(items, ['a']);
  assert.equal(reader.at, reader.bytes.length);
});

test('the body of an answer begins behind the tagged fields of its header, if there are any', () => {
  assert.equal(behindHeader(Buffer.from([0, 1, 2, 3])), 1);
  assert.equal(behindHeader(Buffer.from([1, 9, 2, 0xff, 0xff, 7])), 5);
});

test('whatever lies past the end of an answer is a RangeError, not a value', () => {
  for (const bytes of [[], [0x80], [5, 0x61], [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]]) {
    assert.throws(() => readCompactString(new Reader(Buffer.from(bytes))), RangeError, bytes.join());
  }
  assert.throws(() => skipTags(new Reader(Buffer.from([1, 0, 3, 0]))), RangeError);
});
