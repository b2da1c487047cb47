import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { askOnce } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { eachTopic } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { Led } from '../cluster/successor.ts';
import { kafkaError, NONE } from '../error-codes.ts';
import { isFinal } from '../failures.ts';
import { keyOf } from '../partition-key.ts';
import { describeShareGroupOffsets } from '../protocol/describe-share-group-offsets.ts';
import { EARLIEST, LATEST, listOffsetsOf } from '../protocol/list-offsets.ts';
import { ANSWER_MS, askCoordinator, rememberCoordinator } from './coordinator.ts';
import { describeConsumerGroups, type GroupType, type NamedGroup } from './groups.ts';
import { lagBetween } from './lag.ts';
import { fetchOffsets } from './offsets.ts';

/** How many records a group has yet to read. */
export interface GroupLag {
  readonly group: string;
  readonly type: GroupType;
  /** Sum for each topic. */
  readonly topics: ReadonlyMap<string, number>;
  /** Sum for all topics. */
  readonly lag: number;
  /** The lag of the partition that is furthest behind. */
  readonly largest: number;
  /** How many partitions have a lag that is unknown at the moment, for example as they have no leader. */
  readonly unknown: number;
}

/** The lags of the groups of a cluster. */
export interface MeasuredLag {
  readonly lags: readonly GroupLag[];
  /** Groups whose offsets could not be read, and why. */
  readonly failures: ReadonlyMap<string, GatewayError>;
}

/** How many groups are asked about at the same time. */
const AT_ONCE = 50;
/** How long brokers are asked again for topics that none can tell of, and for the ends of partitions that no leader has answered for. */
const PATIENCE_MS = 5000;

/** How far a group has read a partition; null if it has committed nothing there. */
interface Position extends Led {
  readonly offset: number | null;
}

interface Positions {
  readonly named: NamedGroup;
  readonly positions: readonly Position[];
}

/**
 * Measures how far groups are behind, of all protocols and share groups, with no other right than to describe them and their topics:
 * one request to each broker for the groups, one to the coordinator for each group, one or two to each leader for all partitions.
 *
 * A group counts in the partitions where it has committed an offset, in all others of those topics, and in those that are assigned to its
 * members. Where it has committed nothing, the whole log is its lag. Deleted topics do not count.
 *
 * @param isWanted by the name of a group
 * @param deadline Unix milliseconds
 * @throws {GatewayError} KafkaUnavailable, KafkaAuthentication … when the groups cannot be listed
 */
export async function measureLag(cluster: Cluster, isWanted: (group: string) => boolean, deadline: number): Promise<MeasuredLag> {
  const named = await describeConsumerGroups(cluster, deadline, isWanted);
  for (const [id, groups] of Map.groupBy(named, ({ coordinator }) => coordinator)) {
    const names = groups.map(({ group }) => group);
    rememberCoordinator(cluster, names, id, (await cluster.connectionTo(id)).address);
  }
  const failures = new Map<string, GatewayError>();
  const ofShares: GroupLag[] = [];
  const ofConsumers: Positions[] = [];
  const left = [...named];
  const work = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      try {
        if (one.type === 'share') ofShares.push(await shareLag(cluster, one, deadline));
        else ofConsumers.push({ named: one, positions: await positionsOf(cluster, one, deadline) });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        failures.set(one.group, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const lags = [...ofShares, ...(await lagsOf(cluster, ofConsumers, deadline))].sort((a, b) => (a.group < b.group ? -1 : 1));
  return { lags, failures };
}

async function positionsOf(cluster: Cluster, { group, members }: NamedGroup, deadline: number): Promise<Position[]> {
  const committed = (await fetchOffsets(cluster, group, null, deadline, { orUnstable: true })).filter(({ offset }) => offset >= 0);
  const known = new Set(committed.map(keyOf));
  const assigned = members.flatMap(({ assignment }) =>
    (assignment ?? []).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition, offset: null }))),
  );
  return [...committed, ...assigned.filter((one) => !known.has(keyOf(one)))];
}

/** Kafka itself knows the lag of a share group: records acknowledged out of order leave no offset to count from. */
async function shareLag(cluster: Cluster, { group, type }: NamedGroup, deadline: number): Promise<GroupLag> {
  const offsets = await askCoordinator(cluster, group, deadline, async (connection) => {
    const answer = await connection.send(describeShareGroupOffsets(group, null), ANSWER_MS);
    if (answer.error !== NONE) throw kafkaError(answer.error);
    return answer.offsets;
  });
  const there = await topicsOf(cluster, offsets, deadline);
  const counted = offsets.filter(({ topic, error, startOffset }) => error === NONE && startOffset >= 0 && !isGone(there.get(topic)));
  return summed(
    { group, type },
    counted.map(({ topic, lag }) => ({ topic, lag: lag < 0 || there.get(topic) instanceof GatewayError ? null : lag })),
  );
}

