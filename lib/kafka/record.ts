/** A run of bytes inside a larger buffer: keys and values are not copied between a request's body and the batch, nor on the way back. */
export interface Slice {
  bytes: Buffer;
  start: number;
  end: number;
}

/** A record header. Kafka keeps the order and duplicates of headers. */
export interface Header {
  key: string;
  value: Buffer | null;
}

/** Unix milliseconds: a number, or a bigint for values that a number cannot hold exactly. Kafka keeps any 64 bits that a producer sends. */
export type Time = number | bigint;

/** A record to be written. A null key means none; a null value is a tombstone. */
export interface NewRecord {
  key: Slice | null;
  value: Slice | null;
  /** Null when there are none. */
  headers: Header[] | null;
  /** Unix milliseconds. */
  timestamp: number;
}

/** A record as it is in a partition's log. */
export interface StoredRecord extends Omit<NewRecord, 'timestamp'> {
  offset: number;
  timestamp: Time;
  /** Set for a record that no answer can hold: the bytes of its key, value and headers, which are left out. */
  tooLarge?: number;
}

/** The bytes of a key or value; 0 for none. */
export const lengthOf = (slice: Slice | null): number => (slice === null ? 0 : slice.end - slice.start);

/** The bytes of a record's key, value and headers. */
export function contentSize({ key, value, headers }: Pick<NewRecord, 'key' | 'value' | 'headers'>): number {
  let size = lengthOf(key) + lengthOf(value);
  if (headers !== null) for (const header of headers) size += Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return size;
}

/** A slice that covers all of a buffer. */
export const whole = (bytes: Buffer): Slice => ({ bytes, start: 0, end: bytes.length });
