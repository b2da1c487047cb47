import { randomBytes } from 'node:crypto';
import { expires } from '../../deadline.ts';
import type { GatewayError } from '../../errors.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { log } from '../../telemetry/log.ts';
import { byLeader } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE, NOT_LEADER, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { connectionError, isFinal } from '../failures.ts';
import { type AcquiredPartition, shareFetch } from '../protocol/share-fetch.ts';
import { contentSize } from '../record.ts';
import { Effort } from '../record-batch/effort.ts';
import { takeAcquired } from './acquired-records.ts';
import { forgetReady } from './prepare.ts';
import type { QueueTopic } from './queue-topics.ts';
import type { HeldRun, Received } from './received.ts';
import { endSession, type OpenSession, sessionPoolOf } from './session-pool.ts';
import { settleIn } from './settle-in.ts';
import { isLostSession, isOtherTopic, isUsedUp, requireShareGroups, shareGroupError, UNKNOWN_SERVER_ERROR } from './support.ts';

export interface ReceiveOptions {
  topics: readonly string[];
  maxRecords: number;
  /** Of batches as they are stored, and of keys, values and headers; at least one record is delivered, whatever its size. */
  maxBytes: number;
  /** Records with more bytes are delivered without their content. */
  largest: number;
  /** How long to wait for a record, in milliseconds. */
  waitMs: number;
  /** Unix milliseconds. */
  deadline: number;
  /** Aborts when nobody wants the records any more; null where nobody can know. */
  gone: AbortSignal | null;
}

/** How much longer than the wait that it was asked for a broker may take. */
const SILENCE_MS = 2500;
/** Reserved of a request's time, to answer. */
const MARGIN_MS = 500;
/** Every wait for records ends at least this long before the deadline, so that a leader's silence is noticed and reported in time. */
export const LAST_WAIT_MS = 1000;
/** An answer is given up this long before the deadline, at the latest. */
const GIVE_UP_MS = 250;
/** How long one wait lasts if there are several leaders: records from one do not end the wait for the others. */
const SLICE_MS = 200;
/** How often a leader may fail by itself: each time, what it acquired of other topics counts as delivered. */
const MOST_FAULTS = 3;
const NOTHING: Received = { runs: [], lockMs: 0, isCut: false };
/** The epoch that opens a session. */
const OPEN = 0;
/** An answer that was waited for does not tell when its locks began, only that it was hardly longer ago than this. */
const LONGEST_ANSWER_MS = 1000;

/** One leader and the session with it. */
interface Turn {
  readonly broker: number;
  session: OpenSession | null;
  /** True when it delivered less than it was asked for. */
  isDry: boolean;
  /** How often it has failed by itself. */
  faults: number;
}

/** One receive: a member of its own, its sessions, and what they have delivered so far. */
export class Receiving {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #options: ReceiveOptions;
  readonly #member = randomBytes(16).toString('base64url');
  readonly #effort: Effort;
  readonly #turns = new Map<number, Turn>();
  readonly #runs: HeldRun[] = [];
  /** Where the next round begins, so that all leaders get their turn. */
  #begin = Math.floor(Math.random() * 1024);
  /** The leaders of the last round, and all that were ever asked. */
  #leaders: number[] = [];
  readonly #asked = new Set<number>();
  #bytes = 0;
  #failure: GatewayError | null = null;
  #lockMs = 0;
  #isCut = false;
  #isAbandoned = false;
  count = 0;
  isIdle = false;
  /** True when a leader has said whether it has records. */
  hasHeard = false;
  /** True when a broker keeps no more share sessions. */
  isUsedUp = false;

  constructor(cluster: Cluster, group: string, options: ReceiveOptions) {
    this.#cluster = cluster;
    this.#group = group;
    this.#options = options;
    this.#effort = new Effort(options.deadline - MARGIN_MS);
  }

  get isFull(): boolean {
    return this.count >= this.#options.maxRecords || this.#bytes >= this.#options.maxBytes || this.#effort.isSpent;
  }

  /** True when every broker that leads a partition was asked once. */
  get hasAskedAll(): boolean {
    return this.#leaders.every((broker) => this.#asked.has(broker));
  }

