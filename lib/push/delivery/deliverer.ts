import type { Clock } from '../../clock.ts';
import { log } from '../../telemetry/log.ts';
import { type AttemptTools, attempt } from '../attempt/attempt.ts';
import type { Notes } from '../subscription/notes.ts';
import { isNamedBy, type Subscription } from '../subscription/subscription.ts';
import { Account } from './account.ts';
import { Checkpoint } from './checkpoint.ts';
import { Intake } from './intake.ts';
import { Lanes } from './lanes.ts';
import { Parked } from './parked.ts';
import type { ParkedEntry } from './parked-entry.ts';
import { Progress } from './progress.ts';
import type { RecordLog, SourceName } from './record-log.ts';
import { Run, type RunEnd } from './run.ts';
import { Settlement } from './settlement.ts';
import type { Tally } from './tally.ts';
import type { Task } from './task.ts';

/** What a run needs besides Kafka. */
export interface DelivererTools extends AttemptTools {
  readonly clock: Clock;
  /** Until when this process surely holds the lease, in Unix milliseconds: asked before each step that others see. It answers from memory. */
  readonly heldUntil: () => number;
  readonly tally: Tally;
  readonly note: (notes: Notes) => Promise<void>;
  /** Never rejects. If it fails, the next failed delivery calls it again. */
  readonly disable: (reason: string) => Promise<void>;
  readonly endReplay: () => Promise<void>;
  /** Whether records of a topic may be delivered now: the owner may have lost the grant. */
  readonly mayDeliver: (topic: string) => boolean;
}

/** The longest pauses between two looks for something to start. */
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1000;
/** How long after its end a run may still start what it must not leave for the next one. */
const LAST_STARTS_MS = 3000;
/** The longest run without some of the records that wait: the next one tries to read them again. */
const PARTIAL_MS = 60_000;
const NOT_STARTED = 'its subscription delivers at most once, and its turn did not come';
const LOST = 'its topic does not have it any more, or its subscription not its topic';

/**
 * Delivers the records of a subscription while this process holds the lease. It commits only past records that were delivered or that are
 * in the retry topic or the dead letter topic, so none is lost if the process dies.
 */
export class Deliverer {
  readonly #subscription: Subscription;
  readonly #tools: DelivererTools;
  readonly #parked: Parked;
  readonly #account: Account;
  readonly #run: Run;
  readonly #intake: Intake;
  readonly #checkpoint: Checkpoint;
  readonly #settlement: Settlement;
  readonly #lanes = new Lanes<Task>();
  #underWay = 0;
  #retrying = 0;
  #lanesMade = 0;
  #batches = 0;

