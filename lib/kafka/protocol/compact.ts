import { Reader, Writer } from './wire.ts';

/**
 * Kafka's compact encoding, of the flexible versions of requests (KIP-482): lengths are unsigned varints, one more than what they
 * count, and 0 stands for null. Tagged fields follow every structure, and headers too: we know none, so we write none and skip all.
 */
export class CompactWriter extends Writer {
  /** An unsigned varint. */
  uvarint(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.uint8((rest & 0x7f) | 0x80);
    return this.uint8(rest);
  }

  compactString(text: string | null): this {
    return text === null ? this.uvarint(0) : this.uvarint(Buffer.byteLength(text) + 1).text(text);
  }

  /** Its length, then what `write` writes for each item: for structures, including the tagged fields. */
  compactArray<T>(items: readonly T[] | null, write: (item: T) => void): this {
    this.uvarint(items === null ? 0 : items.length + 1);
    for (const item of items ?? []) write(item);
    return this;
  }

  /** An array without items. */
  noItems(): this {
    return this.compactArray([], () => {});
  }

  /** The tagged fields at the end of a structure: none. */
  noTags(): this {
    return this.uint8(0);
  }
}

/** An unsigned varint of at most 32 bits. */
export function readUvarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = reader.bytes.readUInt8(reader.at++);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('a varint is longer than 32 bits');
}

export function readCompactNullableString(reader: Reader): string | null {
  const length = readUvarint(reader) - 1;
  if (length < 0) return null;
  const start = skip(reader, length);
  return reader.bytes.toString('utf8', start, reader.at);
}

export const readCompactString = (reader: Reader): string => readCompactNullableString(reader) ?? '';

/** An array of structures, each followed by its tagged fields. */
export const readCompactStructures = <T>(reader: Reader, read: () => T): T[] =>
  readCompactArray(reader, () => {
    const item = read();
    skipTags(reader);
    return item;
  });

/** An array; null is read as an empty one. */
export function readCompactArray<T>(reader: Reader, read: () => T): T[] {
  const items: T[] = [];
  for (let left = readUvarint(reader) - 1; left > 0; left--) items.push(read());
  return items;
}

export function skipTags(reader: Reader): void {
  for (let left = readUvarint(reader); left > 0; left--) {
    readUvarint(reader);
    skip(reader, readUvarint(reader));
  }
}

/** Where the body of an answer begins: after the tagged fields of its header. */
export function behindHeader(answer: Buffer): number {
  const reader = new Reader(answer);
  skipTags(reader);
  return reader.at;
}

/** Skips this many bytes. @returns where they begin */
export function skip(reader: Reader, length: number): number {
  const start = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw new RangeError('a field reaches past the end');
  return start;
}