  /** Asks leaders, each for its share. Returns the error of one that could not be asked, if there is one. */
  async round(topics: readonly QueueTopic[], waitUntil: number, round: number): Promise<GatewayError | null> {
    const led = topics.flatMap(({ name, id, partitions }) => partitions.map((partition) => ({ topic: name, id, partition })));
    const leaders = byLeader(this.#cluster, led);
    this.#leaders = [...leaders.keys()];
    for (const broker of this.#leaders) {
      if (!this.#turns.has(broker)) this.#turns.set(broker, { broker, session: null, isDry: false, faults: 0 });
    }
    const room = this.#options.maxRecords - this.count;
    const able = this.#leaders.map((broker) => this.#turns.get(broker)).filter((turn) => turn !== undefined);
    const open = this.count > 0 ? able.filter(({ isDry }) => !isDry) : able;
    this.isIdle = open.length === 0;
    if (able.length === 0) return kafkaError(LEADER_NOT_AVAILABLE);
    const asked = Array.from({ length: Math.min(room, open.length) }, (_, i) => open[(this.#begin + i) % open.length]);
    this.#begin += asked.length;
    for (const { broker } of asked) this.#asked.add(broker);
    const left = Math.max(0, waitUntil - Date.now());
    const isFirst = round * asked.length < open.length;
    const waitMs = this.count > 0 || (isFirst && able.length > 1) ? 0 : able.length > 1 ? Math.min(SLICE_MS, left) : left;
    const results = await Promise.all(
      asked.map((turn, i) => {
        const share = Math.floor(room / asked.length) + (i < room % asked.length ? 1 : 0);
        return this.#ask(turn, leaders.get(turn.broker) ?? [], share, waitMs);
      }),
    );
    return results.find((result) => result !== null) ?? null;
  }

  async #ask(
    turn: Turn,
    led: readonly { topic: string; id: string; partition: number }[],
    share: number,
    waitMs: number,
  ): Promise<GatewayError | null> {
    const group = this.#group;
    try {
      turn.session ??= await this.#open(turn.broker);
      const { session } = turn;
      const maxBytes = Math.max(1, Math.min(this.#options.maxBytes - this.#bytes, MAX_INT32));
      const topics = session.epoch === OPEN ? byTopic(led) : [];
      const sentAt = Date.now();
      const query = { group, member: this.#member, epoch: session.epoch, waitMs, maxBytes, maxRecords: share, topics };
      const { error, lockMs, partitions } = await session.connection.send(shareFetch(query), waitMs + SILENCE_MS, this.#giveUpAt);
      // Kafka 4.3 answers this for a topic that was deleted or recreated.
      if (error === UNKNOWN_SERVER_ERROR && ++turn.faults < MOST_FAULTS) throw kafkaError(NOT_LEADER);
      if (error !== NONE) throw shareGroupError(error);
      const answeredAt = Date.now();
      session.epoch++;
      if (partitions.filter((one) => one.error !== NONE).length < led.length) this.hasHeard = true;
      this.#cluster.trust(session.connection.address);
      this.#lockMs = lockMs;
      const acquired = partitions.filter((one) => one.acquired.length > 0);
      // Take the earliest moment at which the locks may have begun: a late settlement must not pass as one in time.
      const lockedAt = Math.max(sentAt, answeredAt - LONGEST_ANSWER_MS);
      if (acquired.length > 0) session.until = Math.min(session.until, lockedAt + lockMs);
      const before = this.count;
      for (const one of acquired) await this.#take(session, one, led);
      turn.isDry = this.count - before < share;
      const failure = this.#refusalIn(partitions);
      // The session has the old partitions: a new one replaces it.
      if (failure !== null && !this.#holds(session)) session.epoch = OPEN;
      return failure;
    } catch (cause) {
      return this.#lost(turn, cause);
    }
  }

  /** The latest time for an answer, in Unix milliseconds, so that the request can still be answered before the deadline. */
  get #giveUpAt(): number {
    return this.#options.deadline - GIVE_UP_MS;
  }

  async #open(broker: number): Promise<OpenSession> {
    const taking = sessionPoolOf(this.#cluster).take(broker);
    if (await expires(taking, this.#giveUpAt)) {
      taking.then(close, () => {}); // nobody waits for it any more, whatever its outcome
      throw new Error(`broker ${broker} could not be connected to in time`);
    }
    const connection = await taking;
    if (this.#isAbandoned) close(connection);
    requireShareGroups(connection);
    connection.mustHearBefore(this.#options.deadline);
    const [group, member, settled] = [this.#group, this.#member, new Set<string>()];
    const [until, settling, openedAt] = [Number.POSITIVE_INFINITY, Promise.resolve(), Date.now()];
    return { group, member, broker, connection, epoch: OPEN, until, left: 0, settled, settling, openedAt };
  }

  /** Drops a session and its records: what it held is free once its connection closes. */
  #lost(turn: Turn, cause: unknown): GatewayError {
    const { session } = turn;
    // A new session replaces it.
    const failure = isLostSession(cause) ? kafkaError(NOT_LEADER) : connectionError(cause);
    turn.session = null;
    turn.isDry = true;
    if (session !== null && isUsedUp(failure)) {
      if (!this.isUsedUp)
        log.error('queue_sessions_used_up', 'A broker has as many share sessions as it allows, and opens no more', { group: this.#group });
      this.isUsedUp = true;
      sessionPoolOf(this.#cluster).giveBack(turn.broker, session.connection);
    } else if (session !== null) {
      // It was closed here when nobody wants the records any more.
      if (session.connection.closed && !this.#options.gone?.aborted) this.#cluster.suspect(session.connection.address);
      session.connection.close(new Error('its session is in doubt'));
      for (let i = this.#runs.length - 1; i >= 0; i--) {
        if (this.#runs[i].session !== session) continue;
        const [{ records }] = this.#runs.splice(i, 1);
        this.count -= records.length;
        for (const record of records) this.#bytes -= contentSize(record);
      }
    }
    return failure;
  }

  async #take(session: OpenSession, fetched: AcquiredPartition, led: readonly { topic: string; id: string }[]): Promise<void> {
    const { topicId, partition } = fetched;
    const topic = led.find(({ id }) => id === topicId)?.topic ?? '';
    const maxBytes = Math.max(0, this.#options.maxBytes - this.#bytes);
    const taken = await takeAcquired(fetched, { maxBytes, largest: this.#options.largest, effort: this.#effort });
    if (taken.failure !== null) {
      this.#failure ??= taken.failure;
      const offsets = taken.unread.map(({ first, last }) => `${first}-${last}`);
      log.error('queue_records_unreadable', 'Records of a queue cannot be read', {
        group: this.#group,
        topic,
        partition,
        offsets,
        error: taken.failure,
      });
    }
    if (taken.empty.length > 0) await settleIn(session, 'accept', taken.empty);
    if (taken.unread.length > 0) {
      this.#isCut ||= taken.failure === null;
      await settleIn(session, 'release', taken.unread);
    }
    if (taken.records.length === 0) return;
    this.#runs.push({ topic, topicId, partition, session, records: taken.records });
    this.count += taken.records.length;
    for (const record of taken.records) this.#bytes += contentSize(record);
  }

  /** The error that keeps a partition from being read: a final one first, else one for the moment. */
  #refusalIn(partitions: readonly AcquiredPartition[]): GatewayError | null {
    let passing: GatewayError | null = null;
    for (const { error } of partitions) {
      if (error === NONE) continue;
      if (error === UNKNOWN_SERVER_ERROR) forgetReady(this.#cluster, this.#group);
      const isBehind = isOtherTopic(error) || error === UNKNOWN_TOPIC_OR_PARTITION || error === UNKNOWN_SERVER_ERROR;
      const failure = isBehind ? kafkaError(NOT_LEADER) : shareGroupError(error);
      if (isFinal(failure)) return failure;
      passing = failure;
    }
    return passing;
  }

  #holds(session: OpenSession): boolean {
    return this.#runs.some((run) => run.session === session);
  }

  /** Closes the sessions that hold nothing, and keeps the others. */
  async end(): Promise<Received> {
    const pool = sessionPoolOf(this.#cluster);
    const closing: Promise<void>[] = [];
    for (const { session } of this.#turns.values()) {
      if (session === null) continue;
      session.left = this.#runs.reduce((sum, run) => sum + (run.session === session ? run.records.length : 0), 0);
      if (session.left > 0) pool.keep(session);
      else closing.push(endSession(session).then(() => pool.giveBack(session.broker, session.connection)));
    }
    // A silent broker ends its session with the connection; the caller must not wait for it to get the records of others.
    await expires(Promise.all(closing), this.#giveUpAt);
    if (this.count === 0 && this.#failure !== null) throw this.#failure;
    return { runs: this.#runs, lockMs: this.#lockMs, isCut: this.#isCut };
  }

  /** Frees everything at once: a session ends with its connection. */
  abandon(): Received {
    this.#isAbandoned = true;
    for (const { session } of this.#turns.values()) if (session !== null) close(session.connection);
    return NOTHING;
  }
}

const close = (connection: BrokerConnection): void => connection.close(new Error('its receive has failed'));

const byTopic = (led: readonly { id: string; partition: number }[]) =>
  [...Map.groupBy(led, ({ id }) => id)].map(([topicId, ones]) => {
    // A small receive fills up from the first partitions that have records.
    const turn = Math.floor(Math.random() * ones.length);
    return { topicId, partitions: [...ones.slice(turn), ...ones.slice(0, turn)].map(({ partition }) => partition) };
  });
