import type { Request } from './request.ts';
import { type Reader, Writer } from './wire.ts';

/** One partition's batch in a Produce request. Kafka accepts one per partition and request. */
export interface PartitionBatch {
  topic: string;
  partition: number;
  batch: Buffer;
}

export interface ProduceAnswer {
  error: number;
  baseOffset: number;
  /** Unix milliseconds if the topic stores the append time, else -1. */
  appendTime: number;
  /** The records for which Kafka refused the whole batch, by their place in it; empty if the reason is not a single record. */
  refusedRecords: number[];
}

/** Required acknowledgements: all in-sync replicas, the leader alone, or none (then there is no answer). */
export type Acks = -1 | 1 | 0;

/** The key under which {@link produce} answers for a partition. */
export const laneOf = (topic: string, partition: number): string => `${topic}\n${partition}`;

/** Writes batches; the answer holds one entry per partition, by {@link laneOf}. The broker waits `timeoutMs` for its followers. */
export const produce = (batches: readonly PartitionBatch[], acks: Acks, timeoutMs: number): Request<Map<string, ProduceAnswer>> => ({
  key: 0,
  name: 'Produce',
  versions: { min: 3, max: 8 },
  throttle: 'at the end',
  encode() {
    const topics = new Map<string, PartitionBatch[]>();
    for (const batch of batches) {
      const same = topics.get(batch.topic);
      if (same) same.push(batch);
      else topics.set(batch.topic, [batch]);
    }
    const parts: Buffer[] = [];
    let writer: Writer | null = new Writer().string(null).int16(acks).int32(timeoutMs).int32(topics.size);
    for (const [topic, partitions] of topics) {
      writer = (writer ?? new Writer()).string(topic).int32(partitions.length);
      for (const { partition, batch } of partitions) {
        parts.push((writer ?? new Writer()).int32(partition).int32(batch.length).done(), batch);
        writer = null;
      }
    }
    return parts;
  },
  decode(reader, version) {
    const answers = new Map<string, ProduceAnswer>();
    reader.array(() => {
      const topic = reader.string();
      reader.array(() => {
        const partition = reader.int32();
        const answer = { error: reader.int16(), baseOffset: reader.int64(), appendTime: reader.int64() };
        if (version >= 5) reader.int64();
        answers.set(laneOf(topic, partition), { ...answer, refusedRecords: version >= 8 ? readRefusedRecords(reader) : [] });
      });
    });
    return answers;
  },
});

function readRefusedRecords(reader: Reader): number[] {
  const places = reader.array(() => {
    const place = reader.int32();
    reader.nullableString();
    return place;
  });
  reader.nullableString();
  return places;
}
