import { tooManyUnsettled } from '../../messages/queues.ts';
import { log } from '../../telemetry/log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { reasonOf } from '../failures.ts';
import { shareAcknowledge } from '../protocol/share-acknowledge.ts';
import { INVALID_SHARE_SESSION_EPOCH, SHARE_SESSION_NOT_FOUND } from './support.ts';

/** A share session that holds records. */
export interface OpenSession {
  readonly group: string;
  readonly member: string;
  /** The id of the session's broker. */
  readonly broker: number;
  /** No other session is opened on it: see {@link SessionPool}. */
  readonly connection: BrokerConnection;
  /** Of the next request, unless another process has used the session. */
  epoch: number;
  /** When its locks end, in Unix milliseconds. */
  until: number;
  /** How many of its records are not known to be settled. */
  left: number;
  /** The first places of what this process has settled one by one: Kafka does not object if it is settled again. */
  readonly settled: Set<string>;
  /** The last settlement by this process. */
  settling: Promise<void>;
  readonly openedAt: number;
}

const ANSWER_MS = 2500;
/** After the end of its locks, another process that has renewed them may still use the session. */
const GRACE_MS = 500;
/** How often a session that another process uses is looked at again, and for how long. */
const LOOK_AGAIN_MS = 10_000;
const LONGEST_MS = 600_000;
const MOST_IDLE = 16;
/** Each is a connection. */
const MOST_OPEN = 1000;

const pools = new PerCluster((cluster) => new SessionPool(cluster));

/** The one pool of a cluster. */
export const sessionPoolOf = (cluster: Cluster): SessionPool => pools.of(cluster);

const keyOf = (member: string, broker: number): string => `${member} ${broker}`;

/**
 * The share sessions that this process has opened, each on a connection of its own. When a connection closes, a broker ends only the
 * newest session that was opened on it: others would stay for good, and count towards `group.share.max.share.sessions`. So the sessions
 * end with their connections, whatever ends this process; the pool closes those whose locks have ended.
 */
export class SessionPool {
  readonly #cluster: Cluster;
  readonly #idle = new Map<number, BrokerConnection[]>();
  readonly #open = new Map<string, OpenSession>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * A connection to a broker without a session.
   *
   * @throws {GatewayError} LimitExceeded when too many sessions are open; KafkaUnavailable …
   */
  async take(broker: number): Promise<BrokerConnection> {
    if (this.#open.size >= MOST_OPEN) throw tooManyUnsettled(MOST_OPEN);
    const idle = this.#idle.get(broker) ?? [];
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (this.#cluster.isWarm(connection)) return connection;
      connection.close(new Error(`it was idle for ${connection.idleMs} ms`));
    }
    return this.#cluster.openAlone(broker);
  }

  /** Takes back a connection whose session is closed. */
  giveBack(broker: number, connection: BrokerConnection): void {
    if (!connection.open) return;
    const idle = this.#idle.get(broker) ?? [];
    this.#idle.set(broker, idle);
    if (idle.length >= MOST_IDLE) connection.close(new Error('enough connections are idle'));
    else idle.push(connection);
  }

  /** Remembers a session that holds records. */
  keep(session: OpenSession): void {
    this.#open.set(keyOf(session.member, session.broker), session);
  }

  /** The session, if this process has opened it. */
  find(member: string, broker: number): OpenSession | undefined {
    return this.#open.get(keyOf(member, broker));
  }

  /** Forgets a session that somebody has closed. */
  closed(session: OpenSession): void {
    if (this.#forget(session)) this.giveBack(session.broker, session.connection);
  }

  /** Closes a session, which frees what it holds. If that fails, closes its connection, which ends the session. */
  async close(session: OpenSession): Promise<void> {
    if (!this.#forget(session)) return;
    await endSession(session);
    this.giveBack(session.broker, session.connection);
  }

  /** Closes a session at once, with its connection. */
  drop(session: OpenSession, cause: Error): void {
    if (this.#forget(session)) session.connection.close(cause);
  }

  /** Lets only one of several callers close a session: its connection may have another session by then. False for the others. */
  #forget(session: OpenSession): boolean {
    const key = keyOf(session.member, session.broker);
    return this.#open.get(key) === session && this.#open.delete(key);
  }

  /**
   * Closes the sessions whose locks have ended, except those that another process uses: it has renewed locks, or settled single records,
   * and the broker then refuses an epoch that is out of date. Never throws.
   */
  async sweep(): Promise<void> {
    const now = Date.now();
    const ended = [...this.#open.values()].filter(({ until, connection }) => now > until + GRACE_MS || connection.closed);
    await Promise.all(ended.map((session) => this.#sweepOne(session, now)));
  }

  async #sweepOne(session: OpenSession, now: number): Promise<void> {
    const { group, member, epoch, connection, openedAt } = session;
    if (connection.closed) return this.closed(session);
    // Keeps other sweeps from looking at it meanwhile.
    session.until = now + LOOK_AGAIN_MS;
    try {
      const probe = shareAcknowledge({ group, member, epoch, type: 'accept', ranges: [] });
      const { error } = await connection.send(probe, ANSWER_MS);
      if (error === INVALID_SHARE_SESSION_EPOCH && now < openedAt + LONGEST_MS) return;
      if (error === SHARE_SESSION_NOT_FOUND) return this.closed(session);
    } catch (cause) {
      connection.close(new Error(reasonOf(cause)));
    }
    await this.close(session);
    log.debug('queue_session_swept', 'A share session was closed whose locks had ended', () => ({ group, broker: session.broker }));
  }
}

/** Closes a session over its own connection; never throws. */
export async function endSession({ group, member, connection }: Pick<OpenSession, 'group' | 'member' | 'connection'>): Promise<void> {
  if (connection.closed) return;
  try {
    await connection.send(shareAcknowledge({ group, member, epoch: -1, type: 'accept', ranges: [] }), ANSWER_MS);
  } catch (cause) {
    connection.close(new Error(reasonOf(cause)));
  }
}
