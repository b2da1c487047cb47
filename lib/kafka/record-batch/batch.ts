import { readInt64 } from '../protocol/wire.ts';
import { crc32c } from './crc32c.ts';
import * as layout from './layout.ts';

/** A batch in a part of a log, by its header. */
export interface Batch {
  baseOffset: number;
  lastOffset: number;
  attributes: number;
  control: boolean;
  transactional: boolean;
  producerId: bigint;
  appendTime: boolean;
  /** What timestamps count from; the append time if the topic stores that. A bigint if a number would not be exact. */
  baseTime: number | bigint;
  /** How many records were not read yet. */
  left: number;
  /** Where the records lie. */
  start: number;
  end: number;
}

/** Reads the header of a batch that lies in `bytes[at, end)`. */
export function readHeader(bytes: Buffer, at: number, end: number): Batch {
  const baseOffset = readInt64(bytes, at + layout.BASE_OFFSET);
  const attributes = bytes.readInt16BE(at + layout.ATTRIBUTES);
  const appendTime = (attributes & layout.APPEND_TIME_BIT) !== 0;
  const timeAt = at + (appendTime ? layout.MAX_TIMESTAMP : layout.BASE_TIMESTAMP);
  const time = readInt64(bytes, timeAt);
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + layout.LAST_OFFSET_DELTA),
    attributes,
    control: (attributes & layout.CONTROL_BIT) !== 0,
    transactional: (attributes & layout.TRANSACTIONAL_BIT) !== 0,
    producerId: bytes.readBigInt64BE(at + layout.PRODUCER_ID),
    appendTime,
    baseTime: Number.isSafeInteger(time) ? time : bytes.readBigInt64BE(timeAt),
    left: bytes.readInt32BE(at + layout.RECORD_COUNT),
    start: at + layout.HEADER,
    end,
  };
}

/** Whether a batch in `bytes[at, end)` still matches its checksum. */
export const isIntact = (bytes: Buffer, at: number, end: number): boolean =>
  crc32c(bytes, at + layout.ATTRIBUTES, end) === bytes.readInt32BE(at + layout.CRC);
