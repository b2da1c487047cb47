import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32c } from '../../../../lib/kafka/record-batch/crc32c.ts';

const unsigned = (bytes: Buffer): number => crc32c(bytes, 0, bytes.length) >>> 0;

test('it is CRC-32C: the check value and those of RFC 3720', () => {
  assert.equal(unsigned(Buffer.from('123456789')), 0xe3069283);
  assert.equal(unsigned(Buffer.alloc(32)), 0x8a9136aa);
  assert.equal(unsigned(Buffer.alloc(32, 0xff)), 0x62a8ab43);
  assert.equal(unsigned(Buffer.from(Array.from({ length: 32 }, (_, i) => i))), 0x46dd794e);
  assert.equal(unsigned(Buffer.alloc(0)), 0);
});

/** Bit by bit, as the polynomial says. */
function bitwise(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc;
}

test('any range of any bytes has the checksum that its bits have', () => {
  const bytesAndRange = fc
    .uint8Array({ maxLength: 100 })
    .chain((bytes) => fc.tuple(fc.constant(bytes), fc.nat(bytes.length), fc.nat(bytes.length)));

  fc.assert(
    fc.property(bytesAndRange, ([bytes, one, other]) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)];

      const crc = crc32c(bytes, start, end);

      assert.equal(crc, bitwise(bytes.subarray(start, end)));
    }),
  );
});
