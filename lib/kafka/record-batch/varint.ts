/**
 * Kafka's zigzag varints, as records use them. `varint` is for values of up to 31 bits (lengths, offset deltas), `varlong` for values up
 * to 2^53 (timestamps), which are read without rounding below 2^52. Writers return the position after what they wrote.
 */
export function sizeOfVarint(value: number): number {
  const zigzag = (value << 1) ^ (value >> 31);
  return ((38 - Math.clz32(zigzag | 1)) / 7) | 0;
}

export function writeVarint(to: Buffer, start: number, value: number): number {
  let at = start;
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  while (zigzag > 127) {
    to[at++] = zigzag | 128;
    zigzag >>>= 7;
  }
  to[at++] = zigzag;
  return at;
}

const isSmall = (value: number): boolean => value >= -0x40000000 && value < 0x40000000;

/** A number without its sign, as zigzag counts: it stays exact where the zigzag itself, twice as large, would be rounded. */
const magnitudeOf = (value: number): number => (value < 0 ? -value - 1 : value);

const longest = /* @__PURE__ */ Buffer.alloc(8);

export const sizeOfVarlong = (value: number): number => (isSmall(value) ? sizeOfVarint(value) : writeVarlong(longest, 0, value));

export function writeVarlong(to: Buffer, start: number, value: number): number {
  if (isSmall(value)) return writeVarint(to, start, value);
  let at = start;
  const magnitude = magnitudeOf(value);
  // The first byte has the sign and six bits.
  let byte = (magnitude % 64) * 2 + Number(value < 0);
  for (let rest = Math.floor(magnitude / 64); rest > 0; rest = Math.floor(rest / 128)) {
    to[at++] = byte | 128;
    byte = rest % 128;
  }
  to[at++] = byte;
  return at;
}

/** Bytes of the longest varint. */
export const LONGEST_VARINT = 5;

/** Reads varints one after the other; `at` is where the last one ended. */
export class VarintReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = bytes[this.at++];
      value |= (byte & 127) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  varlong(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[this.at++];
      value += (byte & 127) * scale;
    }
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  /** The same for all 64 bits. */
  bigVarlong(): bigint {
    let zigzag = 0n;
    for (let shift = 0n, byte = 128; byte > 127 && shift < 70n; shift += 7n) {
      byte = this.bytes[this.at++];
      zigzag |= BigInt(byte & 127) << shift;
    }
    zigzag = BigInt.asUintN(64, zigzag);
    return (zigzag >> 1n) ^ -(zigzag & 1n);
  }
}
