import { count } from '../../admission/admit.ts';
import { forbidden, mayOn } from '../../admission/grants.ts';
import type { Subject } from '../../admission/subject.ts';
import { systemClock } from '../../clock.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { runningVersion } from '../../config/running.ts';
import { msUntil } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { doAll, type EndTask } from '../../http/end-tasks.ts';
import { asGatewayError } from '../../http/error-response.ts';
import { logError } from '../../http/request-log.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { ReadPosition } from '../../kafka/fetch/reading.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { credentialsExpired } from '../../messages/callers.ts';
import { tooManyPartitions } from '../../messages/read.ts';
import { countRecords } from '../../metrics/work.ts';
import { json, protobuf } from '../../pubsub/form.ts';
import type { Push, Reply } from '../../pubsub/messages.ts';
import { MAX_CURSOR_LENGTH, readCursor, writeCursor } from '../../records/responses/cursor.ts';
import { type RecordFilter, readFilters } from '../../records/responses/record-filter.ts';
import type { Credit } from '../../sockets/credit.ts';
import { PageInPushes, roomForRecords } from '../../sockets/pushes.ts';
import type { SocketSubscription } from '../../sockets/socket-subscription.ts';
import { catchUp, type ReadFurther } from '../../streams/catch-up.ts';
import { cursorBehind } from '../../streams/follow.ts';
import { type TailOptions, tail } from '../../streams/tail.ts';
import { log } from '../../telemetry/log.ts';
import { visibleTo } from '../read/visible-records.ts';
import { OwnTrace } from '../traced/own-trace.ts';
import { errorReply } from './error.ts';
import { tracedPush } from './traced-push.ts';

/** What a subscription needs to send its records. */
export interface SocketPushTools {
  readonly cluster: Cluster;
  readonly credit: Credit;
  /** Sends a message to the client. False when the connection is gone. Resolves once the message is on its way; never rejects. */
  readonly send: (text: string) => Promise<boolean>;
  /** Called after each push, and when a page had nothing to push. */
  readonly moved: (cursor: string) => void;
  /** Aborted when nobody wants records any more. */
  readonly stop: AbortSignal;
}

/** Why sending has ended. After a failure, the client got the error. */
export type PushEnd = 'stopped' | 'gone' | 'failed';

/** The most bytes of keys and values that a subscription holds at a time. */
const MAX_HELD_BYTES = 256 * 1024;
const KAFKA_MS = 29_000;
/** The pause after a temporary failure. */
const PAUSE_MS = 1000;
/** If filters skip all records for this long, the client gets the new cursor anyway: the records at its old one may expire. */
const CURSOR_MS = 60_000;

/** Sends the records of a subscription from a cursor on, as long as there is credit. It never rejects. */
export async function pushRecords(subscription: SocketSubscription, cursor: string, tools: SocketPushTools): Promise<PushEnd> {
  const { requestId, subscriber } = subscription;
  const startedAt = performance.now();
  const pushing = new Pushing(subscription, cursor, tools);
  const end = await pushing.run();
  const spansDropped = await pushing.trace?.end();
  const ms = Math.round(performance.now() - startedAt);
  const { principal } = subscriber.caller;
  log.info('subscription', 'subscription', {
    requestId,
    ended: end,
    error: pushing.failure?.name,
    records: pushing.records,
    ms,
    principal,
    spansDropped,
  });
  return end;
}

class Pushing {
  /** How many records were sent. */
  records = 0;
  /** The failure that has ended the subscription; null if none has. */
  failure: GatewayError | null = null;
  /** Null without spans. */
  readonly trace = OwnTrace.begin('push');

  readonly #subscription: SocketSubscription;
  readonly #tools: SocketPushTools;
  readonly #form;
  readonly #keep: RecordFilter | null;
  readonly #over = new AbortController();
  #cursor: string;
  #saidAt = Date.now();
  #isGone = false;

