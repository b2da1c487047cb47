import { randomBytes } from 'node:crypto';
import { BoundedMap } from '../../bounded-map.ts';
import { expires, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND, NONE, UNKNOWN_MEMBER_ID } from '../error-codes.ts';
import { atDeadline } from '../failures.ts';
import { ANSWER_MS, askCoordinator } from '../groups/coordinator.ts';
import { describeShareGroupOffsets } from '../protocol/describe-share-group-offsets.ts';
import { shareGroupHeartbeat } from '../protocol/share-group-heartbeat.ts';
import type { QueueTopic } from './queue-topics.ts';
import { requireShareGroups, shareGroupError } from './support.ts';

const HEARTBEAT_MS = 100;
/** Reserved of a request's time, to answer that there is nothing yet. */
const MARGIN_MS = 1500;
const MOST_GROUPS = 10_000;
const JOIN = 0;
const LEAVE = -1;

/** After this time, the coordinator is asked again: somebody may have deleted the group, or its offsets. */
const READY_MS = 30_000;

/** The number of partitions of each topic id that are known to be ready in a group, and since when; and the joins in progress. */
interface Ready {
  partitions: Map<string, { count: number; asOf: number }>;
  joining: Map<string, Joining>;
}

/** A join by one request, for which others wait. */
interface Joining {
  done: Promise<boolean>;
  /** Whether the coordinator has answered anything yet. */
  hasHeard: boolean;
}

const ready = new PerCluster(() => new BoundedMap<string, Ready>(MOST_GROUPS));

function readyOf(cluster: Cluster, group: string): Ready {
  const groups = ready.of(cluster);
  const known = groups.get(group) ?? { partitions: new Map(), joining: new Map() };
  groups.set(group, known); // so that it is the newest
  return known;
}

/** Makes the next {@link prepare} look again: a broker does not know a partition, or the group. */
export function forgetReady(cluster: Cluster, group: string): void {
  readyOf(cluster, group).partitions.clear();
}

/**
 * Makes sure that the coordinator has initialized partitions for a share group: before that, they deliver nothing, without an error. The
 * coordinator initializes them while the group has a member, whoever it is and whatever it is assigned. So a request that finds
 * partitions that are not initialized joins, waits for all of them, and leaves. Several such members at once do no harm, and nor does one
 * that dies meanwhile.
 *
 * @param deadline Unix milliseconds
 * @returns false if the time was over before that; the next request continues. Kafka itself takes half a minute if the coordinator moves
 *   meanwhile (`group.share.initialize.retry.interval.ms`)
 * @throws {GatewayError} NotSupported; IllegalState when the group is another kind; Forbidden, KafkaUnavailable …
 */
export async function prepare(cluster: Cluster, group: string, topics: readonly QueueTopic[], deadline: number): Promise<boolean> {
  const known = readyOf(cluster, group);
  if (topics.every(({ id, partitions }) => (known.partitions.get(id)?.count ?? 0) >= partitions.length)) {
    if (topics.some(({ id }) => Date.now() - (known.partitions.get(id)?.asOf ?? 0) > READY_MS)) lookAgain(cluster, group, topics, deadline);
    return true;
  }
  const key = topics.map(({ id, partitions }) => `${id} ${partitions.length}`).join();
  for (let other = known.joining.get(key); other !== undefined; other = known.joining.get(key)) {
    const outcome = await outcomeOf(other, deadline);
    if (outcome === true) return true;
    if (Date.now() < deadline) continue; // it may have ended because it had less time
    if (outcome === false) return false;
    throw outcome;
  }
  const joining: Joining = { done: Promise.resolve(false), hasHeard: false };
  joining.done = makeReady(cluster, group, topics, deadline, joining).finally(() => known.joining.delete(key));
  known.joining.set(key, joining);
  if (!(await joining.done)) return false;
  remember(known, topics);
  return true;
}

