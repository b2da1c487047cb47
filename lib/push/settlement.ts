import { log } from '../telemetry/log.ts';
import type { Account } from './account.ts';
import type { Outcome } from './attempt.ts';
import type { Clock } from './clock.ts';
import { deadLetterRecord } from './dead-letter.ts';
import type { Attempt } from './notes.ts';
import type { Parked } from './parked.ts';
import type { ParkedEntry } from './parked-entry.ts';
import type { RecordLog } from './record-log.ts';
import type { Subscription } from './subscription.ts';
import { entryOf, type Task } from './task.ts';
import { nextAttempt, STANDARD_SCHEDULE } from './verdict.ts';

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
        for (const task of tasks) {
          if (hasTopic) await this.#bury(entryOf(task, now), error ?? '', status, task.release);
          else this.#drop(task, error);
        }
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
      return this.#bury(entry, error ?? '', status, () => undefined);
    }
    entry.due = next ?? now + Math.max(FOR_GOOD_MS, after);
    parked.again(entry);
    report(verdict.kind === 'gone' ? 'disabled' : 'retried');
    if (verdict.kind === 'gone') await this.#tools.disable(GONE);
  }

  /** Tries once more to write a record to the dead letter topic. */
  async buryAgain(entry: ParkedEntry, reason: string): Promise<void> {
    await this.#bury(entry, reason, entry.status, () => undefined);
  }

  #report(...one: Parameters<Account['report']>): void {
    if (this.#tools.account.report(...one)) void this.#tools.disable(FAILED);
  }

  /** Writes a record to the dead letter topic; if that fails, the record is parked for another try. */
  async #bury(entry: ParkedEntry, reason: string, status: number | null, release: () => void): Promise<void> {
    const { subscription, parked, account, clock } = this.#tools;
    const { name, definition } = subscription;
    const now = clock.now();
    const why = { subscription: name, reason, status, attempts: entry.attempts };
    try {
      await this.#tools.log.deadLetter(definition.dead_letter_topic ?? '', deadLetterRecord(entry.placed, why, now));
      account.buried();
      account.solved(UNWRITTEN);
      parked.finish(entry);
      release();
    } catch (error) {
      log.error('delivery_not_buried', 'A record cannot be written to the dead letter topic of its subscription', {
        ...{ subscription: name, topic: definition.dead_letter_topic, error },
      });
      account.problem(`${UNWRITTEN}: ${error instanceof Error ? error.message : error}`);
      entry.dead = reason;
      entry.due = now + BURIED_AGAIN_MS;
      if (!parked.again(entry)) parked.add({ ...entry, status }, release);
    }
  }
}
