/**
 * Where the fields of a record batch lie (record format v2, Kafka 0.11 and newer). Numbers are big-endian, and of fixed size up to the
 * records; varints are zigzag.
 *
 * ```
 *  0  base offset          int64   0 as it is sent; Kafka writes the first record's offset
 *  8  length               int32   of what follows: the size of the batch less 12
 * 12  leader epoch         int32   -1 as it is sent
 * 16  magic                int8    2
 * 17  crc                  uint32  CRC-32C of what follows
 * 21  attributes           int16   bits 0-2 codec (0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd), 3 time of append, 4 transactional, 5 control
 * 23  last offset delta    int32   number of records less 1, unless a compacted topic has lost some
 * 27  base timestamp       int64   of the first record, Unix milliseconds
 * 35  max timestamp        int64
 * 43  producer id          int64   -1: Kafka does not check for copies
 * 51  producer epoch       int16
 * 53  base sequence        int32   of the first record; Kafka drops a batch whose id, epoch and sequence it has seen
 * 57  record count         int32
 * 61  records              compressed as one, if at all; each:
 *       length             varint  of what follows
 *       attributes         int8    0
 *       timestamp delta    varlong to the base timestamp
 *       offset delta       varint  to the base offset
 *       key length         varint  -1: no key
 *       key                bytes
 *       value length       varint  -1: a tombstone
 *       value              bytes
 *       header count       varint
 *       headers            each: key length varint, key UTF-8, value length varint (-1: null), value bytes
 * ```
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
