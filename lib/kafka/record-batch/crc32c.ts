/** The Castagnoli polynomial, bit-reversed. */
const POLYNOMIAL = 0x82f63b78 | 0;
/** Sixteen tables, one after the other: the effect of a byte on the checksum with 0 to 15 bytes after it. */
const TABLE = tables();

/**
 * CRC-32C, the checksum of record batches, of `bytes[start, end)`: sixteen bytes a step, read as four words, by tables. Returns a signed
 * 32-bit number.
 */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let crc = -1;
  let at = start;
  for (const last = end - 15; at < last; at += 16) {
    const first = view.getInt32(at, true) ^ crc;
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    crc =
      TABLE[0xf00 | (first & 255)] ^
      TABLE[0xe00 | ((first >>> 8) & 255)] ^
      TABLE[0xd00 | ((first >>> 16) & 255)] ^
      TABLE[0xc00 | (first >>> 24)] ^
      TABLE[0xb00 | (second & 255)] ^
      TABLE[0xa00 | ((second >>> 8) & 255)] ^
      TABLE[0x900 | ((second >>> 16) & 255)] ^
      TABLE[0x800 | (second >>> 24)] ^
      TABLE[0x700 | (third & 255)] ^
      TABLE[0x600 | ((third >>> 8) & 255)] ^
      TABLE[0x500 | ((third >>> 16) & 255)] ^
      TABLE[0x400 | (third >>> 24)] ^
      TABLE[0x300 | (fourth & 255)] ^
      TABLE[0x200 | ((fourth >>> 8) & 255)] ^
      TABLE[0x100 | ((fourth >>> 16) & 255)] ^
      TABLE[fourth >>> 24];
  }
  for (; at < end; at++) crc = TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc;
}

function tables(): Int32Array {
  const all = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const previous = all[at - 256];
    all[at] = all[previous & 255] ^ (previous >>> 8);
  }
  return all;
}
