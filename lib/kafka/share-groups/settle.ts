import type { GatewayError } from '../../errors.ts';
import { withRemark } from '../../messages/message.ts';
import { noLongerHeld, settlingUnsure } from '../../messages/queues.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { isPassing, kafkaError, NONE, NOT_LEADER, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { atDeadline, connectionError } from '../failures.ts';
import { type AcknowledgeType, type OffsetRange, shareAcknowledge } from '../protocol/share-acknowledge.ts';
import { forgetReady, isSetUp } from './prepare.ts';
import { type OpenSession, sessionPoolOf } from './session-pool.ts';
import {
  INVALID_RECORD_STATE,
  INVALID_SHARE_SESSION_EPOCH,
  isOtherTopic,
  requireShareGroups,
  SHARE_SESSION_NOT_FOUND,
  shareGroupError,
  UNKNOWN_SERVER_ERROR,
} from './support.ts';

/** Some or all of what a session holds. */
export interface Holding {
  member: string;
  /** The id of the session's broker. */
  broker: number;
  /** The lowest epoch that the next request can have. */
  epoch: number;
  /** When the locks end, in Unix milliseconds. */
  until: number;
  /** True when it is all that the session holds. */
  isAll: boolean;
  ranges: readonly OffsetRange[];
}

export type SettleType = AcknowledgeType;

export type Settled = { error: GatewayError } | { error: null; until: number; epoch: number };

const ANSWER_MS = 5000;
const CLOSE = -1;
/** Each single settlement uses up an epoch, and a receive has at most 500 records. */
const MOST_EPOCHS = 1100;
/** Why records are no longer held. */
export const TOPIC_GONE = 'their topic is gone, or was made anew';
const LOCK_ENDED = 'their lock has ended';
const QUEUE_GONE = 'their queue was deleted';

/**
 * Settles what sessions hold, wherever they were opened: accepts, releases, rejects or renews it. After the end of a lock, Kafka is not
 * asked: it does not object to a settlement of records if everything before them is settled, whoever holds them.
 *
 * @returns one result for each holding
 */
export async function settle(
  cluster: Cluster,
  group: string,
  type: AcknowledgeType,
  holdings: readonly Holding[],
  deadline: number,
): Promise<Settled[]> {
  const results = new Array<Settled>(holdings.length);
  const sessions = Map.groupBy(holdings.keys(), (i) => `${holdings[i].member} ${holdings[i].broker}`);
  const settlePlaces = async (places: readonly number[]): Promise<void> => {
    const now = Date.now();
    const held = places.filter((i) => holdings[i].until > now);
    for (const i of places) results[i] = { error: noLongerHeld(LOCK_ENDED) };
    if (held.length === 0) return;
    const outcome = await settleSession(
      cluster,
      group,
      type,
      held.map((i) => holdings[i]),
      deadline,
    );
    const end = Date.now();
    for (const i of held) {
      const one = outcome(holdings[i]);
      results[i] = one.error === null && holdings[i].until <= end ? { error: noLongerHeld(LOCK_ENDED) } : one;
    }
  };
  const settling = [...sessions.values()].map((places) => {
    const { member, broker } = holdings[places[0]];
    return inTurn(sessionPoolOf(cluster).find(member, broker), () => settlePlaces(places));
  });
  await Promise.all(settling);
  return results;
}

/** Settles after what is being settled of a session: of requests at the same time, each would try the epochs of all others. */
function inTurn(session: OpenSession | undefined, settleNow: () => Promise<void>): Promise<void> {
  if (session === undefined) return settleNow();
  session.settling = session.settling.then(settleNow, settleNow);
  return session.settling;
}

