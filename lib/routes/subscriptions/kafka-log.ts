import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { ReadPosition } from '../../kafka/fetch/reading.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { allVisible } from '../../kafka/fetch/visible-records.ts';
import { commitOffsets, fetchOffsets } from '../../kafka/groups/offsets.ts';
import { type ProducedRecord, producerOf } from '../../kafka/produce/produce-records.ts';
import type { NewRecord, StoredRecord } from '../../kafka/record.ts';
import type { LogPage, LogPosition, RecordLog, SourceName } from '../../push/record-log.ts';
import type { OffsetKeeper } from '../../push/runner.ts';
import { groupOf, replayGroupOf, retryTopicOf, type Subscription } from '../../push/subscription.ts';
import type { Place } from '../../push/webhook-id.ts';
import { type RecordFilter, readFilters } from '../../records/responses/record-filter.ts';

const KAFKA_MS = 10_000;
const PAGE_BYTES = 4 * 1024 * 1024;
const RETRY_PARTITION = 0;
const isolation = 'read_committed';

/** What a subscription's deliveries ask of Kafka. */
export class KafkaLog implements RecordLog, OffsetKeeper {
  readonly #cluster: Cluster;
  readonly #subscription: Subscription;
  readonly #topics: () => Promise<readonly string[]>;
  readonly #metadata: string;
  readonly #keep: RecordFilter | null;

  /**
   * @param topics those that its owner may have delivered, now
   * @param lease the number of the lease that this is for, which is noted with each commit
   */
  constructor(cluster: Cluster, subscription: Subscription, topics: () => Promise<readonly string[]>, lease: number) {
    this.#cluster = cluster;
    this.#subscription = subscription;
    this.#topics = topics;
    this.#metadata = `lease ${lease}`;
    const { filter } = subscription.definition;
    this.#keep = filter.length === 0 ? null : readFilters(filter, (value) => value);
  }

  async positions(source: SourceName): Promise<LogPosition[]> {
    const { name, replay } = this.#subscription;
    if (source === 'replay') return this.#replayed(replayGroupOf(name), replay?.until ?? []);
    return this.#positionsIn(groupOf(name), await this.#topics());
  }

  async read(positions: readonly LogPosition[], room: { records: number; bytes: number }): Promise<LogPage> {
    try {
      const { readings, gaps } = await readPartitions(this.#cluster, positions, {
        // Topics with row filters are among no subscription's.
        ...{ isolation, waitMs: 0, keep: this.#keep, visible: allVisible, deadline: Date.now() + KAFKA_MS },
        ...{ maxRecords: Math.max(1, room.records), maxBytes: Math.max(1, room.bytes) },
      });
      return { readings, gaps, unreadable: null };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.goOn === null) throw error;
      const { topic = '', partition = 0 } = error.goOn;
      return { readings: [], gaps: [], unreadable: { topic, partition, why: error.message } };
    }
  }

  async commit(source: SourceName, positions: readonly Place[], retry: number | null): Promise<void> {
    const { name } = this.#subscription;
    const group = source === 'main' ? groupOf(name) : replayGroupOf(name);
    const retried = retry === null ? [] : [{ topic: retryTopicOf(name), partition: RETRY_PARTITION, offset: retry }];
    const offsets = [...positions, ...retried].map(({ topic, partition, offset }) => ({
      topic,
      partition,
      offset,
      metadata: this.#metadata,
    }));
    await commitOffsets(this.#cluster, group, offsets, Date.now() + KAFKA_MS);
  }

  async retries(): Promise<{ records: StoredRecord[]; next: number }> {
    const { name } = this.#subscription;
    const topic = retryTopicOf(name);
    let positions: ReadPosition[] = await this.#positionsIn(groupOf(name), [topic]);
    const records: StoredRecord[] = [];
    for (;;) {
      const page = await readPartitions(this.#cluster, positions, {
        ...{ isolation, waitMs: 0, keep: null, visible: allVisible, deadline: Date.now() + KAFKA_MS },
        ...{ maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: PAGE_BYTES },
      });
      const [reading] = page.readings.filter(({ partition }) => partition === RETRY_PARTITION);
      if (reading === undefined) return { records, next: 0 };
      records.push(...reading.records);
      if (reading.records.length === 0 && !reading.isBehind) return { records, next: reading.offset };
      positions = [reading].map(({ partition, offset, until }) => ({ topic, partition, offset, until }));
    }
  }

  async append(records: readonly NewRecord[]): Promise<(number | null)[]> {
    const topic = retryTopicOf(this.#subscription.name);
    const written = await this.#produce(records.map((record) => ({ ...record, topic, partition: RETRY_PARTITION })));
    const failed = written.find((one) => 'error' in one);
    // Of some that were written, it is noted; where none was, that is a failure.
    if (failed !== undefined && 'error' in failed && written.every((one) => 'error' in one)) throw failed.error;
    return written.map((one) => ('error' in one ? null : one.offset));
  }

  async deadLetter(topic: string, record: NewRecord): Promise<void> {
    const [written] = await this.#produce([{ ...record, topic, partition: null }]);
    if ('error' in written) throw written.error;
  }

  async refresh(): Promise<void> {
    const group = groupOf(this.#subscription.name);
    const deadline = Date.now() + KAFKA_MS;
    const committed = (await fetchOffsets(this.#cluster, group, null, deadline)).filter(({ offset }) => offset >= 0);
    if (committed.length > 0) await commitOffsets(this.#cluster, group, committed, deadline);
  }

  #produce(records: Parameters<ReturnType<typeof producerOf>['produce']>[0]): Promise<ProducedRecord[]> {
    return producerOf(this.#cluster).produce(records, { acks: -1, compression: null, deadline: Date.now() + KAFKA_MS });
  }

  /** Where a group has come to; in partitions that it has no offset of, the beginning: they are new. */
  async #positionsIn(group: string, topics: readonly string[]): Promise<LogPosition[]> {
    const deadline = Date.now() + KAFKA_MS;
    if (topics.length === 0) return [];
    const committed = await fetchOffsets(this.#cluster, group, null, deadline);
    const given = committed.filter(({ topic, offset }) => offset >= 0 && topics.includes(topic));
    return startPositions(this.#cluster, topics, { given, from: 'earliest', to: null, mayMiss: true, isolation, deadline });
  }

  async #replayed(group: string, until: readonly { topic: string; partition: number; offset: number }[]): Promise<LogPosition[]> {
    const allowed = await this.#topics();
    const committed = await fetchOffsets(this.#cluster, group, null, Date.now() + KAFKA_MS);
    return until
      .filter(({ topic }) => allowed.includes(topic))
      .flatMap(({ topic, partition, offset: end }) => {
        const found = committed.find((one) => one.topic === topic && one.partition === partition);
        return found === undefined || found.offset < 0 ? [] : [{ topic, partition, offset: found.offset, until: end }];
      });
  }
}
