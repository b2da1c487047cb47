import { Writer } from '../../../lib/kafka/protocol/wire.ts';
import { writeBatch } from '../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from './batch-records.ts';
import { fetchPartitionsAnswer, keys, readFetchPartitions, readListOffsets } from './broker-side.ts';
import { brokersOf, type Call, FakeCluster, type Respond, silence, topicOn, withMetadata } from './fake-cluster.ts';

const NOT_LEADER = 6;
const OFFSET_OUT_OF_RANGE = 1;
const LEADER_NOT_AVAILABLE = 5;
const FENCED_LEADER_EPOCH = 74;
const UNKNOWN_LEADER_EPOCH = 75;
const ANY_EPOCH = -1;

interface StoredBatch {
  first: number;
  next: number;
  bytes: Buffer;
}

/** A partition's log: a sequence of batches. */
export class FakeLog {
  beginning = 0;
  readonly batches: StoredBatch[] = [];
  /** The high watermark, below the end while its leader, which has just taken over, has not heard from its followers. */
  confirmed: () => number = () => this.end;

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
      if (next > this.confirmed()) break;
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
  /** The ids of topics, 32 hexadecimal digits each; brokers tell none of others. */
  readonly ids = new Map<string, string>();
  /** The epoch of all leaders: as metadata tells it, and as the leaders themselves know it. */
  readonly epoch = { told: ANY_EPOCH, led: ANY_EPOCH };
  /** Every Fetch with its broker and content. */
  readonly fetches: (ReturnType<typeof readFetchPartitions> & { broker: number })[] = [];
  /** Called before each Fetch is answered; it may return an error for all of its partitions. */
  beforeFetch: (n: number) => number | Promise<number> = () => 0;
  /** Answers other requests than those that read. */
  others: Respond = silence;

  constructor(brokers: number) {
    const all = brokersOf(brokers);
    const content = () => ({ brokers: all, topics: [...this.leaders].map((one) => this.#described(...one)) });
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

  #described(topic: string, leaders: readonly number[]) {
    const { name, partitions = [] } = topicOn(topic, ...leaders);
    const id = this.ids.get(topic);
    return { name, ...(id !== undefined && { id }), partitions: partitions.map((one) => ({ ...one, leaderEpoch: this.epoch.told })) };
  }

  #answer(broker: number, call: Call): Buffer | Promise<Buffer> {
    if (call.key === keys.listOffsets) return this.#list(broker, call.body);
    return call.key === keys.fetch ? this.#fetch(broker, call.body) : this.others(call);
  }

  #list(broker: number, body: Buffer): Buffer {
    const byTopic = Map.groupBy(readListOffsets(body).partitions, ({ topic }) => topic);
    const writer = new Writer().int32(0);
    writer.array([...byTopic], ([topic, partitions]) => {
      writer.string(topic).array(partitions, ({ partition, leaderEpoch, timestamp }) => {
        const log = this.#logOf(topic, partition);
        const isUnsure = timestamp !== -2 && log.confirmed() < log.end;
        const error = this.#refusal(broker, topic, partition, leaderEpoch) || (isUnsure ? LEADER_NOT_AVAILABLE : 0);
        const offset = timestamp === -2 ? log.beginning : timestamp === -1 ? log.end : -1;
        writer.int32(partition).int16(error).int64(-1n).int64(offset).int32(-1);
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
    const parts = query.partitions.map(({ topic, partition, leaderEpoch, offset, maxBytes }) => {
      const log = this.#logOf(topic, partition);
      if (refusal !== 0) return { topic, partition, partitionError: refusal };
      const notLed = this.#refusal(broker, topic, partition, leaderEpoch);
      if (notLed !== 0) return { topic, partition, partitionError: notLed };
      if (offset < log.beginning || offset > log.end) return { topic, partition, partitionError: OFFSET_OUT_OF_RANGE };
      const batches = log.read(offset, Math.min(maxBytes, left), isEmpty);
      left = Math.max(0, left - batches.length);
      isEmpty &&= batches.length === 0;
      return { topic, partition, highWatermark: log.confirmed(), logStartOffset: log.beginning, batches };
    });
    return fetchPartitionsAnswer(parts);
  }

  /** The error of a broker that does not lead in the epoch that is meant; 0 if it does. */
  #refusal(broker: number, topic: string, partition: number, meant: number): number {
    if (this.leaders.get(topic)?.[partition] !== broker) return NOT_LEADER;
    if (meant === ANY_EPOCH || meant === this.epoch.led) return 0;
    return meant > this.epoch.led ? UNKNOWN_LEADER_EPOCH : FENCED_LEADER_EPOCH;
  }

  #logOf(topic: string, partition: number): FakeLog {
    const log = this.logs.get(topic)?.[partition];
    if (log === undefined) throw new Error(`there is no partition ${partition} of ${topic}`);
    return log;
  }
}