async function settleSession(
  cluster: Cluster,
  group: string,
  type: AcknowledgeType,
  holdings: readonly Holding[],
  deadline: number,
): Promise<(holding: Holding) => Settled> {
  const [{ member, broker }] = holdings;
  const pool = sessionPoolOf(cluster);
  const own = pool.find(member, broker);
  const closes = type !== 'renew' && holdings.some(({ isAll }) => isAll);
  const ranges = holdings.flatMap((one) => one.ranges);
  let connection: BrokerConnection;
  try {
    // A broker closes connections that nobody uses, and ends their sessions: renewals keep the session's own in use.
    const isOwn = type === 'renew' && own?.connection.open === true;
    connection = isOwn ? own.connection : await connect(cluster, broker, deadline);
    connection.mustHearBefore(deadline);
    requireShareGroups(connection);
  } catch (cause) {
    return all(connectionError(cause));
  }
  let epoch = closes ? CLOSE : Math.max(own?.epoch ?? 0, ...holdings.map((one) => one.epoch));
  try {
    for (let tries = 1; ; tries++, epoch++) {
      const sentAt = Date.now();
      if (sentAt >= deadline) throw atDeadline(null, deadline);
      const answer = await connection.send(shareAcknowledge({ group, member, epoch, type, ranges }), ANSWER_MS, deadline);
      if (answer.error === INVALID_SHARE_SESSION_EPOCH && !closes && tries < MOST_EPOCHS) continue;
      if (own !== undefined && (closes || answer.error === SHARE_SESSION_NOT_FOUND)) pool.closed(own);
      if (answer.error !== NONE) return all(refusalOf(answer.error));
      const refused = new Map(answer.partitions.map((one) => [`${one.topicId} ${one.partition}`, one.error]));
      const until = sentAt + answer.lockMs;
      const errorOf = (holding: Holding): number =>
        holding.ranges.map((one) => refused.get(`${one.topicId} ${one.partition}`) ?? NONE).find((code) => code !== NONE) ?? NONE;
      if (own !== undefined && !closes) {
        own.epoch = epoch + 1;
        if (type === 'renew') own.until = Math.max(own.until, until);
        else
          own.left -= countSettled(
            own,
            holdings.filter((holding) => errorOf(holding) === NONE),
          );
        if (own.left <= 0) await pool.close(own);
      }
      // Kafka 4.3 answers this for a group that was deleted, as for its own faults.
      const failed = answer.partitions.filter(({ error }) => error === UNKNOWN_SERVER_ERROR);
      const isGone = failed.length > 0 && (await isDeleted(cluster, group, failed, deadline));
      return (holding) => {
        const error = errorOf(holding);
        if (error === NONE) return { error: null, until, epoch: epoch + 1 };
        if (error === UNKNOWN_SERVER_ERROR && isGone) return { error: noLongerHeld.with({ cause: kafkaError(error) }, QUEUE_GONE) };
        return { error: refusalOf(error) };
      };
    }
  } catch (cause) {
    if (connection.closed) cluster.suspect(connection.address);
    const failure = connectionError(cause);
    return all(failure.retriable ? withRemark(failure, settlingUnsure) : failure);
  }
}

/** Whether the coordinator is known to keep nothing of some partition. The next receive looks for itself, in any case. */
async function isDeleted(
  cluster: Cluster,
  group: string,
  places: readonly { topicId: string; partition: number }[],
  deadline: number,
): Promise<boolean> {
  forgetReady(cluster, group);
  const topics = places.map(({ topicId, partition }) => ({ id: topicId, partitions: [partition] }));
  try {
    return !(await isSetUp(cluster, group, topics, deadline));
  } catch {
    return false; // the coordinator does not say: the error of the settlement is what is known
  }
}

/** Counts holdings as settled. @returns how many were not settled before: Kafka often does not object to settling again */
function countSettled({ settled }: OpenSession, holdings: readonly Holding[]): number {
  const before = settled.size;
  for (const { ranges } of holdings) settled.add(ranges.map(({ topicId, partition, first }) => `${topicId} ${partition} ${first}`).join());
  return settled.size - before;
}

const all =
  (error: GatewayError): (() => Settled) =>
  () => ({ error });

/** Sessions end with their broker. */
async function connect(cluster: Cluster, broker: number, deadline: number): Promise<BrokerConnection> {
  if (!cluster.knows(broker)) {
    await again(deadline, () => cluster.metadata([]));
    if (!cluster.knows(broker)) throw noLongerHeld('the broker that gave them is gone');
  }
  return cluster.connectionTo(broker);
}

function refusalOf(code: number): GatewayError {
  const cause = kafkaError(code);
  switch (code) {
    case INVALID_RECORD_STATE:
      return noLongerHeld.with({ cause }, 'they were settled, or are held by others');
    case SHARE_SESSION_NOT_FOUND:
    case INVALID_SHARE_SESSION_EPOCH:
      return noLongerHeld.with({ cause }, 'all of their receive was settled, or its connection to Kafka has ended');
    case NOT_LEADER:
    case UNKNOWN_TOPIC_OR_PARTITION:
      return noLongerHeld.with({ cause }, 'another broker leads their partition by now');
    default:
      if (isOtherTopic(code)) return noLongerHeld.with({ cause }, TOPIC_GONE);
      return isPassing(code) ? withRemark(shareGroupError(code), settlingUnsure) : shareGroupError(code);
  }
}
