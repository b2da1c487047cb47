import assert from 'node:assert/strict';
import { readCompactArray, readCompactString, readCompactStructures, skipTags } from '../../../lib/kafka/protocol/compact.ts';
import type { TopicPartitions } from '../../../lib/kafka/protocol/topic-partitions.ts';
import { Reader, Writer } from '../../../lib/kafka/protocol/wire.ts';
import { compactArray, compactString, NO_TAGS } from './compact.ts';

/** A coordinator's side of the consumer group protocol: reads the gateway's request bodies, and writes response bodies. */

export interface PartitionOffset {
  topic: string;
  partition: number;
  offset: number;
  leaderEpoch?: number;
  metadata?: string | null;
  error?: number;
}

interface PartitionError {
  topic: string;
  partition: number;
  error?: number;
}

export function readFindCoordinator(body: Buffer) {
  const reader = new Reader(body);
  return { group: reader.string(), type: reader.int8() };
}

export const findCoordinatorAnswer = ({ error = 0, id = 1, host = '', port = 0 }): Buffer =>
  new Writer().int32(0).int16(error).string(null).int32(id).string(host).int32(port).done();

/** What is asked for. */
interface AskedOffsets {
  group: string;
  topics: TopicPartitions[] | null;
  /** Null in a version that does not say. */
  requireStable: boolean | null;
}

/** The version before the flexible ones. */
const OLD_OFFSET_FETCH = 5;

export function readOffsetFetch(body: Buffer, version = 7): AskedOffsets {
  const reader = new Reader(body);
  if (version !== OLD_OFFSET_FETCH) return readFlexibleOffsetFetch(reader, version);
  const group = reader.string();
  const isAll = body.readInt32BE(reader.at) < 0;
  const topics = reader.array(() => ({ topic: reader.string(), partitions: reader.array(() => reader.int32()) }));
  return { group, topics: isAll ? null : topics, requireStable: null };
}

function readFlexibleOffsetFetch(reader: Reader, version: number): AskedOffsets {
  skipTags(reader);
  const group = readCompactString(reader);
  const isAll = reader.bytes[reader.at] === 0;
  const topics = readCompactStructures(reader, () => ({
    topic: readCompactString(reader),
    partitions: readCompactArray(reader, () => reader.int32()),
  }));
  const requireStable = version === 7 ? reader.boolean() : null;
  skipTags(reader);
  assert.equal(reader.at, reader.bytes.length, 'all of the request is read');
  return { group, topics: isAll ? null : topics, requireStable };
}

export function offsetFetchAnswer(offsets: readonly PartitionOffset[], error = 0, version = 7): Buffer {
  const writer = new Writer().int32(0);
  if (version !== OLD_OFFSET_FETCH) return Buffer.concat([NO_TAGS, writer.done(), compactOffsets(offsets, error)]);
  writer.array([...Map.groupBy(offsets, ({ topic }) => topic)], ([name, partitions]) =>
    writer.string(name).array(partitions, ({ partition, offset, leaderEpoch = -1, metadata = '', error: refusal = 0 }) => {
      writer.int32(partition).int64(offset).int32(leaderEpoch).string(metadata).int16(refusal);
    }),
  );
  return writer.int16(error).done();
}

/** For a member of a group of the new protocol; the error is one of the member. */
export function memberOffsetFetchAnswer(offsets: readonly PartitionOffset[], error = 0): Buffer {
  const group = Buffer.concat([compactString('g'), compactOffsets(offsets, error)]);
  return Buffer.concat([NO_TAGS, new Writer().int32(0).done(), compactArray([group]), NO_TAGS]);
}

function compactOffsets(offsets: readonly PartitionOffset[], error: number): Buffer {
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, partitions]) => {
    const written = partitions.map(({ partition, offset, leaderEpoch = -1, metadata = '', error: refusal = 0 }) => {
      const numbers = new Writer().int32(partition).int64(offset).int32(leaderEpoch).done();
      return Buffer.concat([numbers, compactString(metadata ?? ''), new Writer().int16(refusal).done(), NO_TAGS]);
    });
    return Buffer.concat([compactString(topic), compactArray(written), NO_TAGS]);
  });
  return Buffer.concat([compactArray(topics), new Writer().int16(error).done(), NO_TAGS]);
}

export function readOffsetCommit(body: Buffer) {
  const reader = new Reader(body);
  const from = { group: reader.string(), generation: reader.int32(), member: reader.string(), instance: reader.nullableString() };
  const offsets = reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => ({
        topic,
        partition: reader.int32(),
        offset: reader.int64(),
        leaderEpoch: reader.int32(),
        metadata: reader.nullableString(),
      }));
    })
    .flat();
  return { ...from, offsets };
}

const partitionErrors = (writer: Writer, partitions: readonly PartitionError[]): Buffer =>
  writer
    .array([...Map.groupBy(partitions, ({ topic }) => topic)], ([name, found]) =>
      writer.string(name).array(found, ({ partition, error = 0 }) => writer.int32(partition).int16(error)),
    )
    .done();

export const offsetCommitAnswer = (partitions: readonly PartitionError[]): Buffer => partitionErrors(new Writer().int32(0), partitions);

export function readOffsetDelete(body: Buffer) {
  const reader = new Reader(body);
  return {
    group: reader.string(),
    topics: reader.array(() => ({ topic: reader.string(), partitions: reader.array(() => reader.int32()) })),
  };
}

export const offsetDeleteAnswer = (partitions: readonly PartitionError[], error = 0): Buffer =>
  partitionErrors(new Writer().int16(error).int32(0), partitions);