function topicsOf(cluster: Cluster, partitions: readonly { readonly topic: string }[], deadline: number) {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  return eachTopic(cluster, names, Math.min(deadline, Date.now() + PATIENCE_MS), Date.now());
}

/** False also for a topic that no broker can tell of at the moment. */
const isGone = (found: KnownTopic | GatewayError | undefined): boolean =>
  found === undefined || (found instanceof GatewayError && isFinal(found));

async function lagsOf(cluster: Cluster, groups: readonly Positions[], deadline: number): Promise<GroupLag[]> {
  const topics = await topicsOf(
    cluster,
    groups.flatMap(({ positions }) => positions),
    deadline,
  );
  const all = groups.map(({ named, positions }) => ({ named, positions: withOthers(positions, topics) }));
  const everywhere = all.flatMap(({ positions }) => positions);
  const [ends, starts] = await Promise.all([
    offsetsAt(cluster, everywhere, LATEST, deadline),
    offsetsAt(
      cluster,
      everywhere.filter(({ offset }) => offset === null),
      EARLIEST,
      deadline,
    ),
  ]);
  const lagOf = (position: Position): number | null => {
    const end = ends.get(keyOf(position));
    const from = position.offset ?? starts.get(keyOf(position));
    return end === undefined || from === undefined ? null : lagBetween(from, end);
  };
  return all.map(({ named, positions }) =>
    summed(
      named,
      positions.map((position) => ({ topic: position.topic, lag: lagOf(position) })),
    ),
  );
}

/**
 * The positions in topics that exist, and in all other partitions of these. Of a topic that no broker can tell of at the moment, the
 * positions stay: their lag is unknown.
 */
function withOthers(positions: readonly Position[], topics: ReadonlyMap<string, KnownTopic | GatewayError>): Position[] {
  return [...Map.groupBy(positions, ({ topic }) => topic)].flatMap(([topic, own]) => {
    const found = topics.get(topic);
    if (found === undefined || found instanceof GatewayError) return isGone(found) ? [] : own;
    const known = new Map(own.map((one) => [one.partition, one]));
    return [...found.leaders.keys()].map((partition) => known.get(partition) ?? { topic, partition, offset: null });
  });
}

function summed(
  { group, type }: { group: string; type: GroupType },
  partitions: readonly { topic: string; lag: number | null }[],
): GroupLag {
  const topics = new Map<string, number>();
  let largest = 0;
  let unknown = 0;
  for (const { topic, lag } of partitions) {
    if (lag === null) unknown++;
    topics.set(topic, (topics.get(topic) ?? 0) + (lag ?? 0));
    largest = Math.max(largest, lag ?? 0);
  }
  return { group, type, topics, lag: [...topics.values()].reduce((sum, lag) => sum + lag, 0), largest, unknown };
}

/** The ends, or beginnings, of partitions by {@link keyOf}. Leaves out those for which no leader answers within a few seconds. */
async function offsetsAt(
  cluster: Cluster,
  partitions: readonly Led[],
  timestamp: typeof LATEST | typeof EARLIEST,
  deadline: number,
): Promise<Map<string, number>> {
  const wanted = [...new Map(partitions.map((one) => [keyOf(one), { topic: one.topic, partition: one.partition, timestamp }])).values()];
  const found = new Map<string, number>();
  const until = Math.min(deadline, Date.now() + PATIENCE_MS);
  for (let tries = 0; ; tries++) {
    const left = wanted.filter((one) => !found.has(keyOf(one)));
    if (left.length === 0 || Date.now() >= until) return found;
    if (tries > 0) {
      await sleep(pauseBefore(tries));
      const names = [...new Set(left.map(({ topic }) => topic))];
      await eachTopic(cluster, names, until, Date.now());
    }
    const round = askOnce(cluster, left, until, (connection, led) =>
      connection.send(listOffsetsOf(led, 'read_uncommitted', cluster), ANSWER_MS),
    );
    if (await expires(round, until)) return found;
    for (const answer of await round) {
      if (!(answer instanceof GatewayError) && answer.error === NONE) found.set(keyOf(answer), answer.offset);
    }
  }
}