  constructor(subscription: Subscription, log: RecordLog, notes: Notes, tools: DelivererTools) {
    const { clock, heldUntil, tally, note, endReplay, mayDeliver } = tools;
    const names: SourceName[] = subscription.replay === null ? ['main'] : ['main', 'replay'];
    const sources = names.map((source) => new Progress(source));
    const parked = new Parked(log, mayDeliver);
    const account = new Account(subscription, notes, tally, clock.now);
    const shared = { log, parked, account, sources, clock };
    this.#subscription = subscription;
    this.#tools = tools;
    this.#parked = parked;
    this.#account = account;
    this.#run = new Run(clock);
    this.#checkpoint = new Checkpoint({ ...shared, subscription: subscription.name, heldUntil, note });
    this.#settlement = new Settlement({ ...shared, subscription, disable: (reason) => this.#disable(reason) });
    this.#intake = new Intake(
      {
        ...{ ...shared, definition: subscription.definition, endReplay },
        queue: (task) => this.#queue(task),
        isBusy: () => this.#underWay > 0,
        save: () => this.#checkpoint.save(false),
      },
      this.#run,
    );
  }

  /**
   * Delivers until a time (Unix milliseconds), then waits for the deliveries in flight.
   *
   * @param whileIdle false: the run ends as soon as nothing is left to do before that time
   * @throws {GatewayError} when Kafka cannot say where to begin, or refuses to store positions
   */
  async run(until: number, whileIdle: boolean): Promise<RunEnd> {
    const run = this.#run;
    const { clock, heldUntil } = this.#tools;
    // Positions first: this load then sees all records that were parked before those positions were committed.
    await this.#intake.look();
    const { definition } = this.#subscription;
    const lost = await this.#parked.load(isNamedBy(definition), definition.dead_letter_topic !== null);
    for (const place of lost) this.#account.dropped(place, LOST);
    await this.#checkpoint.save(false);
    if (this.#checkpoint.refusal !== null) throw this.#checkpoint.refusal;
    const end = this.#parked.isPartial ? Math.min(until, clock.now() + PARTIAL_MS) : until;
    const reading = this.#intake.readAll(end, whileIdle);
    const saving = this.#checkpoint.saveAll(run);
    while (run.ending === null) {
      if (clock.now() >= end) run.end('time');
      else if (clock.now() >= heldUntil()) run.end('lease');
      else {
        this.#start();
        await run.wait(this.#pause(end));
      }
    }
    await reading;
    await this.#startCommitted();
    while (this.#underWay > 0) await run.wait(LONGEST_PAUSE_MS);
    await saving;
    await this.#checkpoint.save(true);
    if (this.#checkpoint.refusal !== null) throw this.#checkpoint.refusal;
    return run.ending;
  }

  /** Ends the run as if its time were over. */
  stop(): void {
    this.#run.end('time');
  }

  /** How long to sleep if nothing wakes the run. */
  #pause(until: number): number {
    const now = this.#tools.clock.now();
    const wanted = Math.min(this.#parked.nextDue, this.#lanes.hasFree ? now : Number.POSITIVE_INFINITY);
    const next = Math.max(wanted, this.#account.breaker.nextAt);
    return Math.min(until - now, LONGEST_PAUSE_MS, Math.max(next - now, this.#underWay > 0 ? PAUSE_MS : 1));
  }

  /** At most once, the position has passed what waits for its turn: no later run delivers it. What cannot start soon is dropped. */
  async #startCommitted(): Promise<void> {
    if (this.#subscription.definition.delivery === 'at-least-once') return;
    const { clock } = this.#tools;
    const until = clock.now() + LAST_STARTS_MS;
    while (this.#lanes.size > 0 && this.#run.ending !== 'disabled' && clock.now() < until) {
      this.#startNew();
      await this.#run.wait(Math.min(PAUSE_MS, until - clock.now()));
    }
    for (const { placed, release } of this.#lanes.clear()) {
      this.#account.dropped(placed, NOT_STARTED);
      release();
    }
  }

  /** Starts all deliveries that may start: retries that are due, then new records. */
  #start(): void {
    const { concurrency } = this.#subscription.definition;
    const { breaker } = this.#account;
    const now = this.#tools.clock.now();
    // Retries use at most half of the concurrency, so that failing records do not block the others.
    while (this.#retrying < Math.max(1, concurrency >> 1) && this.#parked.nextDue <= now) {
      if (!breaker.admits(now)) break;
      const entries = this.#parked.take(now);
      if (entries.length === 0) {
        breaker.undecided();
        break;
      }
      this.#retrying++;
      this.#underWay++;
      void this.#retry(entries).finally(() => {
        this.#retrying--;
        this.#underWay--;
        this.#run.wake();
      });
    }
    this.#startNew();
  }

  #startNew(): void {
    const { concurrency, batch } = this.#subscription.definition;
    const { breaker } = this.#account;
    const now = this.#tools.clock.now();
    while (this.#underWay - this.#retrying < concurrency && this.#lanes.hasFree && breaker.admits(now)) {
      const taken = this.#lanes.take(batch.max);
      if (taken === null) break;
      this.#underWay++;
      void this.#deliver(taken.tasks).finally(() => {
        this.#lanes.leave(taken.lane);
        this.#underWay--;
        this.#run.wake();
      });
    }
  }

  #queue(task: Task): void {
    const { topic, partition } = task.placed;
    const { batch, order } = this.#subscription.definition;
    if (batch.max === 1) this.#lanes.add(task.lane ?? `record ${this.#lanesMade++}`, task);
    // A batch holds records of one partition; with order by key, a partition has one batch in flight at a time.
    else if (order === 'key') this.#lanes.add(`${partition} ${topic}`, task);
    else this.#lanes.add(`${partition} ${topic} ${Math.floor(this.#batches++ / batch.max)}`, task);
  }

  async #deliver(taken: readonly Task[]): Promise<void> {
    const tasks = taken.filter((task) => !this.#isParked(task));
    if (tasks.length === 0) return this.#account.breaker.undecided();
    const replay: Record<string, string> = tasks.some(({ source }) => source === 'replay') ? { 'kafka-replay': 'true' } : {};
    const records = tasks.map(({ placed }) => placed);
    await this.#settlement.first(tasks, await attempt(this.#subscription, records, replay, this.#tools));
  }

  /** Parks a record that is parked already, or that must not overtake parked records of its lane. */
  #isParked({ placed, lane, release }: Task): boolean {
    if (this.#parked.has(placed)) {
      release();
      return true;
    }
    if (!this.#parked.isLaneHeld(lane)) return false;
    this.#parked.add({ placed, lane, attempts: 0, due: this.#tools.clock.now(), status: null, dead: null }, release);
    this.#account.isNoted = false;
    return true;
  }

  async #retry(entries: readonly ParkedEntry[]): Promise<void> {
    const [entry] = entries;
    if (entry.dead !== null) {
      this.#account.breaker.undecided();
      return this.#settlement.buryAgain(entries);
    }
    await this.#settlement.again(entry, await attempt(this.#subscription, [entry.placed], {}, this.#tools));
  }

  async #disable(reason: string): Promise<void> {
    if (this.#run.ending === 'disabled') return;
    this.#run.end('disabled');
    log.error('subscription_disabled', 'A subscription is disabled', { subscription: this.#subscription.name, reason });
    await this.#tools.disable(reason);
  }
}
