import type { Clock } from '../../clock.ts';
import { log } from '../../telemetry/log.ts';
import type { Outcome } from '../attempt/attempt.ts';
import { nextAttempt, STANDARD_SCHEDULE } from '../attempt/verdict.ts';
import type { Attempt } from '../subscription/notes.ts';
import type { Subscription } from '../subscription/subscription.ts';
import type { Account } from './account.ts';
import { deadLetterRecord } from './dead-letter.ts';
import type { Parked } from './parked.ts';
import type { ParkedEntry } from './parked-entry.ts';
import type { RecordLog } from './record-log.ts';
import { entryOf, type Task } from './task.ts';

/** When the schedule has ended and the record cannot go to a dead letter topic, it is retried at this interval, forever. */
const FOR_GOOD_MS = 1000 * (STANDARD_SCHEDULE.at(-1) ?? 0);
/** The pause before another try to write to a dead letter topic. */
const BURIED_AGAIN_MS = 60_000;
const GONE = 'its endpoint has answered 410 Gone';
const FAILED = 'its endpoint has failed for five days';
const UNWRITTEN = 'the dead letter topic cannot be written to';

/** What a settlement needs. */
export interface SettlementTools {
  readonly subscription: Subscription;
  readonly log: RecordLog;
  readonly parked: Parked;
  readonly account: Account;
  readonly clock: Clock;
  readonly disable: (reason: string) => Promise<void>;
}

/** Decides what happens to records after an attempt: they are finished, wait for another attempt, or go to the dead letter topic. */
export class Settlement {
  readonly #tools: SettlementTools;

  constructor(tools: SettlementTools) {
    this.#tools = tools;
  }

  /** Settles a first attempt. */
  async first(tasks: readonly Task[], outcome: Outcome): Promise<void> {
    const { subscription, parked, clock } = this.#tools;
    const { verdict, status, error } = outcome;
    const { definition } = subscription;
    const now = clock.now();
    const report = (result: Attempt['outcome']) => this.#report(tasks[0].placed, tasks.length, 1, outcome, result);
    if (verdict.kind === 'delivered') {
      for (const { release } of tasks) release();
      return report('delivered');
    }
    const keeps = definition.delivery === 'at-least-once';
    const hasTopic = definition.dead_letter_topic !== null;
    if (verdict.kind === 'abandoned' && !hasTopic) {
      for (const task of tasks) this.#drop(task, error);
      return report('dropped');
    }
    const isGone = verdict.kind === 'gone';
    if (verdict.kind === 'refused' || verdict.kind === 'abandoned' || !keeps) {
      if (hasTopic || !keeps) {
        report(hasTopic ? 'dead_lettered' : 'dropped');
        if (hasTopic) {
          await this.#bury(tasks.map((task) => ({ entry: { ...entryOf(task, now), status }, reason: error ?? '', release: task.release })));
        } else for (const task of tasks) this.#drop(task, error);
        if (isGone) await this.#tools.disable(GONE);
        return;
      }
    }
    const after = verdict.kind === 'again' ? verdict.after : 0;
    for (const task of tasks) {
      const due = nextAttempt(definition.retry.schedule, 1, after, now, clock.random()) ?? now + FOR_GOOD_MS;
      parked.add({ ...entryOf(task, due), attempts: 1, status }, task.release);
    }
    report(isGone ? 'disabled' : 'retried');
    if (isGone) await this.#tools.disable(GONE);
  }

  #drop({ placed, release }: Task, reason: string | null): void {
    this.#tools.account.dropped(placed, reason);
    release();
  }

  /** Settles a further attempt. */
  async again(entry: ParkedEntry, outcome: Outcome): Promise<void> {
    const { subscription, parked, account, clock } = this.#tools;
    const { verdict, status, error } = outcome;
    const { definition } = subscription;
    const now = clock.now();
    entry.attempts++;
    entry.status = status;
    const report = (result: Attempt['outcome']) => this.#report(entry.placed, 1, entry.attempts, outcome, result);
    const after = verdict.kind === 'again' ? verdict.after : 0;
    const next = nextAttempt(definition.retry.schedule, entry.attempts, after, now, clock.random());
    const isOver = verdict.kind === 'refused' || verdict.kind === 'abandoned' || next === null;
    if (verdict.kind === 'delivered') {
      parked.finish(entry);
      return report('delivered');
    }
    if (verdict.kind === 'abandoned' && definition.dead_letter_topic === null) {
      account.dropped(entry.placed, error);
      parked.finish(entry);
      return report('dropped');
    }
    if (isOver && verdict.kind !== 'gone' && definition.dead_letter_topic !== null) {
      report('dead_lettered');
      return this.#bury([{ entry, reason: error ?? '', release: () => undefined }]);
    }
    entry.due = next ?? now + Math.max(FOR_GOOD_MS, after);
    parked.again(entry);
    report(verdict.kind === 'gone' ? 'disabled' : 'retried');
    if (verdict.kind === 'gone') await this.#tools.disable(GONE);
  }

  /** Tries once more to write records to the dead letter topic. */
  async buryAgain(entries: readonly ParkedEntry[]): Promise<void> {
    await this.#bury(entries.map((entry) => ({ entry, reason: entry.dead ?? '', release: () => undefined })));
  }

  #report(...one: Parameters<Account['report']>): void {
    if (this.#tools.account.report(...one)) void this.#tools.disable(FAILED);
  }

  /** Writes records to the dead letter topic, in one request; each that is not written is parked for another try. */
  async #bury(buried: readonly Buried[]): Promise<void> {
    const { subscription, parked, account, clock } = this.#tools;
    const { name, definition } = subscription;
    const topic = definition.dead_letter_topic ?? '';
    const now = clock.now();
    const letters = buried.map(({ entry: { placed, status, attempts }, reason }) =>
      deadLetterRecord(placed, { subscription: name, reason, status, attempts }, now),
    );
    const errors = await this.#tools.log.deadLetters(topic, letters).catch((error: unknown) => letters.map(() => error));
    for (const [i, { entry, reason, release }] of buried.entries()) {
      if (errors[i] === null) {
        account.buried();
        parked.finish(entry);
        release();
        continue;
      }
      entry.dead = reason;
      entry.due = now + BURIED_AGAIN_MS;
      if (!parked.again(entry)) parked.add(entry, release);
    }
    const failed = errors.filter((error) => error !== null);
    if (failed.length === 0) return account.solved(UNWRITTEN);
    const [error] = failed;
    const message = 'Records cannot be written to the dead letter topic of their subscription';
    log.error('delivery_not_buried', message, { subscription: name, topic, records: failed.length, error });
    account.problem(`${UNWRITTEN}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A record that goes to the dead letter topic, and what to call once the position of its topic may pass it. */
interface Buried {
  entry: ParkedEntry;
  /** Why, for people. */
  reason: string;
  release: () => void;
}
