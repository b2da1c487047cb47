import { readCompactArray, readCompactString, skipTags } from '../../../lib/kafka/protocol/compact.ts';
import { readUuid } from '../../../lib/kafka/protocol/uuid.ts';
import { Reader, Writer } from '../../../lib/kafka/protocol/wire.ts';
import { compactArray, compactString, NO_TAGS } from './compact.ts';

/** A broker's side of the share group protocol (KIP-932): reads the gateway's request bodies, and writes response bodies. */

/** A tagged field that no client knows. */
const UNKNOWN_TAG = Buffer.from([1, 9, 2, 0xff, 0xff]);
const NULL = Buffer.alloc(1);
/** The leaders' endpoints, which the gateway does not read: none. */
const NO_ENDPOINTS = compactArray([]);

const int32 = (value: number): Buffer => new Writer().int32(value).done();
const int64 = (value: number): Buffer => new Writer().int64(value).done();
const refusal = (error: number, text = error === 0 ? null : 'in words'): Buffer =>
  Buffer.concat([new Writer().int16(error).done(), text === null ? NULL : compactString(text)]);
const idOf = (topicId: string): Buffer => Buffer.from(topicId, 'hex');
const leader = Buffer.concat([int32(1), int32(3), UNKNOWN_TAG]);

/** Metadata of one topic, in the version that has topic ids. */
export function topicIdsAnswer(name: string, topicId: string): Buffer {
  const topic = [new Writer().int16(0).done(), compactString(name), idOf(topicId), Buffer.from([0]), compactArray([]), int32(0), NO_TAGS];
  return Buffer.concat([NO_TAGS, int32(0), compactArray([]), NULL, int32(1), compactArray([Buffer.concat(topic)]), NO_TAGS]);
}

export interface ShareFetchContent {
  error?: number;
  lockMs?: number;
  partitions?: readonly {
    topicId: string;
    partition: number;
    error?: number;
    batches?: Buffer | null;
    acquired?: readonly { first: number; last: number; deliveries: number }[];
  }[];
}

export const readShareFetch = (body: Buffer) => {
  const reader = new Reader(body);
  skipTags(reader);
  const [group, member, epoch] = [readCompactString(reader), readCompactString(reader), reader.int32()];
  const [waitMs, , maxBytes, maxRecords] = [reader.int32(), reader.int32(), reader.int32(), reader.int32()];
  return { group, member, epoch, waitMs, maxBytes, maxRecords };
};

export function shareFetchAnswer({ error = 0, lockMs = 30_000, partitions = [] }: ShareFetchContent): Buffer {
  return shareAnswer(error, lockMs, partitions, ({ partition, error: refused = 0, batches = Buffer.alloc(0), acquired = [] }) => {
    const ranges = acquired.map(({ first, last, deliveries }) =>
      Buffer.concat([int64(first), int64(last), new Writer().int16(deliveries).done(), UNKNOWN_TAG]),
    );
    const records = batches === null ? NULL : compactBytes(batches);
    return Buffer.concat([int32(partition), refusal(refused), refusal(0), leader, records, compactArray(ranges), UNKNOWN_TAG]);
  });
}

export interface ShareAcknowledgeContent {
  error?: number;
  lockMs?: number;
  partitions?: readonly { topicId: string; partition: number; error?: number }[];
}

export function readShareAcknowledge(body: Buffer) {
  const reader = new Reader(body);
  skipTags(reader);
  const [group, member] = [readCompactString(reader), readCompactString(reader)];
  const [epoch, renews] = [reader.int32(), reader.boolean()];
  const topics = readCompactArray(reader, () => {
    const topicId = readUuid(reader);
    const partitions = readCompactArray(reader, () => {
      const partition = reader.int32();
      const ranges = readCompactArray(reader, () => {
        const range = {
          topicId,
          partition,
          first: reader.int64(),
          last: reader.int64(),
          types: readCompactArray(reader, () => reader.int8()),
        };
        skipTags(reader);
        return range;
      });
      skipTags(reader);
      return ranges;
    });
    skipTags(reader);
    return partitions.flat();
  });
  return { group, member, epoch, renews, ranges: topics.flat() };
}