  constructor(subscription: SocketSubscription, cursor: string, tools: SocketPushTools) {
    const { form, filters } = subscription;
    this.#subscription = subscription;
    this.#tools = tools;
    this.#form = form === 'json' ? json : protobuf;
    this.#keep = filters.length === 0 ? null : readFilters(filters, (value) => value);
    this.#cursor = cursor;
  }

  async run(): Promise<PushEnd> {
    const { stop } = this.#tools;
    const end = () => this.#over.abort();
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    const expiry = this.#untilExpired();
    const ends: EndTask[] = [];
    const renewals: NodeJS.Timeout[] = [];
    try {
      await this.#counted(ends, renewals);
      while (!this.#over.signal.aborted) await this.#push();
      if (this.#isExpired) throw credentialsExpired();
      return this.#isGone ? 'gone' : 'stopped';
    } catch (thrown) {
      return await this.#fail(thrown);
    } finally {
      clearTimeout(expiry);
      for (const renewal of renewals) clearInterval(renewal);
      stop.removeEventListener('abort', end);
      await doAll(ends, this.#subscription.requestId);
    }
  }

  /**
   * Counts the subscription against limits as one long request. Tries twice, because another one of the same caller may be about to end.
   */
  async #counted(ends: EndTask[], renewals: NodeJS.Timeout[]): Promise<void> {
    const { topics } = this.#subscription;
    const subject = (): Subject => ({
      ...this.#subject,
      onEnd: (task) => void ends.push(task),
      whileServed: (everyMs, task) => void renewals.push(setInterval(() => void doAll([task], this.#subscription.requestId), everyMs)),
    });
    try {
      await count(subject(), { operation: 'read', topics });
    } catch (error) {
      if (!(error instanceof GatewayError) || !error.retriable) throw error;
      await this.#pause();
      await count(subject(), { operation: 'read', topics });
    }
  }

  /** Sends pages until something ends it. Waits after temporary failures. */
  async #push(): Promise<void> {
    const { credit } = this.#tools;
    try {
      await credit.wait(this.#over.signal);
      if (this.#over.signal.aborted) return;
      await this.#check();
      const version = runningVersion();
      for await (const page of await this.#pages()) {
        await this.#send(page, version);
        // Row filters may have changed: read the following records by the new ones.
        if (this.#over.signal.aborted || runningVersion() !== version) return;
      }
    } catch (error) {
      if (!(error instanceof GatewayError) || !error.retriable) throw error;
      const { requestId } = this.#subscription;
      log.warn('subscription_waits', 'Records cannot be read for a subscription of a WebSocket at the moment', { requestId, error });
      await this.#pause();
    }
  }

  async #pages(): Promise<AsyncGenerator<ReadFurther, void>> {
    const { topics, isolation } = this.#subscription;
    const { cluster } = this.#tools;
    const deadline = Date.now() + KAFKA_MS;
    const places = { to: null, mayMiss: false, isolation } as const;
    const start = await startPositions(cluster, topics, { ...places, given: readCursor(this.#cursor), from: 'earliest', deadline });
    const options: TailOptions = {
      ...{ isolation, maxBytes: MAX_HELD_BYTES, largest: this.#form.bytesIn(roomForRecords(this.#form)) },
      ...{ maxRecords: Number.MAX_SAFE_INTEGER, keep: this.#keep, visible: visibleTo(this.#subscription.subscriber.caller), to: null },
      ...{ topics: async () => topics, mayMiss: false, until: Number.POSITIVE_INFINITY, stops: [this.#over.signal] },
    };
    const alone = (from: readonly ReadPosition[]) => tail(cluster, from, options);
    if (this.#keep !== null || topics.some((topic) => options.visible(topic) !== null)) return alone(start);
    const kind = JSON.stringify(['socket', topics, isolation, options.largest]);
    const source = {
      begin: () => startPositions(cluster, topics, { ...places, given: [], from: 'latest', deadline }),
      open: (from: readonly ReadPosition[], stop: AbortSignal) => tail(cluster, from, { ...options, stops: [stop] }),
    };
    return catchUp(start, { cluster, kind, source }, alone, options.stops);
  }

  /**
   * Sends a page, as long as grants and row filters are as they were when it was read.
   *
   * @param version of the configuration at that time
   * @throws {GatewayError} BadRequest when topics have gained so many partitions that no client could begin with the cursor
   */
  async #send(page: ReadFurther, version: number): Promise<void> {
    const { credit, moved } = this.#tools;
    const cursor = writeCursor(page.next);
    if (cursor.length > MAX_CURSOR_LENGTH) throw tooManyPartitions(page.next.length);
    const pushes = new PageInPushes(page, this.#form, this.#subscription);
    await this.#check();
    while (!pushes.isOver) {
      if (pushes.needsCredit && credit.left === 0) {
        await credit.wait(this.#over.signal);
        if (this.#over.signal.aborted) return;
        // The wait may have taken hours.
        await this.#check();
      }
      if (this.#over.signal.aborted || runningVersion() !== version) return;
      const push = pushes.next(credit.left);
      credit.take(push.records.length);
      const tell = () => this.#tell({ kind: 'push', ...push, credit: credit.left });
      if (!(await tracedPush(this.trace, push.records, tell))) return;
      this.#cursor = push.cursor;
      this.#count(push);
      moved(push.cursor);
    }
    if (cursor === this.#cursor || runningVersion() !== version) return;
    this.#cursor = cursor;
    moved(cursor);
    if (Date.now() - this.#saidAt < CURSOR_MS) return;
    await this.#tell({ kind: 'push', records: [], gaps: [], cursor, credit: credit.left });
  }

  #count({ records }: Pick<Push, 'records'>): void {
    this.records += records.length;
    for (const { topic } of records) countRecords('out', topic, 1);
  }

  async #tell(reply: Reply): Promise<boolean> {
    const { body } = this.#form.write([{ sequence: BigInt(this.#subscription.sequence), reply }], false);
    this.#saidAt = Date.now();
    const isThere = await this.#tools.send(body);
    if (isThere) return true;
    this.#isGone = true;
    this.#over.abort();
    return false;
  }

  /** The caller's grants may have been revoked since the command. */
  async #check(): Promise<void> {
    await freshConfiguration();
    if (this.#isExpired) throw credentialsExpired();
    const may = mayOn(this.#subject, 'topics');
    const refused = this.#subscription.topics.find((topic) => !may('read', topic));
    if (refused !== undefined) throw forbidden('read', refused);
  }

  async #fail(thrown: unknown): Promise<PushEnd> {
    const { requestId, subscriber } = this.#subscription;
    const error = asGatewayError(thrown, requestId);
    this.failure = error;
    logError(error, { requestId, principal: subscriber.caller.principal });
    const cursor = cursorBehind(error, readCursor(this.#cursor));
    await this.#tell({ kind: 'error', ...errorReply(error, { kind: 'subscribe', ...nothing }, { cursor }) });
    return this.#isGone ? 'gone' : 'failed';
  }

  #pause(): Promise<void> {
    return systemClock.wait(PAUSE_MS, this.#over.signal);
  }

  get #isExpired(): boolean {
    const { expiresAt } = this.#subscription.subscriber.caller;
    return expiresAt !== null && expiresAt <= Date.now();
  }

  /** Ends the subscription when the caller's credentials expire. */
  #untilExpired(): NodeJS.Timeout | undefined {
    const { expiresAt } = this.#subscription.subscriber.caller;
    if (expiresAt === null) return undefined;
    return setTimeout(() => this.#over.abort(), msUntil(expiresAt));
  }

  get #subject(): Subject {
    const { subscriber, requestId } = this.#subscription;
    const { caller, sourceAddress, passing } = subscriber;
    return {
      ...{ caller, principal: caller.principal, mode: caller.mode, sourceAddress, passing, requestId },
      ...{ isLasting: true, headers: {}, responseHeaders: {}, deadline: Date.now() + KAFKA_MS, onEnd: () => undefined },
    };
  }
}

/** The error reply uses only the kind of the command. */
const nothing = { topics: [], cursor: '', from: '', filters: [], isolation: 0, credit: 0, keyFormat: 0, valueFormat: 0 };
