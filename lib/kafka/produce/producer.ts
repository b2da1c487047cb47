import { expires, pauseBefore, sleep } from '../../deadline.ts';
import type { GatewayError } from '../../errors.ts';
import { partitionNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { logRetry } from '../cluster/retry.ts';
import { type Attempt, successorOf } from '../cluster/successor.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { connectionError, isFinal } from '../failures.ts';
import { type ProduceAnswer, produce } from '../protocol/produce.ts';
import { maxTimestampOf, stamp } from '../record-batch/write.ts';
import { type Delivery, type DeliveryOptions, refuse } from './delivery.ts';
import { anonymous, nextSequence, type ProducerId, ProducerIdentity } from './identity.ts';
import { Lanes } from './lanes.ts';
import { verdictOn } from './verdict.ts';

/** How long the leader waits for its followers. Then it answers, which proves that it is alive. */
const FOLLOWERS_MS = 1500;
/** A leader that is silent for this long is given up. */
const SILENCE_MS = 2500;
/** By how much a connection may notice a silence late. */
const LATE_MS = 200;
/** An attempt usually takes no longer. With less time left, only the first attempt begins. */
const ATTEMPT_MS = 100;
const MAX_RESTARTS = 3;

/** Stands in for an answer where none is requested: the operating system has taken the bytes. */
const taken: ProduceAnswer = { error: NONE, baseOffset: -1, appendTime: -1, refusedRecords: [] };

interface SendAttempt extends Attempt {
  connection: BrokerConnection | null;
}

/**
 * Writes batches exactly once within a request's deadline. A batch whose fate is unknown is resent byte for byte, over a new connection
 * or to the new leader, until a leader says where it is: Kafka drops the copy. When a batch is given up, the next epoch fences it, so
 * that a stray copy cannot surface behind later records.
 */
export class Producer {
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity;
  readonly #lanes = new Lanes();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#identity = new ProducerIdentity(cluster);
  }

  /**
   * Resolves when every batch is written, refused or given up; each delivery holds its outcome. `outcome` stays null for a batch that
   * was given up at the deadline. At most one delivery per partition.
   *
   * @throws {GatewayError} when nothing was sent, because Kafka cannot be reached or refuses the gateway
   */
  async deliver(deliveries: readonly Delivery[], options: DeliveryOptions): Promise<void> {
    if (options.acks === 0) {
      for (const { batch } of deliveries) stamp(batch, anonymous.id, anonymous.epoch, -1);
      return this.#deliverAll(deliveries, options);
    }
    let called = () => {};
    this.#lanes.enter(deliveries, () => called());
    try {
      if (deliveries.every((one) => this.#lanes.isTurnOf(one))) await this.#deliverStamped(deliveries, options);
      else await this.#deliverInTurn(deliveries, options, () => new Promise((resolve) => (called = resolve)));
    } finally {
      for (const { outcome, maybeWritten, identity } of deliveries) {
        if (outcome?.error !== NONE && maybeWritten && identity !== null) this.#identity.leave(identity);
      }
      for (const one of deliveries) this.#lanes.leave(one);
    }
  }

  /** Sends batches whose lanes are free at once and together, the others as their turns come. */
  async #deliverInTurn(deliveries: readonly Delivery[], options: DeliveryOptions, nextCall: () => Promise<void>): Promise<void> {
    const underWay: Promise<void>[] = [];
    const waiting = new Set(deliveries);
    for (;;) {
      const ready = [...waiting].filter((one) => this.#lanes.isTurnOf(one));
      for (const one of ready) waiting.delete(one);
      const call = waiting.size > 0 ? nextCall() : null;
      if (ready.length > 0) underWay.push(this.#deliverStamped(ready, options));
      if (call === null) return allEnded(underWay);
      underWay.at(-1)?.catch(() => {}); // thrown below
      if (await expires(call, options.deadline)) return allEnded(underWay);
    }
  }

  #deliverStamped(deliveries: readonly Delivery[], options: DeliveryOptions): Promise<void> {
    const stamping = this.#stampAll(deliveries, options.deadline);
    if (stamping === undefined) return this.#deliverAll(deliveries, options);
    return stamping.then(() => this.#deliverAll(deliveries, options));
  }

  #stampAll(deliveries: readonly Delivery[], deadline: number): Promise<void> | undefined {
    const identity = this.#identity.current(deadline);
    if (identity instanceof Promise) return identity.then((fetched) => stampWith(fetched, deliveries));
    stampWith(identity, deliveries);
    return undefined;
  }

  async #deliverAll(deliveries: readonly Delivery[], options: DeliveryOptions): Promise<void> {
    let left = deliveries;
    for (let tries = 0; left.length > 0 && Date.now() < options.deadline; tries++) {
      if (tries > 0) {
        // An attempt that the deadline cuts short would leave the fate of its records open.
        if (Date.now() + pauseBefore(tries) + ATTEMPT_MS > options.deadline) return;
        logRetry(tries, causeIn(left));
        await sleep(pauseBefore(tries));
        await expires(this.#refresh(left), options.deadline);
      }
      const groups = [...this.#byLeader(left)];
      if (groups.length === 1) await this.#attempt(...groups[0], options);
      else await allEnded(groups.map(([leader, group]) => this.#deliverAmong(leader, group, options)));
      left = left.filter(({ outcome }) => outcome === null);
    }
  }

  /** Batches that one leader leaves after an attempt go on by themselves, without waiting for other leaders. */
  async #deliverAmong(leader: number, group: readonly Delivery[], options: DeliveryOptions): Promise<void> {
    await this.#attempt(leader, group, options);
    const left = group.filter(({ outcome }) => outcome === null);
    if (left.length > 0) await this.#deliverAll(left, options);
  }

  /** Metadata may fail while brokers fail; the batches then go to the leaders known so far. */
  async #refresh(deliveries: readonly Delivery[]): Promise<void> {
    try {
      await this.#cluster.refresh([...new Set(deliveries.map(({ topic }) => topic))]);
    } catch (error) {
      noteFailure(deliveries, error);
    }
  }

  #byLeader(deliveries: readonly Delivery[]): Map<number, Delivery[]> {
    const groups = new Map<number, Delivery[]>();
    for (const one of deliveries) {
      const known = this.#cluster.known(one.topic);
      if (known === undefined) continue;
      const leader = known.leaders.get(one.partition) ?? -1;
      const group = groups.get(leader);
      if (leader >= 0 && group) group.push(one);
      else if (leader >= 0) groups.set(leader, [one]);
      else if (known.error !== NONE && known.error !== LEADER_NOT_AVAILABLE) refuse(one, known.error);
      else if (known.error === NONE && !known.leaders.has(one.partition)) {
        one.gone = partitionNotFound(one.topic, one.partition, known.leaders.size);
        refuse(one, UNKNOWN_TOPIC_OR_PARTITION);
      } else one.cause ??= kafkaError(LEADER_NOT_AVAILABLE);
    }
    return groups;
  }

  /**
   * One request to one leader. If the leader is a suspect, metadata is watched for its successor at the same time, until one of the two
   * ends: an unchanged resend is harmless, so this race is, too.
   */
  async #attempt(leader: number, group: readonly Delivery[], options: DeliveryOptions): Promise<void> {
    const attempt: SendAttempt = { over: false, connection: null };
    const sending = this.#send(leader, group, options, attempt);
    const successor = this.#cluster.isSuspect(leader) ? successorOf(this.#cluster, leader, group, attempt) : null;
    try {
      if (successor === null && endsByItself(attempt, options)) await sending;
      // The answer that is still due would otherwise time out and close the connection under the next request that shares it.
      else if (await expires(successor === null ? sending : Promise.race([sending, successor]), options.deadline))
        attempt.connection?.close();
    } finally {
      attempt.over = true;
    }
  }

  async #send(leader: number, group: readonly Delivery[], { acks, deadline }: DeliveryOptions, attempt: SendAttempt): Promise<void> {
    const before = group.map(({ maybeWritten }) => maybeWritten);
    try {
      const stale = group.filter((one) => one.stale);
      if (stale.length > 0) {
        for (const one of stale) one.batch = Buffer.from(one.batch); // the old bytes may still sit in a socket's queue
        await this.#stampAll(stale, deadline);
      }
      let connection: BrokerConnection;
      do {
        const warm = this.#cluster.connectionTo(leader, 'data');
        connection = warm instanceof Promise ? await warm : warm;
        const renewing = connection.renewSession();
        if (renewing) await renewing;
      } while (connection.waiting);
      if (attempt.over) return;
      connection.mustHearBefore(deadline);
      attempt.connection = connection;
      const request = produce(group, acks, FOLLOWERS_MS);
      for (const one of group) one.maybeWritten = true;
      const answers = acks === 0 ? await connection.post(request) : await connection.send(request, SILENCE_MS, deadline);
      if (attempt.over) return;
      if (acks !== 0) this.#cluster.trust(connection.address);
      group.forEach((one, i) => {
        this.#settle(one, before[i], answers === undefined ? taken : answers.get(one.lane));
        if (one.outcome !== null && !one.maybeWritten) this.#lanes.leave(one);
      });
    } catch (error) {
      if (attempt.connection?.closed) this.#cluster.suspect(attempt.connection.address);
      if (!attempt.over) noteFailure(group, error);
    }
  }

  #settle(one: Delivery, maybeWrittenBefore: boolean, answer: ProduceAnswer | undefined): void {
    if (answer === undefined) return;
    const verdict = verdictOn(answer.error);
    if (verdict !== 'written') one.cause = kafkaError(answer.error);
    if (verdict === 'written') {
      one.identity?.sequences.set(one.lane, nextSequence(one.sequence, one.count));
      one.maybeWritten = false;
      // A broker that drops a copy answers with the largest time in it, also where the records keep their own times.
      const isOwn = maybeWrittenBefore && answer.appendTime === maxTimestampOf(one.batch);
      one.outcome = { ...answer, error: NONE, appendTime: isOwn ? -1 : answer.appendTime };
      return;
    }
    if (verdict === 'unsure') return;
    // A refusal of this copy says nothing about earlier copies.
    one.maybeWritten = maybeWrittenBefore;
    if (verdict === 'final') refuse(one, answer.error, answer.refusedRecords);
    else if (verdict !== 'ask-again') this.#restart(one, answer.error, verdict);
  }

  /** The broker's state of this producer does not fit. It refused the batch, which starts afresh; a new epoch fences older copies. */
  #restart(one: Delivery, error: number, verdict: 'out-of-order' | 'unknown-producer'): void {
    one.restarts++;
    // The broker may have written the first copy and forgotten us since: only it could have told.
    const lostTrack = one.maybeWritten && verdict === 'unknown-producer';
    if (one.restarts > MAX_RESTARTS || lostTrack) {
      refuse(one, error);
      return;
    }
    if (one.identity !== null && verdict === 'out-of-order') this.#identity.leave(one.identity);
    else if (one.identity !== null) this.#identity.forget(one.identity);
    one.stale = true;
    one.maybeWritten = false;
  }
}

