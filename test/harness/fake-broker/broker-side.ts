import { CompactWriter, readCompactString, readCompactStructures, skipTags } from '../../../lib/kafka/protocol/compact.ts';
import type { AbortedTransaction } from '../../../lib/kafka/protocol/fetch.ts';
import { readUuid, UUID_BYTES, writeUuid } from '../../../lib/kafka/protocol/uuid.ts';
import { Reader, Writer } from '../../../lib/kafka/protocol/wire.ts';
import type { Time } from '../../../lib/kafka/record.ts';

/** The broker's side of the protocol: reads the gateway's request bodies, and writes response bodies. */
export const keys = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  describeGroups: 15,
  listGroups: 16,
  apiVersions: 18,
  createTopics: 19,
  deleteTopics: 20,
  initProducerId: 22,
  describeConfigs: 32,
  deleteGroups: 42,
  offsetDelete: 47,
  consumerGroupDescribe: 69,
  shareGroupHeartbeat: 76,
  shareGroupDescribe: 77,
  shareFetch: 78,
  shareAcknowledge: 79,
  describeShareGroupOffsets: 90,
} as const;

/** The version of Metadata that has ids of topics. */
const WITH_IDS = 12;
const NO_ID = '0'.repeat(2 * UUID_BYTES);

const reading = <T>(body: Buffer, read: (reader: Reader) => T): T => read(new Reader(body));

export const readMetadata = (body: Buffer, version = 7) =>
  reading(body, (reader) => {
    if (version === WITH_IDS) return readMetadataWithIds(reader);
    const count = reader.int32();
    const topics = count < 0 ? null : Array.from({ length: count }, () => reader.string());
    return { topics, mayCreate: reader.boolean() };
  });

function readMetadataWithIds(reader: Reader) {
  skipTags(reader);
  const topics = readCompactStructures(reader, () => {
    readUuid(reader);
    return readCompactString(reader);
  });
  return { topics, mayCreate: reader.boolean() };
}

export const readProduce = (body: Buffer) =>
  reading(body, (reader) => {
    const transactionalId = reader.nullableString();
    const acks = reader.int16();
    const timeoutMs = reader.int32();
    const batches = reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => {
          const partition = reader.int32();
          const start = reader.at + 4;
          reader.at = start + reader.int32();
          return { topic, partition, batch: reader.bytes.subarray(start, reader.at) };
        });
      })
      .flat();
    return { transactionalId, acks, timeoutMs, batches };
  });

export const readListOffsets = (body: Buffer) =>
  reading(body, (reader) => {
    reader.int32();
    const isolation = reader.int8();
    const partitions = reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => ({ topic, partition: reader.int32(), leaderEpoch: reader.int32(), timestamp: reader.int64() }));
      })
      .flat();
    return { isolation, partitions };
  });

export const readFetch = (body: Buffer) =>
  reading(body, (reader) => {
    reader.int32();
    const query = { waitMs: reader.int32(), minBytes: reader.int32(), maxBytes: reader.int32(), isolation: reader.int8() };
    reader.at += 12;
    const topic = reader.string();
    reader.int32();
    const [partition, leaderEpoch] = [reader.int32(), reader.int32()];
    return { ...query, topic, partition, leaderEpoch, offset: reader.int64() };
  });

/** Like {@link readFetch}, for all partitions of the request. */
export const readFetchPartitions = (body: Buffer) =>
  reading(body, (reader) => {
    reader.int32();
    const query = { waitMs: reader.int32(), minBytes: reader.int32(), maxBytes: reader.int32(), isolation: reader.int8() };
    reader.at += 8;
    const partitions = reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => {
          const [partition, leaderEpoch] = [reader.int32(), reader.int32()];
          const offset = reader.int64();
          reader.int64();
          return { topic, partition, leaderEpoch, offset, maxBytes: reader.int32() };
        });
      })
      .flat();
    return { ...query, partitions };
  });