function remember(known: Ready, topics: readonly QueueTopic[]): void {
  for (const { id, partitions } of topics) known.partitions.set(id, { count: partitions.length, asOf: Date.now() });
}

/** Finds out whether a group is still set up. Nobody waits for it: leaders deliver although the coordinator is away. */
function lookAgain(cluster: Cluster, group: string, topics: readonly QueueTopic[], deadline: number): void {
  remember(readyOf(cluster, group), topics);
  isSetUp(cluster, group, topics, deadline).then(
    (isThere) => isThere || forgetReady(cluster, group),
    () => {}, // it is asked again later
  );
}

/** The outcome of another request's join until a deadline; an error if that failed in passing, or heard nothing from the coordinator. */
async function outcomeOf(joining: Joining, deadline: number): Promise<boolean | GatewayError> {
  try {
    if (!(await expires(joining.done, deadline))) return await joining.done;
    return joining.hasHeard ? false : atDeadline(null, deadline);
  } catch (error) {
    if (!(error instanceof GatewayError) || !error.retriable) throw error;
    return error;
  }
}

async function makeReady(
  cluster: Cluster,
  group: string,
  topics: readonly QueueTopic[],
  deadline: number,
  joining: Joining,
): Promise<boolean> {
  if (await isSetUp(cluster, group, topics, deadline)) return true;
  joining.hasHeard = true;
  return join(cluster, group, topics, deadline - MARGIN_MS);
}

/**
 * Whether the group exists, and its coordinator has initialized all partitions of these topics: when asked for all, it names only those
 * that it has initialized.
 *
 * @throws {GatewayError} as {@link prepare}
 */
export async function isSetUp(
  cluster: Cluster,
  group: string,
  topics: readonly Pick<QueueTopic, 'id' | 'partitions'>[],
  deadline: number,
): Promise<boolean> {
  return askCoordinator(cluster, group, deadline, async (connection) => {
    requireShareGroups(connection);
    const { error, offsets } = await connection.send(describeShareGroupOffsets(group, null), ANSWER_MS);
    if (error === GROUP_ID_NOT_FOUND) return false;
    if (error !== NONE) throw shareGroupError(error);
    const found = new Set(offsets.map(({ topicId, partition }) => `${topicId} ${partition}`));
    return topics.every(({ id, partitions }) => partitions.every((partition) => found.has(`${id} ${partition}`)));
  });
}

async function join(cluster: Cluster, group: string, topics: readonly QueueTopic[], deadline: number): Promise<boolean> {
  const member = randomBytes(16).toString('base64url');
  const beganAt = Date.now();
  let epoch = JOIN;
  let hasJoined = false;
  const beat = (next: number) =>
    askCoordinator(cluster, group, deadline + MARGIN_MS, async (connection: BrokerConnection) => {
      const names = next === JOIN ? topics.map(({ name }) => name) : null;
      const answer = await connection.send(shareGroupHeartbeat({ group, member, epoch: next, topics: names }), ANSWER_MS);
      // The coordinator has moved, or its last answer was lost: it does not know the member, or knows another epoch.
      if (next !== JOIN && (answer.error === UNKNOWN_MEMBER_ID || answer.error === FENCED_MEMBER_EPOCH)) return JOIN;
      if (answer.error !== NONE) throw shareGroupError(answer.error);
      return answer.epoch;
    });
  let done = false;
  try {
    while (!done && Date.now() < deadline) {
      epoch = await beat(epoch);
      hasJoined = true;
      done = await isSetUp(cluster, group, topics, deadline + MARGIN_MS);
      if (!done) await sleep(HEARTBEAT_MS);
    }
  } finally {
    if (hasJoined) await beat(LEAVE).catch(() => {}); // if it does not leave, its session ends, and Kafka forgets it
  }
  log.info('queue_prepared', 'A share group was joined and left again, to have it set up', {
    group,
    ms: Date.now() - beganAt,
    topics: topics.map(({ name }) => name),
    done,
  });
  return done;
}
