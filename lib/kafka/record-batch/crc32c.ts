/** The Castagnoli polynomial, bit-reversed. */
const POLYNOMIAL = 0x82f63b78 | 0;
/** Eight tables one after the other: what a byte does to the checksum with so many bytes after it. */
const TABLE = tables();

/**
 * CRC-32C, the checksum of record batches, of `bytes[start, end)`: eight bytes a step, by tables, which are read as two words. Returns a
 * signed 32-bit number.
 */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let crc = -1;
  let at = start;
  for (const last = end - 7; at < last; at += 8) {
    const low = view.getInt32(at, true) ^ crc;
    const high = view.getInt32(at + 4, true);
    crc =
      TABLE[0x700 | (low & 255)] ^
      TABLE[0x600 | ((low >>> 8) & 255)] ^
      TABLE[0x500 | ((low >>> 16) & 255)] ^
      TABLE[0x400 | (low >>> 24)] ^
      TABLE[0x300 | (high & 255)] ^
      TABLE[0x200 | ((high >>> 8) & 255)] ^
      TABLE[0x100 | ((high >>> 16) & 255)] ^
      TABLE[high >>> 24];
  }
  for (; at < end; at++) crc = TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc;
}

function tables(): Int32Array {
  const all = new Int32Array(8 * 256);
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