export const readCreateTopics = (body: Buffer) =>
  reading(body, (reader) => {
    reader.int32();
    const topic = { name: reader.string(), partitions: reader.int32(), replicationFactor: reader.int16() };
    const replicas = reader.array(() => ({ partition: reader.int32(), brokers: reader.array(() => reader.int32()) }));
    const configs = Object.fromEntries(reader.array(() => [reader.string(), reader.nullableString()] as const));
    return { ...topic, ...(replicas.length > 0 && { replicas }), configs, timeoutMs: reader.int32(), validateOnly: reader.boolean() };
  });

export const readDeleteTopics = (body: Buffer) =>
  reading(body, (reader) => {
    const [name] = reader.array(() => reader.string());
    return { name, timeoutMs: reader.int32() };
  });

export interface MetadataContent {
  brokers?: { id: number; host: string; port: number; rack?: string | null }[];
  clusterId?: string | null;
  controller?: number;
  topics?: {
    error?: number;
    name: string;
    /** 32 hexadecimal digits; a broker without ids by default. */
    id?: string;
    internal?: boolean;
    partitions?: {
      error?: number;
      id: number;
      leader: number;
      leaderEpoch?: number;
      replicas?: number[];
      inSyncReplicas?: number[];
      offline?: number[];
    }[];
  }[];
}

export function metadataAnswer(content: MetadataContent, version = 7): Buffer {
  if (version === WITH_IDS) return metadataAnswerWithIds(content);
  const { brokers = [], clusterId = null, controller = -1, topics = [] } = content;
  const writer = new Writer().int32(0);
  writer.array(brokers, ({ id, host, port, rack = null }) => writer.int32(id).string(host).int32(port).string(rack));
  writer.string(clusterId).int32(controller);
  const ids = (list: readonly number[]) => writer.array(list, (id) => writer.int32(id));
  writer.array(topics, ({ error = 0, name, internal = false, partitions = [] }) => {
    writer.int16(error).string(name).boolean(internal);
    writer.array(partitions, (partition) => {
      const { leader, leaderEpoch = -1, replicas = [leader], inSyncReplicas = replicas, offline = [] } = partition;
      writer
        .int16(partition.error ?? 0)
        .int32(partition.id)
        .int32(leader);
      if (version >= 7) writer.int32(leaderEpoch);
      for (const list of [replicas, inSyncReplicas, offline]) ids(list);
    });
  });
  return writer.done();
}

function metadataAnswerWithIds({ brokers = [], clusterId = null, controller = -1, topics = [] }: MetadataContent): Buffer {
  const writer = new CompactWriter().noTags();
  writer.int32(0);
  writer.compactArray(brokers, ({ id, host, port, rack = null }) => {
    writer.int32(id);
    writer.compactString(host).int32(port);
    writer.compactString(rack).noTags();
  });
  writer.compactString(clusterId).int32(controller);
  writer.compactArray(topics, ({ error = 0, name, id = NO_ID, internal = false, partitions = [] }) => {
    writer.int16(error);
    writeUuid(writer.compactString(name), id).boolean(internal);
    writer.compactArray(partitions, (partition) => {
      const { leader, leaderEpoch = -1, replicas = [leader], inSyncReplicas = replicas, offline = [] } = partition;
      writer
        .int16(partition.error ?? 0)
        .int32(partition.id)
        .int32(leader)
        .int32(leaderEpoch);
      for (const list of [replicas, inSyncReplicas, offline]) writer.compactArray(list, (id) => writer.int32(id));
      writer.noTags();
    });
    writer.int32(-1);
    writer.noTags();
  });
  return writer.noTags().done();
}

export interface ProducedPartition {
  topic: string;
  partition: number;
  error: number;
  baseOffset?: number;
  appendTime?: number;
  /** The records because of which the whole batch is refused, by their index in it. */
  refusedRecords?: number[];
}

