import { pauseBefore, sleep } from '../../deadline.ts';
import { type ErrorName, GatewayError } from '../../errors.ts';
import { byLeader } from '../../kafka/cluster/ask-leaders.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { knownTopics } from '../../kafka/cluster/known-topics.ts';
import { kafkaError, LEADER_NOT_AVAILABLE } from '../../kafka/error-codes.ts';
import { LATEST, offsetsOf } from '../../kafka/fetch/list-offsets.ts';
import { readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { Reading } from '../../kafka/fetch/reading.ts';
import { DOUBTED_MS } from '../../kafka/fetch/skip-expired.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { allVisible } from '../../kafka/fetch/visible-records.ts';
import { type CommittedOffset, commitOffsets, fetchOffsets } from '../../kafka/groups/offsets.ts';
import { type ProducedRecord, producerOf } from '../../kafka/produce/produce-records.ts';
import type { NewRecord, StoredRecord } from '../../kafka/record.ts';
import { topicIdsNow } from '../../kafka/topics/topic-ids-now.ts';
import type { Place } from '../../push/attempt/webhook-id.ts';
import type { LogPage, LogPlace, LogPosition, RecordLog, SourceName } from '../../push/delivery/record-log.ts';
import type { OffsetKeeper } from '../../push/delivery/runner.ts';
import { groupOf, type Replay, replayGroupOf, retryTopicOf, type Subscription } from '../../push/subscription/subscription.ts';
import { type RecordFilter, readFilters } from '../../records/responses/record-filter.ts';

const KAFKA_MS = 10_000;
/** How long to wait for a new leader to show what the one before has confirmed. */
const SHOWN_WITHIN_MS = 5000;
const PAGE_BYTES = 4 * 1024 * 1024;
const RETRY_PARTITION = 0;
const isolation = 'read_committed';
/** InvalidArgument: the offset is beyond the end of the log, because the topic was deleted and recreated. */
const GONE: readonly ErrorName[] = ['TopicNotFound', 'PartitionNotFound', 'InvalidArgument'];

/** The Kafka side of a subscription's deliveries. */
export class KafkaLog implements RecordLog, OffsetKeeper {
  readonly #cluster: Cluster;
  readonly #subscription: Subscription;
  readonly #topics: () => Promise<readonly string[]>;
  readonly #lease: string;
  readonly #keep: RecordFilter | null;

  /**
   * @param topics returns those that may be delivered now
   * @param lease the number of the lease that this instance is for; each commit notes it
   */
  constructor(cluster: Cluster, subscription: Subscription, topics: () => Promise<readonly string[]>, lease: number) {
    this.#cluster = cluster;
    this.#subscription = subscription;
    this.#topics = topics;
    this.#lease = `lease ${lease}`;
    const { filter } = subscription.definition;
    this.#keep = filter.length === 0 ? null : readFilters(filter, (value) => value);
  }

  async positions(source: SourceName): Promise<LogPosition[]> {
    const { name, replay } = this.#subscription;
    if (source === 'replay') return replay === null ? [] : this.#replayed(replayGroupOf(name), replay);
    // A partition without a leader must not keep back all others.
    return this.#positionsIn(groupOf(name), await this.#topics(), true);
  }

  async read(positions: readonly LogPosition[], room: { records: number; bytes: number }): Promise<LogPage> {
    try {
      const { readings, gaps } = await readPartitions(this.#cluster, positions, {
        // Topics with row filters are never delivered.
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

  async commit(source: SourceName, positions: readonly LogPlace[], retry: number | null, heldUntil: number): Promise<void> {
    const { name, replay } = this.#subscription;
    const group = source === 'main' ? groupOf(name) : replayGroupOf(name);
    const retried = retry === null ? [] : [{ topic: retryTopicOf(name), topicId: '', partition: RETRY_PARTITION, offset: retry }];
    const noted = (topicId: string) => (source === 'replay' ? noteOf(replay) : `${this.#lease} ${topicId}`.trim());
    const offsets = [...positions, ...retried].map(({ topicId, ...place }) => ({ ...place, metadata: noted(topicId) }));
    await commitOffsets(this.#cluster, group, offsets, Math.min(Date.now() + KAFKA_MS, heldUntil));
  }

  async retries(): Promise<{ records: StoredRecord[]; next: number }> {
    const { name } = this.#subscription;
    const topic = retryTopicOf(name);
    const positions = await this.#positionsIn(groupOf(name), [topic], false);
    const position = positions.find(({ partition }) => partition === RETRY_PARTITION);
    if (position === undefined) return { records: [], next: 0 };
    const [until] = await offsetsOf(this.#cluster, [position], LATEST, Date.now() + KAFKA_MS, isolation);
    const records: StoredRecord[] = [];
    let next = position.offset;
    while (next < until) {
      const place = { topic, partition: RETRY_PARTITION, offset: next };
      const reading = await this.#readOn(place, until, { maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: PAGE_BYTES });
      records.push(...reading.records);
      // What is left must not be taken for nothing.
      if (reading.offset === next) throw kafkaError(LEADER_NOT_AVAILABLE);
      next = reading.offset;
    }
    return { records, next };
  }

  async append(records: readonly NewRecord[]): Promise<(number | 'too-large' | null)[]> {
    const topic = retryTopicOf(this.#subscription.name);
    const written = await this.#produce(records.map((record) => ({ ...record, topic, partition: RETRY_PARTITION })));
    const isTooLarge = (one: ProducedRecord) => 'error' in one && one.error.name === 'TooLarge';
    const failed = written.find((one) => 'error' in one && !isTooLarge(one));
    // The results mark single failures; if no record was written, the call fails.
    if (failed !== undefined && 'error' in failed && written.every((one) => 'error' in one)) throw failed.error;
    return written.map((one) => ('error' in one ? (isTooLarge(one) ? 'too-large' : null) : one.offset));
  }

  async recordAt({ topic, partition, offset }: Place): Promise<StoredRecord | null> {
    try {
      const { records } = await this.#readOn({ topic, partition, offset }, offset + 1, { maxRecords: 1, maxBytes: 1 });
      return records.find((record) => record.offset === offset) ?? null;
    } catch (error) {
      const isGone = error instanceof GatewayError && (error.goOn !== null || GONE.includes(error.name));
      if (isGone) return null;
      throw error;
    }
  }

  async deadLetters(topic: string, records: readonly NewRecord[]): Promise<(GatewayError | null)[]> {
    const written = await this.#produce(records.map((record) => ({ ...record, topic, partition: null })));
    return written.map((one) => ('error' in one ? one.error : null));
  }

  async refresh(heldUntil: number): Promise<void> {
    const group = groupOf(this.#subscription.name);
    const deadline = Math.min(Date.now() + KAFKA_MS, heldUntil);
    const committed = (await fetchOffsets(this.#cluster, group, null, deadline)).filter(({ offset }) => offset >= 0);
    if (committed.length > 0) await commitOffsets(this.#cluster, group, committed, deadline);
  }

  /**
   * Reads on at an offset that the log has had. A leader that has just taken over shows less than the one before has confirmed, until it has
   * heard from its followers: what it leaves out must not be taken for gone.
   */
  async #readOn(place: Place, until: number, room: { maxRecords: number; maxBytes: number }): Promise<Reading> {
    for (const waitMs of [0, SHOWN_WITHIN_MS]) {
      const options = { isolation, waitMs, keep: null, visible: allVisible, deadline: Date.now() + KAFKA_MS, ...room } as const;
      const { readings } = await readPartitions(this.#cluster, [{ ...place, until }], options);
      const [reading] = readings;
      if (reading.offset > place.offset || reading.isBehind) return reading;
    }
    throw kafkaError(LEADER_NOT_AVAILABLE);
  }

  #produce(records: Parameters<ReturnType<typeof producerOf>['produce']>[0]): Promise<ProducedRecord[]> {
    return producerOf(this.#cluster).produce(records, { acks: -1, compression: null, deadline: Date.now() + KAFKA_MS });
  }

  /**
   * The positions of a group. In partitions without a committed offset it begins at the beginning: they are new. So are those of a topic
   * that was deleted and recreated; its id tells so, or a committed offset beyond the end of the log.
   *
   * @param onlyLed whether new partitions without a leader are left out
   */
  async #positionsIn(group: string, topics: readonly string[], onlyLed: boolean): Promise<LogPosition[]> {
    const deadline = Date.now() + KAFKA_MS;
    if (topics.length === 0) return [];
    const [committed, ids] = await Promise.all([
      fetchOffsets(this.#cluster, group, null, deadline),
      topicIdsNow(this.#cluster, topics, deadline),
    ]);
    const ofTopics = committed.filter(({ topic, offset }) => offset >= 0 && topics.includes(topic));
    const ofSame = ofTopics.filter((one) => isOfSameTopic(one, ids.get(one.topic)));
    const given = await this.#within(ofSame, topics, deadline);
    const options = { given, from: 'earliest', to: null, mayMiss: true, onlyLed, isolation, deadline } as const;
    const positions = await startPositions(this.#cluster, topics, options);
    return positions.map(({ topic, partition, offset, until }) => ({ topic, topicId: ids.get(topic) ?? '', partition, offset, until }));
  }

  /**
   * The places whose partitions exist now, and whose offsets are not beyond the end of the log, which is doubted at first. Those of partitions
   * without a leader are believed.
   */
  async #within<P extends Place>(places: readonly P[], topics: readonly string[], deadline: number): Promise<P[]> {
    const doubtedUntil = Date.now() + DOUBTED_MS;
    for (let tries = 1; ; tries++) {
      const known = await knownTopics(this.#cluster, topics, deadline, Date.now());
      const there = places.filter(({ topic, partition }) => known.get(topic)?.leaders.has(partition));
      const led = [...byLeader(this.#cluster, there).values()].flat();
      const ends = await offsetsOf(this.#cluster, led, LATEST, deadline);
      const beyond = new Set(led.filter(({ offset }, i) => offset > ends[i]));
      if (beyond.size === 0 || Date.now() >= doubtedUntil) return there.filter((place) => !beyond.has(place));
      await sleep(pauseBefore(tries));
    }
  }

  /** The records to deliver again; none of a topic that was deleted and recreated, because the requested records are gone. */
  async #replayed(group: string, replay: Replay): Promise<LogPosition[]> {
    const deadline = Date.now() + KAFKA_MS;
    const allowed = await this.#topics();
    const ofTopics = replay.spans.filter(({ topic }) => allowed.includes(topic)).map((span) => ({ ...span, offset: span.until }));
    const spans = await this.#within(ofTopics, allowed, deadline);
    const committed = await fetchOffsets(this.#cluster, group, null, deadline);
    const ofThis = committed.filter(({ metadata }) => metadata === noteOf(replay));
    return spans.map(({ topic, partition, from, until }) => {
      const { offset = from } = ofThis.find((one) => one.topic === topic && one.partition === partition) ?? {};
      return { topic, topicId: '', partition, offset, until };
    });
  }
}

/** The metadata of a replay's offsets. */
const noteOf = (replay: Replay | null): string => `replay ${replay?.id}`;

/** Whether an offset was committed in the topic that now has its name; assumed if an id is unknown. */
function isOfSameTopic({ metadata }: CommittedOffset, id: string | undefined): boolean {
  const [, noted] = /^lease \d+ ([0-9a-f]{32})$/.exec(metadata) ?? [];
  return noted === undefined || id === undefined || noted === id;
}
