/**
 * Kafka's zigzag varints, as records use them. `varint` is for values of up to 31 bits (lengths, offset deltas), `varlong` for values up
 * to 2^53 (timestamps). Writers return the position after what they wrote.
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

const zigzagOf = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const isSmall = (value: number): boolean => value >= -0x40000000 && value < 0x40000000;

export function sizeOfVarlong(value: number): number {
  if (isSmall(value)) return sizeOfVarint(value);
  let size = 1;
  for (let zigzag = zigzagOf(value); zigzag > 127; zigzag = Math.floor(zigzag / 128)) size++;
  return size;
}

export function writeVarlong(to: Buffer, start: number, value: number): number {
  if (isSmall(value)) return writeVarint(to, start, value);
  let at = start;
  let zigzag = zigzagOf(value);
  for (; zigzag > 127; zigzag = Math.floor(zigzag / 128)) to[at++] = (zigzag % 128) | 128;
  to[at++] = zigzag;
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