export function produceAnswer(version: number, answers: readonly ProducedPartition[]): Buffer {
  const writer = new Writer();
  const topics = Map.groupBy(answers, ({ topic }) => topic);
  writer.array([...topics], ([topic, partitions]) => {
    writer.string(topic).array(partitions, ({ partition, error, baseOffset = -1, appendTime = -1, refusedRecords = [] }) => {
      writer.int32(partition).int16(error).int64(baseOffset).int64(appendTime);
      if (version >= 5) writer.int64(0n);
      if (version < 8) return;
      writer.array(refusedRecords, (place) => writer.int32(place).string(place === 0 ? 'this record' : null));
      writer.string(error === 0 ? null : 'some record');
    });
  });
  return writer.int32(0).done();
}

export const initProducerIdAnswer = ({ error = 0, id = 1n, epoch = 0 }): Buffer =>
  new Writer().int32(0).int16(error).int64(id).int16(epoch).done();

export function listOffsetsAnswer(
  topic: string,
  answers: readonly { partition: number; error?: number; timestamp?: Time; offset?: number }[],
  version = 4,
): Buffer {
  const writer = new Writer().int32(0).int32(1).string(topic);
  writer.array(answers, ({ partition, error = 0, timestamp = -1, offset = -1 }) => {
    writer.int32(partition).int16(error).int64(timestamp).int64(offset);
    if (version >= 4) writer.int32(-1);
  });
  return writer.done();
}

interface FetchedPart {
  topic: string;
  partition: number;
  /** The error of the whole response. */
  error?: number;
  partitionError?: number;
  highWatermark?: number;
  logStartOffset?: number;
  aborted?: readonly AbortedTransaction[] | null;
  batches?: Buffer | null;
}

export function fetchAnswer({ error = 0, ...part }: FetchedPart): Buffer {
  return fetchPartitionsAnswer(error === 0 ? [part] : [], error);
}

/** A response with several partitions, or with an error for the whole. */
export function fetchPartitionsAnswer(parts: readonly Omit<FetchedPart, 'error'>[], error = 0): Buffer {
  const head = new Writer().int32(0).int16(error).int32(0);
  const topics = [...Map.groupBy(parts, ({ topic }) => topic)];
  const written = topics.flatMap(([topic, ofTopic]) => [
    new Writer().string(topic).int32(ofTopic.length).done(),
    ...ofTopic.flatMap(fetchedPart),
  ]);
  return Buffer.concat([head.int32(topics.length).done(), ...written]);
}

function fetchedPart({ partition, partitionError = 0, ...part }: Omit<FetchedPart, 'error'>): Buffer[] {
  const { highWatermark = 0, logStartOffset = 0, aborted = [], batches = null } = part;
  const writer = new Writer().int32(partition).int16(partitionError);
  writer.int64(highWatermark).int64(highWatermark).int64(logStartOffset);
  writer.array(aborted, ({ producerId, firstOffset }) => writer.int64(producerId).int64(firstOffset));
  writer.int32(batches?.length ?? -1);
  return [writer.done(), batches ?? Buffer.alloc(0)];
}

export const createTopicsAnswer = (name: string, error: number, message: string | null): Buffer =>
  new Writer().int32(0).int32(1).string(name).int16(error).string(message).done();

export const deleteTopicsAnswer = (name: string, error: number): Buffer => new Writer().int32(0).int32(1).string(name).int16(error).done();

export function describeConfigsAnswer(name: string, error: number, configs: Record<string, string | null>): Buffer {
  const writer = new Writer().int32(0).int32(1).int16(error).string(null).int8(2).string(name);
  writer.array(Object.entries(configs), ([setting, value]) => {
    writer
      .string(setting)
      .string(value)
      .boolean(false)
      .int8(5)
      .boolean(value === null);
    writer.array([value], (synonym) => writer.string(`log.${setting}`).string(synonym).int8(5));
  });
  return writer.done();
}

export function apiVersionsAnswer(versions: readonly (readonly [key: number, min: number, max: number])[]): Buffer {
  const writer = new Writer().int16(0);
  writer.array(versions, ([key, min, max]) => writer.int16(key).int16(min).int16(max));
  return writer.done();
}
