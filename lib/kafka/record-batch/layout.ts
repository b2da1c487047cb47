/**
 * Where the fields of a record batch lie (record format v2, Kafka 0.11 and newer).
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export const BASE_OFFSET = 0;
export const LENGTH = 8;
export const LEADER_EPOCH = 12;
export const MAGIC = 16;
export const CRC = 17;
export const ATTRIBUTES = 21;
export const LAST_OFFSET_DELTA = 23;
export const BASE_TIMESTAMP = 27;
export const MAX_TIMESTAMP = 35;
export const PRODUCER_ID = 43;
export const PRODUCER_EPOCH = 51;
export const BASE_SEQUENCE = 53;
export const RECORD_COUNT = 57;
/** Size of the batch's header; records follow. */
export const HEADER = 61;

/** Bits of the attributes. */
export const CODEC_BITS = 7;
export const APPEND_TIME_BIT = 8;
export const TRANSACTIONAL_BIT = 16;
export const CONTROL_BIT = 32;
