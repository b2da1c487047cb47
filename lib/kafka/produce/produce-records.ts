import type { GatewayError } from '../../errors.ts';
import { countRecords } from '../../metrics/work.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import { type Compression, compressionOf } from '../compression/compress.ts';
import { compressionNames } from '../compression/names.ts';
import { MESSAGE_TOO_LARGE, NONE, RECORD_LIST_TOO_LARGE } from '../error-codes.ts';
import { connectionError } from '../failures.ts';
import type { Acks } from '../protocol/produce.ts';
import { recordsOf, withCompressedRecords, writeBatch } from '../record-batch/write.ts';
import { assign, type MayCreate, type OutgoingRecord } from './assignment.ts';
import { BatchLimits, cutIntoRuns, type PartitionRecords, sizeOf } from './batching.ts';
import { type Delivery, delivery } from './delivery.ts';
import { failureOf, notWritten } from './failure.ts';
import { Spread } from './partitioner.ts';
import { Producer } from './producer.ts';

export { type Acks, compressionNames, compressionOf };

export interface ProduceOptions {
  acks: Acks;
  /** Null for none. */
  compression: Compression | null;
  /** Unix milliseconds. */
  deadline: number;
  /** Which missing topics the broker may create; none by default. */
  mayCreate?: MayCreate;
}

/**
 * Where a record was written, or why it was not acknowledged: `maybeWritten` then says whether it may be in the log all the same.
 * `offset` is -1 if the request wanted no acknowledgement (acks=0).
 */
export type ProducedRecord = { partition: number; offset: number; timestamp: number } | { error: GatewayError; maybeWritten: boolean };

const producers = new PerCluster((cluster) => new RecordProducer(cluster));

/** The one producer of a cluster: it owns the sequences of everything written there. Functions that only read do not load its code. */
export const producerOf = (cluster: Cluster): RecordProducer => producers.of(cluster);

/** Writes the records of requests, on one cluster. */
export class RecordProducer {
  readonly #cluster: Cluster;
  readonly #producer: Producer;
  readonly #spread = new Spread();
  readonly #limits = new BatchLimits();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#producer = new Producer(cluster);
  }

  /**
   * Writes records, in request order within a partition, and resolves with one result for each record, in the order of the records. An
   * error fails only its own records. With acks all or 1, the gateway's own retries never write a record twice.
   */
  async produce(records: readonly OutgoingRecord[], options: ProduceOptions): Promise<ProducedRecord[]> {
    const results = new Array<ProducedRecord>(records.length);
    const { groups, failed } = await assign(this.#cluster, this.#spread, records, options.deadline, options.mayCreate);
    for (const [place, error] of failed) results[place] = { error: notWritten(error), maybeWritten: false };
    const request = { records, options, results };
    await this.#writeInRounds(
      request,
      groups.map((group) => cutIntoRuns(group, records, this.#limits.of(group.topic))),
    );
    return results;
  }

  /** A Produce request holds one batch per partition: the first run of every partition goes first, then the second, and so on. */
  async #writeInRounds(request: ProduceRequest, partitions: PartitionRecords[][]): Promise<void> {
    const rounds = Math.max(0, ...partitions.map((runs) => runs.length));
    for (let round = 0; round < rounds; round++) {
      await this.#writeRound(
        request,
        partitions.map((runs) => runs[round]).filter((run) => run !== undefined),
      );
    }
  }

  async #writeRound(request: ProduceRequest, runs: PartitionRecords[]): Promise<void> {
    const { options } = request;
    const { compression } = options;
    const batches = runs.map((run) => delivery(run.topic, run.partition, batchOf(run, request.records), run.places.length));
    const deliveries = compression === null ? batches : await Promise.all(batches.map((one) => compressed(one, compression)));
    let broken: GatewayError | null = null;
    try {
      await this.#producer.deliver(deliveries, options);
    } catch (error) {
      broken = connectionError(error);
    }
    const again: PartitionRecords[][] = [];
    const astray: number[] = [];
    deliveries.forEach((one, i) => {
      const rest = this.#withoutCulprits(request, runs[i], one);
      if (rest.length > 0) again.push(rest);
      else report(request, runs[i], one, broken);
      if (one.gone !== null && !one.maybeWritten) astray.push(...runs[i].places.filter((at) => request.records[at].partition === null));
    });
    if (astray.length > 0)
      await this.#sendElsewhere(
        request,
        astray.sort((a, b) => a - b),
      );
    if (again.length > 0) await this.#writeInRounds(request, again);
  }

  /** The gateway chose a partition that the topic no longer has, as it was recreated: chooses another one. */
  async #sendElsewhere({ records, options, results }: ProduceRequest, places: readonly number[]): Promise<void> {
    const written = await this.produce(
      places.map((place) => records[place]),
      options,
    );
    places.forEach((place, i) => {
      results[place] = written[i];
    });
  }

  /**
   * Kafka refuses a batch as a whole. If that is because of its size, or of single records in it, the other records get another try:
   * returns their runs, or none if there is nothing to save.
   */
  #withoutCulprits(request: ProduceRequest, run: PartitionRecords, one: Delivery): PartitionRecords[] {
    if (one.outcome === null || one.count === 1 || one.maybeWritten) return [];
    const { error, refusedRecords } = one.outcome;
    // The second: a topic with small segments takes no batch that is larger than one.
    if (error === MESSAGE_TOO_LARGE || error === RECORD_LIST_TOO_LARGE) {
      return cutIntoRuns(run, request.records, this.#limits.halve(one.topic, sizeOf(run, request.records)));
    }
    if (refusedRecords.length === 0 || refusedRecords.length >= one.count) return [];
    const culprits = new Set(refusedRecords.map((place) => run.places[place]));
    report(request, { ...run, places: [...culprits] }, one, null);
    return [{ ...run, places: run.places.filter((place) => !culprits.has(place)) }];
  }
}

const batchOf = ({ places }: PartitionRecords, records: readonly OutgoingRecord[]): Buffer =>
  writeBatch(places.length === records.length ? records : places.map((place) => records[place]));

async function compressed(one: Delivery, { id, compress }: Compression): Promise<Delivery> {
  const packed = await compress(recordsOf(one.batch));
  return { ...one, batch: withCompressedRecords(one.batch, id, packed) };
}

interface ProduceRequest {
  records: readonly OutgoingRecord[];
  options: ProduceOptions;
  results: ProducedRecord[];
}

function report(
  { records, options, results }: ProduceRequest,
  { partition, places }: PartitionRecords,
  one: Delivery,
  broken: GatewayError | null,
): void {
  if (one.outcome?.error !== NONE) {
    const error = failureOf(one, broken, options.deadline);
    for (const place of places) results[place] = { error, maybeWritten: one.maybeWritten };
    return;
  }
  const { baseOffset, appendTime } = one.outcome;
  countRecords('in', one.topic, places.length);
  for (let i = 0; i < places.length; i++) {
    const timestamp = appendTime >= 0 ? appendTime : records[places[i]].timestamp;
    results[places[i]] = { partition, offset: baseOffset < 0 ? -1 : baseOffset + i, timestamp };
  }
}
