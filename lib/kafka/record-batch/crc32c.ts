/** The Castagnoli polynomial, bit-reversed. */
const POLYNOMIAL = 0x82f63b78 | 0;
const [T0, T1, T2, T3, T4, T5, T6, T7] = tables();

/** CRC-32C, the checksum of record batches, of `bytes[start, end)`: eight bytes a step, by tables. Returns a signed 32-bit number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (const last = end - 7; at < last; at += 8) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      T7[crc & 255] ^
      T6[(crc >>> 8) & 255] ^
      T5[(crc >>> 16) & 255] ^
      T4[crc >>> 24] ^
      T3[bytes[at + 4]] ^
      T2[bytes[at + 5]] ^
      T1[bytes[at + 6]] ^
      T0[bytes[at + 7]];
  }
  for (; at < end; at++) crc = T0[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc;
}

function tables(): Int32Array[] {
  const all = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[0][byte] = crc;
  }
  for (let table = 1; table < 8; table++) {
    for (let byte = 0; byte < 256; byte++) {
      const previous = all[table - 1][byte];
      all[table][byte] = all[0][previous & 255] ^ (previous >>> 8);
    }
  }
  return all;
}
