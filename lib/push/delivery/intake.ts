import type { Clock } from '../../clock.ts';
import { lengthOf } from '../../kafka/record.ts';
import type { PlacedRecord } from '../attempt/delivery-body.ts';
import type { Place } from '../attempt/webhook-id.ts';
import type { Definition } from '../subscription/subscription.ts';
import type { Account } from './account.ts';
import type { Parked } from './parked.ts';
import type { Progress } from './progress.ts';
import type { RecordLog } from './record-log.ts';
import type { Run } from './run.ts';
import { laneOf, type Task } from './task.ts';

/** Most records, and their bytes, that are read but not yet released. */
const WINDOW = 500;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** A full window is refilled when this part of it is left. */
const REFILLED_AT = 0.5;
/** Pauses between polls of topics without new records. */
const IDLE_MS = 250;
const LONGEST_IDLE_MS = 1000;
const POSITIONS_EVERY_MS = 30_000;
const AFTER_FAILURE_MS = 1000;

/** What the intake reads from, and whom it gives records to. */
export interface IntakeTools {
  readonly definition: Definition;
  readonly log: RecordLog;
  readonly parked: Parked;
  readonly account: Account;
  readonly sources: readonly Progress[];
  readonly clock: Clock;
  /** Queues a record for delivery. */
  readonly queue: (task: Task) => void;
  /** Whether deliveries are in flight. */
  readonly isBusy: () => boolean;
  /** Saves the progress. @returns false when that failed */
  readonly save: () => Promise<boolean>;
  readonly endReplay: () => Promise<void>;
}

/** Reads the records of a subscription, as long as the window has room. */
export class Intake {
  readonly #tools: IntakeTools;
  readonly #run: Run;
  #pending = 0;
  #bytes = 0;
  /** Aborts when a full window has room again; null while nobody waits for that. */
  #room: AbortController | null = null;

  constructor(tools: IntakeTools, run: Run) {
    this.#tools = tools;
    this.#run = run;
  }

  /** Asks Kafka where to continue. @throws {GatewayError} when Kafka cannot answer */
  async look(): Promise<void> {
    for (const source of this.#tools.sources) source.update(await this.#tools.log.positions(source.source));
  }

  /** Reads until the run ends. It ends the run itself when a replay is complete, or when nothing is left to do and `whileIdle` is false. */
  async readAll(until: number, whileIdle: boolean): Promise<void> {
    const { clock, parked, sources, account, definition, isBusy } = this.#tools;
    const run = this.#run;
    let idle = IDLE_MS;
    let lookedAt = clock.now();
    while (run.ending === null) {
      if (this.#isFull || parked.isFull || this.#mustPause) {
        await this.#roomOr(IDLE_MS);
        continue;
      }
      try {
        if (clock.now() - lookedAt >= POSITIONS_EVERY_MS) {
          await this.look();
          lookedAt = clock.now();
        }
        let count = 0;
        for (const source of sources) count += await this.#readPage(source);
        if (await this.#hasReplayed()) continue;
        if (count > 0) {
          idle = IDLE_MS;
          run.wake();
          continue;
        }
        const isIdle = this.#pending === 0 && !isBusy() && parked.nextDue > until;
        if (isIdle && !whileIdle) run.end('idle');
        await clock.wait(Math.max(idle, definition.batch.wait), run.over);
        idle = Math.min(LONGEST_IDLE_MS, idle * 2);
      } catch (error) {
        // The topic may have been deleted and recreated, and may be shorter now.
        lookedAt = 0;
        account.failed(null, `Kafka: ${error instanceof Error ? error.message : error}`);
        await clock.wait(AFTER_FAILURE_MS, run.over);
      }
    }
  }

  /** At most once, what is read is lost if it does not start: no more is read than may start at once. */
  get #window(): number {
    const { account, definition } = this.#tools;
    const { delivery, concurrency, batch } = definition;
    if (delivery === 'at-least-once') return WINDOW;
    return Math.min(WINDOW, account.breaker.isOpen ? batch.max : concurrency * batch.max);
  }

  /** Whether what is read now could not start. */
  get #mustPause(): boolean {
    const { account, definition, clock } = this.#tools;
    return definition.delivery === 'at-most-once' && clock.now() < account.breaker.nextAt;
  }

  get #isFull(): boolean {
    return this.#pending >= this.#window || this.#bytes >= WINDOW_BYTES;
  }

  async #roomOr(ms: number): Promise<void> {
    this.#room = new AbortController();
    await this.#tools.clock.wait(ms, AbortSignal.any([this.#room.signal, this.#run.over]));
    this.#room = null;
  }

  async #readPage(source: Progress): Promise<number> {
    const { account, definition, log, queue, save } = this.#tools;
    const { open } = source;
    if (open.length === 0) return 0;
    const { readings, gaps, unreadable } = await log.read(open, {
      records: this.#window - this.#pending,
      bytes: WINDOW_BYTES - this.#bytes,
    });
    if (this.#run.ending !== null) return 0;
    if (unreadable !== null) {
      source.stall(unreadable);
      account.problem(`${unreadAfter(unreadable)}: ${unreadable.why}`);
    }
    if (gaps.length > 0) account.problem(`records had expired before they were read: ${JSON.stringify(gaps)}`);
    let count = 0;
    const tasks: Task[] = [];
    for (const { topic, partition, offset, records } of readings) {
      if (account.notes.problem !== null && this.#isReadOn(open, { topic, partition, offset }))
        account.solved(unreadAfter({ topic, partition }));
      source.passed({ topic, partition, offset });
      for (const record of records) tasks.push(this.#task(source, { topic, partition, offset: record.offset, record }));
      count += records.length;
    }
    // At most once: commit before delivering, so that no record is ever delivered again.
    if (definition.delivery === 'at-most-once' && count > 0) {
      for (const task of tasks) task.pass();
      if (!(await save())) {
        // Nobody got them: the next run begins with them.
        for (const { placed } of tasks) source.begin(placed);
        this.#run.end('time');
        return 0;
      }
    }
    for (const task of tasks) queue(task);
    return count;
  }

  /** Whether a page goes on in a partition. One with records of others leaves out what cannot be read, and a replay may be before that. */
  #isReadOn(begin: readonly Place[], { topic, partition, offset }: Place): boolean {
    const before = begin.find((one) => one.topic === topic && one.partition === partition);
    return before !== undefined && offset > before.offset && !this.#tools.sources.some((one) => one.hasStalled({ topic, partition }));
  }

  #task(source: Progress, placed: PlacedRecord): Task {
    const passed = source.begin(placed);
    const bytes = bytesOf(placed);
    this.#pending++;
    this.#bytes += bytes;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      passed();
      this.#pending--;
      this.#bytes -= bytes;
      if (this.#pending <= this.#window * REFILLED_AT && this.#bytes <= WINDOW_BYTES * REFILLED_AT) this.#room?.abort('room');
    };
    const lane = this.#tools.definition.order === 'none' ? null : laneOf(placed);
    return { placed, source: source.source, lane, pass: passed, release };
  }

  /** Ends the run, and returns true, when the whole replay was delivered. */
  async #hasReplayed(): Promise<boolean> {
    const replay = this.#tools.sources.find(({ source }) => source === 'replay');
    if (replay === undefined || !replay.isOver) return false;
    await this.#tools.endReplay();
    this.#run.end('replayed');
    return true;
  }
}

const unreadAfter = ({ topic, partition }: Omit<Place, 'offset'>): string => `partition ${partition} of ${topic} cannot be read on`;

const bytesOf = ({ record: { key, value } }: PlacedRecord): number => lengthOf(key) + lengthOf(value);
