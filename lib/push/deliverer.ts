import { log } from '../telemetry/log.ts';
import { type AttemptTools, attempt, type Outcome } from './attempt.ts';
import { Breaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import { deadLetterRecord } from './dead-letter.ts';
import type { PlacedRecord } from './delivery-body.ts';
import { Lanes } from './lanes.ts';
import { type Attempt, MOST_ATTEMPTS, type Notes } from './notes.ts';
import { Parked } from './parked.ts';
import type { ParkedEntry } from './parked-entry.ts';
import { Progress } from './progress.ts';
import type { RecordLog, SourceName } from './record-log.ts';
import type { Subscription } from './subscription.ts';
import { nextAttempt, STANDARD_SCHEDULE } from './verdict.ts';

/** A record on its way, and what is to be called when the position of its topic may pass it. */
interface Task {
  readonly placed: PlacedRecord;
  readonly source: SourceName;
  readonly lane: string | null;
  readonly release: () => void;
}

/** Why a run has ended. */
export type RunEnd = 'time' | 'idle' | 'lease' | 'disabled' | 'replayed';

/** What a run needs besides Kafka. */
export interface DelivererTools extends AttemptTools {
  readonly clock: Clock;
  /** Whether this process may go on: asked before each step that others see. It says so from memory. */
  readonly isHeld: () => boolean;
  readonly note: (notes: Notes) => Promise<void>;
  /** It never rejects: what failed is tried again with the next failure. */
  readonly disable: (reason: string) => Promise<void>;
  readonly endReplay: () => Promise<void>;
}

/** Records read and not done with. */
const WINDOW = 500;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** Between looks at topics in which nothing is new. */
const IDLE_MS = 250;
const LONGEST_IDLE_MS = 1000;
const COMMIT_EVERY_MS = 500;
const NOTE_EVERY_MS = 5000;
const POSITIONS_EVERY_MS = 30_000;
const AFTER_FAILURE_MS = 1000;
/** In a row, before deliveries pause; more than are under way at the same time. */
const LEAST_FAILURES = 5;
/** An endpoint that has only failed for so long is left alone. */
const DISABLED_AFTER_MS = 5 * 24 * 3600_000;
/** Where nothing else can be done with a record, it is tried each so often, for good. */
const FOR_GOOD_MS = 1000 * (STANDARD_SCHEDULE.at(-1) ?? 0);

/**
 * Delivers the records of a subscription, while it holds the lease. Positions are committed behind records that were delivered, or are in
 * the retry topic or the dead letter topic: what happens to this process, none is lost.
 */
export class Deliverer {
  readonly #subscription: Subscription;
  readonly #log: RecordLog;
  readonly #tools: DelivererTools;
  readonly #notes: Notes;
  readonly #parked: Parked;
  readonly #breaker: Breaker;
  readonly #lanes = new Lanes<Task>();
  readonly #sources: Progress[];
  #pending = 0;
  #pendingBytes = 0;
  #underWay = 0;
  #retrying = 0;
  #lanesMade = 0;
  #ending: RunEnd | null = null;
  #wake = new AbortController();
  readonly #over = new AbortController();
  #saving: Promise<boolean> = Promise.resolve(true);
  #notedAt = 0;
  #isNoted = true;
  #retryCommitted = -1;
  #batches = 0;

  constructor(subscription: Subscription, log: RecordLog, notes: Notes, tools: DelivererTools) {
    this.#subscription = subscription;
    this.#log = log;
    this.#notes = notes;
    this.#tools = tools;
    this.#parked = new Parked(log);
    // Whoever has changed it since, or has made it active again, wants it tried.
    if (notes.failingSince !== null && notes.failingSince < subscription.updatedAt) {
      Object.assign(notes, { failingSince: null, failures: 0, heldUntil: 0, problem: null });
    }
    this.#breaker = new Breaker(Math.max(LEAST_FAILURES, subscription.definition.concurrency + 1), notes);
    const sources: SourceName[] = subscription.replay === null ? ['main'] : ['main', 'replay'];
    this.#sources = sources.map((source) => new Progress(source));
  }

  /**
   * Delivers until a time (Unix milliseconds), after which it waits for what is under way.
   *
   * @param whileIdle false: it ends when nothing is left to do before then
   * @throws {GatewayError} when Kafka cannot be asked where to begin
   */
  async run(until: number, whileIdle: boolean): Promise<RunEnd> {
    const { clock } = this.#tools;
    // First the positions: what was parked before one was committed is seen after it.
    for (const source of this.#sources) source.update(await this.#log.positions(source.source));
    await this.#parked.load();
    const reading = this.#readAll(until, whileIdle);
    const saving = this.#saveAll();
    while (this.#ending === null) {
      if (clock.now() >= until) this.#end('time');
      else if (!this.#tools.isHeld()) this.#end('lease');
      else {
        this.#start();
        await this.#wait(this.#pause(until));
      }
    }
    await reading;
    while (this.#underWay > 0) await this.#wait(LONGEST_IDLE_MS);
    await saving;
    await this.#save(true);
    return this.#ending;
  }

  /** Ends the run as its time would. */
  stop(): void {
    this.#end('time');
  }

  #end(why: RunEnd): void {
    this.#ending ??= why;
    this.#over.abort();
    this.#signal();
  }

  #signal(): void {
    this.#wake.abort();
  }

  async #wait(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
    await this.#tools.clock.wait(Math.max(1, ms), this.#wake.signal);
  }

  /** How long there is nothing to start unless something happens. */
  #pause(until: number): number {
    const now = this.#tools.clock.now();
    const wanted = Math.min(this.#parked.nextDue, this.#lanes.hasFree ? now : Number.POSITIVE_INFINITY);
    const next = Math.max(wanted, this.#breaker.nextAt);
    return Math.min(until - now, LONGEST_IDLE_MS, Math.max(next - now, this.#underWay > 0 ? IDLE_MS : 1));
  }

  /** Begins what may be begun: what is due again, then what is new. */
  #start(): void {
    const { concurrency } = this.#subscription.definition;
    const now = this.#tools.clock.now();
    // What fails does not take all of the room from what does not.
    while (this.#retrying < Math.max(1, concurrency >> 1) && this.#parked.nextDue <= now) {
      if (!this.#breaker.admits(now)) break;
      const entry = this.#parked.take(now);
      if (entry === null) {
        this.#breaker.undecided();
        break;
      }
      this.#retrying++;
      this.#underWay++;
      void this.#retry(entry).finally(() => {
        this.#retrying--;
        this.#underWay--;
        this.#signal();
      });
    }
    while (this.#underWay - this.#retrying < concurrency && this.#lanes.hasFree && this.#breaker.admits(now)) {
      const taken = this.#lanes.take(this.#subscription.definition.batch.max);
      if (taken === null) break;
      this.#underWay++;
      void this.#deliver(taken.tasks).finally(() => {
        this.#lanes.leave(taken.lane);
        this.#underWay--;
        this.#signal();
      });
    }
  }

  /** Reads until the run ends, as far as there is room. */
  async #readAll(until: number, whileIdle: boolean): Promise<void> {
    const { clock } = this.#tools;
    let idle = IDLE_MS;
    let positionsAt = clock.now();
    while (this.#ending === null) {
      const hasRoom = this.#pending < WINDOW && this.#pendingBytes < WINDOW_BYTES && !this.#parked.isFull;
      if (!hasRoom) {
        await clock.wait(IDLE_MS, this.#over.signal);
        continue;
      }
      try {
        if (clock.now() - positionsAt >= POSITIONS_EVERY_MS) {
          positionsAt = clock.now();
          for (const source of this.#sources) source.update(await this.#log.positions(source.source));
        }
        let count = 0;
        for (const source of this.#sources) count += await this.#readPage(source);
        if (await this.#hasReplayed()) continue;
        if (count > 0) {
          idle = IDLE_MS;
          this.#signal();
          continue;
        }
        const isIdle = this.#pending === 0 && this.#underWay === 0 && this.#parked.nextDue > until;
        if (isIdle && !whileIdle) this.#end('idle');
        await clock.wait(Math.max(idle, this.#subscription.definition.batch.wait), this.#over.signal);
        idle = Math.min(LONGEST_IDLE_MS, idle * 2);
      } catch (error) {
        // A topic may have been made anew, with less in it.
        positionsAt = 0;
        this.#failed(null, `Kafka: ${error instanceof Error ? error.message : error}`);
        await clock.wait(AFTER_FAILURE_MS, this.#over.signal);
      }
    }
  }

  async #readPage(source: Progress): Promise<number> {
    const { open } = source;
    if (open.length === 0) return 0;
    const { readings, gaps, unreadable } = await this.#log.read(open, {
      records: WINDOW - this.#pending,
      bytes: WINDOW_BYTES - this.#pendingBytes,
    });
    if (this.#ending !== null) return 0;
    if (unreadable !== null) {
      source.stall(unreadable);
      this.#problem(`partition ${unreadable.partition} of ${unreadable.topic} cannot be read on: ${unreadable.why}`);
    }
    if (gaps.length > 0) this.#problem(`records had expired before they were read: ${JSON.stringify(gaps)}`);
    let count = 0;
    const tasks: Task[] = [];
    for (const { topic, partition, offset, records } of readings) {
      source.passed({ topic, partition, offset });
      for (const record of records) tasks.push(this.#task(source, { topic, partition, offset: record.offset, record }));
      count += records.length;
    }
    // At most once: nothing that was begun is begun again.
    if (this.#subscription.definition.delivery === 'at-most-once' && count > 0) {
      for (const task of tasks) task.release();
      if (!(await this.#save(false))) {
        this.#end('time');
        return 0;
      }
    }
    for (const task of tasks) this.#queue(task);
    return count;
  }

  #task(source: Progress, placed: PlacedRecord): Task {
    const passed = source.begin(placed);
    const bytes = bytesOf(placed);
    this.#pending++;
    this.#pendingBytes += bytes;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      passed();
      this.#pending--;
      this.#pendingBytes -= bytes;
    };
    return { placed, source: source.source, lane: this.#laneOf(placed), release };
  }

  /** What must be delivered one after the other; null where the order does not matter. */
  #laneOf({ topic, partition, record: { key } }: PlacedRecord): string | null {
    if (this.#subscription.definition.order === 'none' || key === null) return null;
    return `${partition} ${topic} ${key.bytes.toString('base64', key.start, key.end)}`;
  }

  #queue(task: Task): void {
    const { topic, partition } = task.placed;
    const { batch, order } = this.#subscription.definition;
    if (batch.max === 1) this.#lanes.add(task.lane ?? `record ${this.#lanesMade++}`, task);
    // A batch is of one partition; with the order of keys, one batch of a partition at a time.
    else if (order === 'key') this.#lanes.add(`${partition} ${topic}`, task);
    else this.#lanes.add(`${partition} ${topic} ${Math.floor(this.#batches++ / batch.max)}`, task);
  }

  async #deliver(taken: readonly Task[]): Promise<void> {
    const tasks = taken.filter((task) => !this.#isParked(task));
    if (tasks.length === 0) return this.#breaker.undecided();
    const replay: Record<string, string> = tasks.some(({ source }) => source === 'replay') ? { 'kafka-replay': 'true' } : {};
    const records = tasks.map(({ placed }) => placed);
    const outcome = await attempt(this.#subscription, records, replay, this.#tools);
    await this.#settle(tasks, outcome);
  }

  /** Has a record wait that waits already, or may not pass others that do. */
  #isParked({ placed, lane, release }: Task): boolean {
    if (this.#parked.has(placed)) {
      release();
      return true;
    }
    if (!this.#parked.isLaneHeld(lane)) return false;
    this.#parked.add({ placed, lane, attempts: 0, due: this.#tools.clock.now(), status: null, dead: null }, release);
    this.#isNoted = false;
    return true;
  }

  async #settle(tasks: readonly Task[], outcome: Outcome): Promise<void> {
    const { verdict, status, error } = outcome;
    const { definition } = this.#subscription;
    const now = this.#tools.clock.now();
    const report = (result: Attempt['outcome']) => this.#report(tasks[0].placed, tasks.length, 1, outcome, result);
    if (verdict.kind === 'delivered') {
      for (const { release } of tasks) release();
      return report('delivered');
    }
    const keeps = definition.delivery === 'at-least-once';
    const hasTopic = definition.dead_letter_topic !== null;
    if (verdict.kind === 'abandoned' && !hasTopic) {
      for (const task of tasks) this.#drop(task.placed, error);
      for (const { release } of tasks) release();
      return report('dropped');
    }
    if (verdict.kind === 'refused' || verdict.kind === 'abandoned' || (!keeps && verdict.kind === 'again')) {
      if (hasTopic) {
        report('dead_lettered');
        for (const task of tasks) await this.#bury(entryOf(task, now), error ?? '', status, task.release);
        return;
      }
      if (!keeps) {
        for (const task of tasks) this.#drop(task.placed, error);
        return report('dropped');
      }
    }
    const after = verdict.kind === 'again' ? verdict.after : 0;
    for (const task of tasks) {
      const due = nextAttempt(definition.retry.schedule, 1, after, now, this.#tools.clock.random()) ?? now + FOR_GOOD_MS;
      this.#parked.add({ ...entryOf(task, due), attempts: 1, status }, task.release);
    }
    report(verdict.kind === 'gone' ? 'disabled' : 'retried');
    if (verdict.kind === 'gone') await this.#disable('its endpoint has answered 410 Gone');
  }

  async #retry(entry: ParkedEntry): Promise<void> {
    const { definition } = this.#subscription;
    if (entry.dead !== null) {
      this.#breaker.undecided();
      return this.#bury(entry, entry.dead, entry.status, () => undefined);
    }
    const outcome = await attempt(this.#subscription, [entry.placed], {}, this.#tools);
    const { verdict, status, error } = outcome;
    const now = this.#tools.clock.now();
    entry.attempts++;
    entry.status = status;
    const report = (result: Attempt['outcome']) => this.#report(entry.placed, 1, entry.attempts, outcome, result);
    const after = verdict.kind === 'again' ? verdict.after : 0;
    const next = nextAttempt(definition.retry.schedule, entry.attempts, after, now, this.#tools.clock.random());
    const isOver = verdict.kind === 'refused' || verdict.kind === 'abandoned' || next === null;
    if (verdict.kind === 'delivered') {
      this.#parked.finish(entry);
      return report('delivered');
    }
    if (verdict.kind === 'abandoned' && definition.dead_letter_topic === null) {
      this.#drop(entry.placed, error);
      this.#parked.finish(entry);
      return report('dropped');
    }
    if (isOver && verdict.kind !== 'gone' && definition.dead_letter_topic !== null) {
      report('dead_lettered');
      return this.#bury(entry, error ?? '', status, () => undefined);
    }
    entry.due = next ?? now + Math.max(FOR_GOOD_MS, after);
    this.#parked.again(entry);
    report(verdict.kind === 'gone' ? 'disabled' : 'retried');
    if (verdict.kind === 'gone') await this.#disable('its endpoint has answered 410 Gone');
  }

  /** Writes a record to the dead letter topic; where that fails, it waits for another try at that. */
  async #bury(entry: ParkedEntry, reason: string, status: number | null, release: () => void): Promise<void> {
    const { name, definition } = this.#subscription;
    const now = this.#tools.clock.now();
    const why = { subscription: name, reason, status, attempts: entry.attempts };
    try {
      await this.#log.deadLetter(definition.dead_letter_topic ?? '', deadLetterRecord(entry.placed, why, now));
      this.#notes.deadLettered++;
      this.#parked.finish(entry);
      release();
    } catch (error) {
      log.error('delivery_not_buried', 'A record cannot be written to the dead letter topic of its subscription', {
        ...{ subscription: name, topic: definition.dead_letter_topic, error },
      });
      this.#problem(`the dead letter topic cannot be written to: ${error instanceof Error ? error.message : error}`);
      entry.dead = reason;
      entry.due = now + 60_000;
      if (this.#parked.has(entry.placed)) this.#parked.again(entry);
      else this.#parked.add({ ...entry, status }, release);
    }
  }

  #drop(placed: PlacedRecord, error: string | null): void {
    const { topic, partition, offset } = placed;
    this.#notes.dropped++;
    log.warn('delivery_dropped', 'A record was not delivered, and is not kept, as its subscription or endpoint wants it', {
      ...{ subscription: this.#subscription.name, topic, partition, offset, reason: error },
    });
  }

  #report({ topic, partition, offset }: PlacedRecord, count: number, number: number, outcome: Outcome, result: Attempt['outcome']): void {
    const { id, verdict, status, error, ms } = outcome;
    const now = this.#tools.clock.now();
    const notes = this.#notes;
    const one: Attempt = {
      ...{ webhook_id: id, topic, partition, offset, count, attempt: number, at: now - ms, ms, status, error, outcome: result },
    };
    notes.attempts = [one, ...notes.attempts].slice(0, MOST_ATTEMPTS);
    this.#isNoted = false;
    if (verdict.kind === 'delivered') {
      notes.delivered += count;
      notes.lastSuccess = now;
      notes.failingSince = null;
      this.#breaker.succeeded();
      return;
    }
    this.#failed(status, error ?? '');
    // An endpoint that refuses a record is there, and well.
    if (verdict.kind === 'refused' || verdict.kind === 'abandoned') {
      notes.failingSince = null;
      this.#breaker.succeeded();
      return;
    }
    if (verdict.kind === 'again' && verdict.all) this.#breaker.holdUntil(now + verdict.after);
    this.#breaker.failed(now);
    notes.failingSince ??= now;
    if (now - notes.failingSince >= DISABLED_AFTER_MS) void this.#disable('its endpoint has failed for five days');
  }

  #failed(status: number | null, message: string): void {
    this.#notes.lastError = { at: this.#tools.clock.now(), status, message };
    this.#isNoted = false;
  }

  #problem(problem: string): void {
    if (this.#notes.problem !== problem) {
      log.error('subscription_stalled', 'Records of a subscription cannot be delivered', {
        subscription: this.#subscription.name,
        problem,
      });
    }
    this.#notes.problem = problem;
    this.#isNoted = false;
  }

  async #disable(reason: string): Promise<void> {
    if (this.#ending === 'disabled') return;
    this.#end('disabled');
    log.error('subscription_disabled', 'A subscription is delivered no longer', { subscription: this.#subscription.name, reason });
    await this.#tools.disable(reason);
  }

  /** True when the run ends because all of a replay was delivered. */
  async #hasReplayed(): Promise<boolean> {
    const replay = this.#sources.find(({ source }) => source === 'replay');
    if (replay === undefined || !replay.isOver) return false;
    await this.#tools.endReplay();
    this.#end('replayed');
    return true;
  }

  async #saveAll(): Promise<void> {
    while (this.#ending === null) {
      await this.#tools.clock.wait(COMMIT_EVERY_MS, this.#over.signal);
      await this.#save(false);
    }
  }

  /**
   * Writes down how far it has come: first what waits for another attempt, then the positions that may pass it.
   * @returns false when that failed
   */
  #save(isLast: boolean): Promise<boolean> {
    this.#saving = this.#saving.then(() => this.#saveNow(isLast));
    return this.#saving;
  }

  async #saveNow(isLast: boolean): Promise<boolean> {
    if (!this.#tools.isHeld()) return false;
    const { clock } = this.#tools;
    try {
      await this.#parked.save(clock.now());
      for (const source of this.#sources) await this.#commit(source);
      if (!this.#isNoted && (isLast || clock.now() - this.#notedAt >= NOTE_EVERY_MS)) {
        this.#notedAt = clock.now();
        this.#isNoted = true;
        const { failures, heldUntil } = this.#breaker;
        Object.assign(this.#notes, { parked: this.#parked.size, oldestParked: this.#parked.oldest, failures, heldUntil });
        await this.#tools.note(this.#notes);
      }
      return true;
    } catch (error) {
      log.warn('delivery_unsaved', 'How far a subscription has come cannot be written down for the moment', {
        ...{ subscription: this.#subscription.name, error },
      });
      return false;
    }
  }

  async #commit(source: Progress): Promise<void> {
    const { positions } = source;
    const retry = source.source === 'main' ? this.#parked.position : null;
    const text = JSON.stringify(positions);
    if (positions.length === 0 || (!source.isNews(text) && (retry === null || retry === this.#retryCommitted))) return;
    await this.#log.commit(source.source, positions, retry);
    source.committed(text);
    if (retry === null) return;
    this.#retryCommitted = retry;
    this.#notes.committedAt = this.#tools.clock.now();
  }
}

const entryOf = ({ placed, lane }: Task, due: number): ParkedEntry => ({ placed, lane, attempts: 1, due, status: null, dead: null });

const bytesOf = ({ record: { key, value } }: PlacedRecord): number =>
  (key === null ? 0 : key.end - key.start) + (value === null ? 0 : value.end - value.start);
