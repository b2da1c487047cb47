import { GatewayError } from '../../errors.ts';
import { partitionNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { eachTopic, freshTopic } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { NewRecord } from '../record.ts';
import { sizeBound } from '../record-batch/write.ts';
import { createOnDemand } from '../topics/create-on-demand.ts';
import type { PartitionRecords } from './batching.ts';
import { partitionOfKey, type Spread } from './partitioner.ts';

/** A record and where it is to go. */
export interface OutgoingRecord extends NewRecord {
  topic: string;
  /** Null: chosen by the key as Java's client does, or spread evenly if there is no key. */
  partition: number | null;
}

/** Records by partition, in request order within each; and the errors of records that have none, by their place in the request. */
export interface Assignment {
  groups: PartitionRecords[];
  failed: Map<number, GatewayError>;
}

/** Whether a broker may create a topic that does not exist. */
export type MayCreate = (topic: string) => boolean;

/** Decides the partition of every record. An error of one topic or partition fails only its own records. */
export async function assign(
  cluster: Cluster,
  spread: Spread,
  records: readonly OutgoingRecord[],
  deadline: number,
  mayCreate: MayCreate = () => false,
): Promise<Assignment> {
  const { targets, asked } = resolveTargets(cluster, spread, records, deadline, mayCreate);
  if (asked !== null) await asked;
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

/** The targets of known topics, at once; those of the other topics follow when their metadata has come. */
function resolveTargets(
  cluster: Cluster,
  spread: Spread,
  records: readonly OutgoingRecord[],
  deadline: number,
  mayCreate: MayCreate,
): Targets {
  const highest = new Map<string, number>();
  for (const { topic, partition } of records) {
    const before = highest.get(topic);
    if (before === undefined || (partition !== null && partition > before)) highest.set(topic, partition ?? -1);
  }
  const began = Date.now();
  const targets = new Map<string, Target | GatewayError>();
  const hasHighest = (topic: string, { leaders }: KnownTopic): boolean => {
    const partition = highest.get(topic) ?? -1;
    return partition < 0 || leaders.has(partition);
  };
  const resolve = async (topics: readonly string[]): Promise<void> => {
    const known = await eachTopic(cluster, topics, deadline);
    await createMissing(cluster, known, deadline, mayCreate);
    // The partitions may be newer than the metadata.
    const old = topics.filter((topic) => {
      const one = known.get(topic);
      return one !== undefined && 'leaders' in one && !hasHighest(topic, one) && one.asOf < began;
    });
    for (const [topic, one] of old.length === 0 ? [] : await eachTopic(cluster, old, deadline, began)) known.set(topic, one);
    for (const [topic, one] of known) targets.set(topic, one instanceof GatewayError ? one : new Target(topic, one, spread));
  };
  const unknown: string[] = [];
  for (const topic of highest.keys()) {
    const known = freshTopic(cluster, topic);
    if (known !== undefined && hasHighest(topic, known)) targets.set(topic, new Target(topic, known, spread));
    else unknown.push(topic);
  }
  return { targets, asked: unknown.length === 0 ? null : resolve(unknown) };
}

/** Lets brokers create those of the missing topics that they may create. */
async function createMissing(
  cluster: Cluster,
  known: Map<string, KnownTopic | GatewayError>,
  deadline: number,
  mayCreate: MayCreate,
): Promise<void> {
  const missing = [...known].filter(([name, one]) => one instanceof GatewayError && one.name === 'TopicNotFound' && mayCreate(name));
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name);
  const began = Date.now();
  if (!(await createOnDemand(cluster, names, deadline))) return;
  for (const [name, one] of await eachTopic(cluster, names, deadline, began)) {
    // If Kafka forbids creating it, the topic still counts as not found.
    if (!(one instanceof GatewayError) || one.name !== 'Forbidden') known.set(name, one);
  }
}

interface Targets {
  targets: Map<string, Target | GatewayError>;
  /** Resolves when all targets are there; null if they already are. */
  asked: Promise<void> | null;
}

/** One topic's records by partition. */
class Target {
  readonly groups = new Map<number, PartitionRecords>();
  readonly #topic: string;
  readonly #known: KnownTopic;
  readonly #next: (bytes: number) => number;
  /** One error for all records of a partition that does not exist. */
  readonly #missing = new Map<number, GatewayError>();

  constructor(topic: string, known: KnownTopic, spread: Spread) {
    this.#topic = topic;
    this.#known = known;
    this.#next = spread.begin(topic, known.available);
  }

  /** Returns the error, if there is one. */
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
