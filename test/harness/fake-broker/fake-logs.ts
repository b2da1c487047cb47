import { Writer } from '../../../lib/kafka/protocol/wire.ts';
import { writeBatch } from '../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from './batch-records.ts';
import { fetchPartitionsAnswer, keys, readFetchPartitions, readListOffsets } from './broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from './fake-cluster.ts';

const NOT_LEADER = 6;
const OFFSET_OUT_OF_RANGE = 1;

interface StoredBatch {
  first: number;
  next: number;
  bytes: Buffer;
}

/** A partition's log: a sequence of batches. */
export class FakeLog {
  beginning = 0;
  readonly batches: StoredBatch[] = [];

  get end(): number {
    return this.batches.at(-1)?.next ?? this.beginning;
  }

  /** Appends a batch of values. */
  append(...values: string[]): void {
    const first = this.end;
    const bytes = inLog(writeBatch(values.map((value) => recordOf(value))), { baseOffset: first });
    this.batches.push({ first, next: first + values.length, bytes });
  }

  /** Whole batches from an offset on, as brokers send them: the first batch of a response may exceed the limit. */
  read(offset: number, maxBytes: number, atLeastOne: boolean): Buffer {
    const taken: Buffer[] = [];
    let size = 0;
    for (const { next, bytes } of this.batches) {
      if (next <= offset) continue;
      if (size + bytes.length > maxBytes && (taken.length > 0 || !atLeastOne)) break;
      taken.push(bytes);
      size += bytes.length;
    }
    return Buffer.concat(taken);
  }
}

/** Brokers that serve Fetch and ListOffsets of many partitions, without a network. */
export class FakeLogs {
  readonly cluster: FakeCluster;
  readonly logs = new Map<string, FakeLog[]>();
  /** The leaders of each topic's partitions, by broker id; -1 for none. */
  readonly leaders = new Map<string, number[]>();
  /** Every Fetch with its broker and content. */
  readonly fetches: (ReturnType<typeof readFetchPartitions> & { broker: number })[] = [];
  /** Called before each Fetch is answered; it may return an error for all of its partitions. */
  beforeFetch: (n: number) => number | Promise<number> = () => 0;

  constructor(brokers: number) {
    const all = brokersOf(brokers);
    const content = () => ({ brokers: all, topics: [...this.leaders].map(([topic, leaders]) => topicOn(topic, ...leaders)) });
    const answers = all.map(
      ({ id, host, port }) => [`${host}:${port}`, withMetadata<Call>(content, (call) => this.#answer(id, call))] as const,
    );
    this.cluster = new FakeCluster(Object.fromEntries(answers));
  }

  /** Adds a topic whose partitions have these leaders, and returns the partitions' logs. */
  topic(name: string, ...leaders: number[]): FakeLog[] {
    this.leaders.set(name, leaders);
    const logs = leaders.map(() => new FakeLog());
    this.logs.set(name, logs);
    return logs;
  }

  #answer(broker: number, call: Call): Buffer | Promise<Buffer> {
    return call.key === keys.listOffsets ? this.#list(broker, call.body) : this.#fetch(broker, call.body);
  }

  #list(broker: number, body: Buffer): Buffer {
    const byTopic = Map.groupBy(readListOffsets(body).partitions, ({ topic }) => topic);
    const writer = new Writer().int32(0);
    writer.array([...byTopic], ([topic, partitions]) => {
      writer.string(topic).array(partitions, ({ partition, timestamp }) => {
        const log = this.#logOf(topic, partition);
        const error = this.#leads(broker, topic, partition) ? 0 : NOT_LEADER;
        const offset = timestamp === -2 ? log.beginning : timestamp === -1 ? log.end : -1;
        writer.int32(partition).int16(error).int64(-1n).int64(offset);
      });
    });
    return writer.done();
  }

  async #fetch(broker: number, body: Buffer): Promise<Buffer> {
    const query = readFetchPartitions(body);
    this.fetches.push({ ...query, broker });
    const refusal = await this.beforeFetch(this.fetches.length);
    let left = query.maxBytes;
    let isEmpty = true;
    const parts = query.partitions.map(({ topic, partition, offset, maxBytes }) => {
      const log = this.#logOf(topic, partition);
      if (refusal !== 0) return { topic, partition, partitionError: refusal };
      if (!this.#leads(broker, topic, partition)) return { topic, partition, partitionError: NOT_LEADER };
      if (offset < log.beginning || offset > log.end) return { topic, partition, partitionError: OFFSET_OUT_OF_RANGE };
      const batches = log.read(offset, Math.min(maxBytes, left), isEmpty);
      left = Math.max(0, left - batches.length);
      isEmpty &&= batches.length === 0;
      return { topic, partition, highWatermark: log.end, logStartOffset: log.beginning, batches };
    });
    return fetchPartitionsAnswer(parts);
  }

  #leads(broker: number, topic: string, partition: number): boolean {
    return this.leaders.get(topic)?.[partition] === broker;
  }

  #logOf(topic: string, partition: number): FakeLog {
    const log = this.logs.get(topic)?.[partition];
    if (log === undefined) throw new Error(`there is no partition ${partition} of ${topic}`);
    return log;
  }
}