function stampWith(identity: ProducerId, deliveries: readonly Delivery[]): void {
  for (const one of deliveries) {
    one.identity = identity;
    one.sequence = identity.sequences.get(one.lane) ?? 0;
    one.stale = false;
    stamp(one.batch, identity.id, identity.epoch, one.sequence);
  }
}

/** Whether an attempt is under way that its connection ends, by the leader's silence or at the deadline: then nothing else has to. */
const endsByItself = ({ connection }: SendAttempt, { acks, deadline }: DeliveryOptions): boolean =>
  connection !== null && acks !== 0 && !connection.muted && Date.now() + connection.sendingMs + SILENCE_MS + LATE_MS < deadline;

const causeIn = (deliveries: readonly Delivery[]): unknown => deliveries.find(({ cause }) => cause !== undefined)?.cause;

/** Waits for all of them, then throws the error of one: no attempt may go on once its lanes are free. */
async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) if (result.status === 'rejected') throw result.reason;
}

/**
 * Notes a failure in the deliveries; ends the request if no retry will help.
 *
 * @throws {GatewayError}
 */
function noteFailure(deliveries: readonly Delivery[], error: unknown): void {
  const failure: GatewayError = connectionError(error);
  for (const one of deliveries) one.cause = failure;
  if (isFinal(failure)) throw failure;
}