export function readGroupNames(body: Buffer): string[] {
  const reader = new Reader(body);
  return reader.array(() => reader.string());
}

export const deleteGroupsAnswer = (group: string, error = 0): Buffer => new Writer().int32(0).int32(1).string(group).int16(error).done();

export interface MemberContent {
  memberId: string;
  instanceId?: string | null;
  clientId?: string;
  host?: string;
  assignment?: readonly TopicPartitions[];
}

interface ClassicContent {
  error?: number;
  state?: string;
  protocolType?: string;
  protocol?: string;
  members?: readonly MemberContent[];
}

export function describeGroupsAnswer(
  group: string,
  { error = 0, state = 'Dead', protocolType = '', protocol = '', members = [] }: ClassicContent,
): Buffer {
  const writer = new Writer().int32(0).int32(1).int16(error).string(group).string(state).string(protocolType).string(protocol);
  writer.array(members, ({ memberId, instanceId = null, clientId = '', host = '', assignment = [] }) => {
    writer.string(memberId).string(instanceId).string(clientId).string(host).int32(0);
    const bytes = classicAssignment(assignment);
    writer.int32(bytes.length);
    for (const byte of bytes) writer.int8((byte << 24) >> 24);
  });
  return writer.int32(-2_147_483_648).done();
}

/** In the form of a consumer, with bytes at the end that a later version of the format may add. */
function classicAssignment(assignment: readonly TopicPartitions[]): Buffer {
  const writer = new Writer().int16(3);
  writer.array(assignment, ({ topic, partitions }) => writer.string(topic).array(partitions, (partition) => writer.int32(partition)));
  return writer.int32(-1).int8(7).done();
}

interface ConsumerGroupContent {
  error?: number;
  state?: string;
  epoch?: number;
  assignor?: string;
  members?: readonly (MemberContent & { epoch?: number; topics?: readonly string[]; regex?: string | null; classic?: boolean })[];
}

const int32 = (value: number): Buffer => new Writer().int32(value).done();
const nullable = (text: string | null): Buffer => (text === null ? Buffer.alloc(1) : compactString(text));
/** A tagged field that no client knows. */
const UNKNOWN_TAG = Buffer.from([1, 9, 2, 0xff, 0xff]);

/** A member's assignment, in the form of the new group protocols. */
const newAssignment = (topics: readonly TopicPartitions[]): Buffer =>
  Buffer.concat([
    compactArray(
      topics.map(({ topic, partitions }) =>
        Buffer.concat([Buffer.alloc(16, 7), compactString(topic), compactArray(partitions.map(int32)), UNKNOWN_TAG]),
      ),
    ),
    NO_TAGS,
  ]);

export function consumerGroupDescribeAnswer(group: string, content: ConsumerGroupContent, version = 1): Buffer {
  const { epoch = 1, members = [] } = content;
  const encoded = members.map(({ memberId, instanceId = null, clientId = '', host = '', assignment = [], ...member }) =>
    Buffer.concat([
      ...[compactString(memberId), nullable(instanceId), nullable('rack-1'), int32(member.epoch ?? epoch)],
      ...[compactString(clientId), compactString(host)],
      compactArray((member.topics ?? []).map(compactString)),
      nullable(member.regex ?? null),
      newAssignment(assignment),
      newAssignment([{ topic: 'target', partitions: [1, 2, 3] }]),
      ...(version >= 1 ? [Buffer.from([member.classic === true ? 0 : 1])] : []),
      UNKNOWN_TAG,
    ]),
  );
  return describedGroupAnswer(group, content, encoded);
}

/** Like those of the consumer protocol, without its own fields. */
export function shareGroupDescribeAnswer(group: string, content: ConsumerGroupContent): Buffer {
  const { epoch = 1, members = [] } = content;
  const encoded = members.map(({ memberId, clientId = '', host = '', assignment = [], ...member }) =>
    Buffer.concat([
      ...[compactString(memberId), nullable('rack-1'), int32(member.epoch ?? epoch), compactString(clientId), compactString(host)],
      ...[compactArray((member.topics ?? []).map(compactString)), newAssignment(assignment), UNKNOWN_TAG],
    ]),
  );
  return describedGroupAnswer(group, content, encoded);
}

/** What the answers of both protocols have around their members. */
function describedGroupAnswer(
  group: string,
  { error = 0, state = '', epoch = 1, assignor = '' }: ConsumerGroupContent,
  members: readonly Buffer[],
): Buffer {
  const described = Buffer.concat([
    new Writer().int16(error).done(),
    ...[nullable(error === 0 ? null : 'in words'), compactString(group), compactString(state)],
    ...[int32(epoch), int32(epoch), compactString(assignor)],
    ...[compactArray(members), int32(-2_147_483_648), NO_TAGS],
  ]);
  return Buffer.concat([UNKNOWN_TAG, int32(0), compactArray([described]), NO_TAGS]);
}

export interface ListedContent {
  group: string;
  protocolType?: string;
  state?: string;
  type?: string;
}

export function listGroupsAnswer(groups: readonly ListedContent[], { error = 0, version = 5 } = {}): Buffer {
  const encoded = groups.map(({ group, protocolType = 'consumer', state = 'Stable', type = 'classic' }) =>
    Buffer.concat([
      ...[compactString(group), compactString(protocolType)],
      ...(version >= 4 ? [compactString(state)] : []),
      ...(version >= 5 ? [compactString(type)] : []),
      NO_TAGS,
    ]),
  );
  return Buffer.concat([NO_TAGS, int32(0), new Writer().int16(error).done(), compactArray(encoded), UNKNOWN_TAG]);
}