export const shareAcknowledgeAnswer = ({ error = 0, lockMs = 30_000, partitions = [] }: ShareAcknowledgeContent = {}): Buffer =>
  shareAnswer(error, lockMs, partitions, ({ partition, error: refused = 0 }) =>
    Buffer.concat([int32(partition), refusal(refused), leader, UNKNOWN_TAG]),
  );

export interface ShareHeartbeatContent {
  error?: number;
  epoch?: number;
  assignment?: readonly { topicId: string; partitions: readonly number[] }[] | null;
}

export function readShareHeartbeat(body: Buffer) {
  const reader = new Reader(body);
  skipTags(reader);
  return { group: readCompactString(reader), member: readCompactString(reader), epoch: reader.int32() };
}

export function shareHeartbeatAnswer({ error = 0, epoch = 1, assignment = null }: ShareHeartbeatContent = {}): Buffer {
  const assigned = (assignment ?? []).map(({ topicId, partitions }) =>
    Buffer.concat([idOf(topicId), compactArray(partitions.map(int32)), UNKNOWN_TAG]),
  );
  const all = assignment === null ? Buffer.from([0xff]) : Buffer.concat([Buffer.from([1]), compactArray(assigned), UNKNOWN_TAG]);
  return Buffer.concat([UNKNOWN_TAG, int32(0), refusal(error), compactString('m'), int32(epoch), int32(5000), all, UNKNOWN_TAG]);
}

export interface ShareOffsetsContent {
  error?: number;
  offsets?: readonly { topic: string; topicId: string; partition: number; startOffset?: number; lag?: number; error?: number }[];
}

/** @returns the group in the request, and whether it asks for all partitions */
export function readShareOffsets(body: Buffer) {
  const reader = new Reader(body);
  skipTags(reader);
  const [asked] = readCompactArray(reader, () => ({ group: readCompactString(reader), isAll: reader.bytes[reader.at] === 0 })).slice(0, 1);
  return asked;
}

export function shareOffsetsAnswer(group: string, { error = 0, offsets = [] }: ShareOffsetsContent = {}): Buffer {
  const topics = [...Map.groupBy(offsets, ({ topicId }) => topicId)].map(([topicId, found]) => {
    const partitions = found.map(({ partition, startOffset = -1, lag = -1, error: refused = 0 }) =>
      Buffer.concat([int32(partition), int64(startOffset), int32(0), int64(lag), refusal(refused), UNKNOWN_TAG]),
    );
    return Buffer.concat([compactString(found[0].topic), idOf(topicId), compactArray(partitions), UNKNOWN_TAG]);
  });
  const described = Buffer.concat([compactString(group), compactArray(topics), refusal(error), UNKNOWN_TAG]);
  return Buffer.concat([UNKNOWN_TAG, int32(0), compactArray([described]), NO_TAGS]);
}

function shareAnswer<Partition extends { topicId: string }>(
  error: number,
  lockMs: number,
  partitions: readonly Partition[],
  write: (partition: Partition) => Buffer,
): Buffer {
  const topics = [...Map.groupBy(partitions, ({ topicId }) => topicId)].map(([topicId, found]) =>
    Buffer.concat([idOf(topicId), compactArray(found.map(write)), UNKNOWN_TAG]),
  );
  return Buffer.concat([UNKNOWN_TAG, int32(0), refusal(error), int32(lockMs), compactArray(topics), NO_ENDPOINTS, NO_TAGS]);
}

/** Bytes, encoded as an array of bytes. */
const compactBytes = (bytes: Buffer): Buffer => compactArray([...bytes].map((byte) => Buffer.from([byte])));
