import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { sizeOfVarint, sizeOfVarlong, VarintReader, writeVarint, writeVarlong } from '../../../../lib/kafka/record-batch/varint.ts';

const written = (write: (to: Buffer, start: number, value: number) => number, value: number): Buffer => {
  const to = Buffer.alloc(14, 0xee);
  const end = write(to, 2, value);
  assert.deepEqual([...to.subarray(0, 2), ...to.subarray(end)], Array(16 - end).fill(0xee), 'nothing else is touched');
  return to.subarray(2, end);
};

/** Where a number needs one byte more, and where the quick way ends. */
const edges = [0, 1, 63, 64, 8191, 8192, 2 ** 20 - 1, 2 ** 20, 2 ** 27 - 1, 2 ** 27, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1];
const int32 = fc.oneof(fc.integer(), fc.integer({ min: -300, max: 300 }), fc.constantFrom(...edges.flatMap((edge) => [edge, -edge - 1])));

test('varints are written as kafkajs writes them, in the size announced, and read back', () => {
  fc.assert(
    fc.property(int32, (value) => {
      const bytes = written(writeVarint, value);

      assert.deepEqual(bytes, new Encoder().writeVarInt(value).buffer);
      assert.equal(sizeOfVarint(value), bytes.length);
      const reader = new VarintReader(bytes, 0);
      assert.equal(reader.varint(), value);
      assert.equal(reader.at, bytes.length);
    }),
  );
});

const wideEdges = edges.concat(
  [2 ** 32, 2 ** 34 - 1, 2 ** 34, 2 ** 41 - 1, 2 ** 41, 2 ** 48 - 1, 2 ** 48, 2 ** 52 - 1],
  [2 ** 52, 2 ** 53 - 2],
);
/** Up to 280 000 years in milliseconds. */
const wide = fc.oneof(
  fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
  int32,
  fc.constantFrom(...wideEdges.flatMap((edge) => [edge, -edge - 1])),
);

test('varlongs are written as kafkajs writes them, in the size announced, and read back', () => {
  fc.assert(
    fc.property(wide, (value) => {
      const bytes = written(writeVarlong, value);

      assert.deepEqual(bytes, new Encoder().writeVarLong(value).buffer);
      assert.equal(sizeOfVarlong(value), bytes.length);
      const reader = new VarintReader(bytes, 0);
      if (Math.abs(value) < 2 ** 52) assert.equal(reader.varlong(), value);
      else reader.varlong();
      assert.equal(reader.at, bytes.length);
      assert.equal(new VarintReader(bytes, 0).bigVarlong(), BigInt(value));
    }),
  );
});

test('one number is read after the other', () => {
  const bytes = new Encoder().writeVarInt(-1).writeVarLong(1_735_689_600_000).writeVarInt(300).buffer;
  const reader = new VarintReader(Buffer.concat([Buffer.from([0xff]), bytes]), 1);

  assert.deepEqual([reader.varint(), reader.varlong(), reader.varint()], [-1, 1_735_689_600_000, 300]);
  assert.equal(reader.at, 1 + bytes.length);
});
