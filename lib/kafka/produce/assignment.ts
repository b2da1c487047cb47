import { GatewayError } from '../../errors.ts';
import { partitionNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { freshTopic, knownTopic } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { NewRecord } from '../record.ts';
import { sizeBound } from '../record-batch/write.ts';
import type { PartitionRecords } from './batching.ts';
import { partitionOfKey, type Spread } from './partitioner.ts';

/** A record and where it is to go. */
export interface OutgoingRecord extends NewRecord {
  topic: string;
  /** Null: by its key as Java's client does, or spread evenly where it has none. */
  partition: number | null;
}

/** Records by partition, in request order within each; and those that cannot go anywhere, by their place. */
export interface Assignment {
  groups: PartitionRecords[];
  failed: Map<number, GatewayError>;
}

/** Decides the partition of every record. What is wrong with one topic or partition fails its own records only. */
export async function assign(cluster: Cluster, spread: Spread, records: readonly OutgoingRecord[], deadline: number): Promise<Assignment> {
  const { targets, asked } = resolveTargets(cluster, spread, records, deadline);
  if (asked.length > 0) await Promise.all(asked);
  const failed = new Map<number, GatewayError>();
  for (let place = 0; place < records.length; place++) {
    const record = records[place];
    const target = targets.get(record.topic);
    const error = target instanceof Target ? target.add(record, place) : target;
    if (error) failed.set(place, error);
  }
  const groups: PartitionRecords[] = [];
  for (const target of targets.values()) if (target instanceof Target) groups.push(...target.groups.values());
  return { groups, failed };
}

/** The targets of topics that are known, at once; the others follow when what is asked for has come. */
function resolveTargets(cluster: Cluster, spread: Spread, records: readonly OutgoingRecord[], deadline: number): Targets {
  const highest = new Map<string, number>();
  for (const { topic, partition } of records) {
    const before = highest.get(topic);
    if (before === undefined || (partition !== null && partition > before)) highest.set(topic, partition ?? -1);
  }
  const began = Date.now();
  const targets = new Map<string, Target | GatewayError>();
  const resolve = async (topic: string, partition: number): Promise<void> => {
    try {
      let known = await knownTopic(cluster, topic, deadline);
      // Partitions may have been added since the metadata.
      if (partition >= 0 && !known.leaders.has(partition) && known.asOf < began) known = await knownTopic(cluster, topic, deadline, began);
      targets.set(topic, new Target(topic, known, spread));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      targets.set(topic, error);
    }
  };
  const asked: Promise<void>[] = [];
  for (const [topic, partition] of highest) {
    const known = freshTopic(cluster, topic);
    if (known !== undefined && (partition < 0 || known.leaders.has(partition))) targets.set(topic, new Target(topic, known, spread));
    else asked.push(resolve(topic, partition));
  }
  return { targets, asked };
}

interface Targets {
  targets: Map<string, Target | GatewayError>;
  asked: Promise<void>[];
}

/** One topic's records by partition. */
class Target {
  readonly groups = new Map<number, PartitionRecords>();
  readonly #topic: string;
  readonly #known: KnownTopic;
  readonly #next: (bytes: number) => number;
  /** One error for all records to a partition that is not there. */
  readonly #missing = new Map<number, GatewayError>();

  constructor(topic: string, known: KnownTopic, spread: Spread) {
    this.#topic = topic;
    this.#known = known;
    this.#next = spread.begin(topic, known.available);
  }

  /** Returns what is wrong, if anything. */
  add(record: OutgoingRecord, place: number): GatewayError | undefined {
    const { leaders } = this.#known;
    let { partition } = record;
    if (partition === null) partition = record.key === null ? this.#next(sizeBound(record)) : partitionOfKey(record.key, leaders.size);
    else if (!leaders.has(partition)) return this.#notFound(partition);
    const group = this.groups.get(partition);
    if (group) group.places.push(place);
    else this.groups.set(partition, { topic: this.#topic, partition, places: [place] });
    return undefined;
  }

  #notFound(partition: number): GatewayError {
    const error = this.#missing.get(partition) ?? partitionNotFound(this.#topic, partition, this.#known.leaders.size);
    this.#missing.set(partition, error);
    return error;
  }
}
