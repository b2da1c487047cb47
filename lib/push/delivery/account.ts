import { log } from '../../telemetry/log.ts';
import type { Outcome } from '../attempt/attempt.ts';
import type { PlacedRecord } from '../attempt/delivery-body.ts';
import type { Place } from '../attempt/webhook-id.ts';
import { type Attempt, MOST_ATTEMPTS, type Notes } from '../subscription/notes.ts';
import type { Subscription } from '../subscription/subscription.ts';
import { Breaker } from './breaker.ts';
import type { Tally } from './tally.ts';

/** Deliveries pause after at least this many failures in a row, and after more failures than deliveries may be in flight. */
const LEAST_FAILURES = 5;
/** The gateway disables a subscription whose endpoint has only failed for this long. */
const DISABLED_AFTER_MS = 5 * 24 * 3600_000;

/** The results of a subscription's deliveries, for its owner and for the decision whether to continue. */
export class Account {
  readonly notes: Notes;
  readonly breaker: Breaker;
  /** False while the notes hold something that is not stored yet. */
  isNoted = true;
  readonly #subscription: string;
  readonly #tally: Tally;
  readonly #now: () => number;

  constructor({ name, updatedAt, definition }: Subscription, notes: Notes, tally: Tally, now: () => number) {
    this.notes = notes;
    this.#tally = tally;
    this.#subscription = name;
    this.#now = now;
    // Whoever changed or reactivated the subscription since then wants the endpoint tried again.
    if (notes.failingSince !== null && notes.failingSince < updatedAt) {
      Object.assign(notes, { failingSince: null, failures: 0, heldUntil: 0 });
    }
    if (notes.problem !== null && notes.problemAt < updatedAt) {
      notes.problem = null;
      this.isNoted = false;
    }
    this.breaker = new Breaker(Math.max(LEAST_FAILURES, definition.concurrency + 1), notes);
  }

  /** Notes an attempt, given the first of its records. @returns whether the endpoint has failed for too long */
  report({ topic, partition, offset }: PlacedRecord, count: number, number: number, outcome: Outcome, result: Attempt['outcome']): boolean {
    const { id, verdict, status, error, ms } = outcome;
    const { notes } = this;
    const now = this.#now();
    const one: Attempt = {
      ...{ webhook_id: id, topic, partition, offset, count, attempt: number, at: now - ms, ms, status, error, outcome: result },
    };
    notes.attempts = [one, ...notes.attempts].slice(0, MOST_ATTEMPTS);
    this.isNoted = false;
    if (verdict.kind === 'delivered') {
      notes.delivered += count;
      this.#tally.delivered += count;
      notes.lastSuccess = now;
      notes.failingSince = null;
      this.breaker.succeeded();
      return false;
    }
    this.failed(status, error ?? '');
    this.#tally.failed++;
    // An endpoint that refuses a record is up and healthy.
    if (verdict.kind === 'refused' || verdict.kind === 'abandoned') {
      notes.failingSince = null;
      this.breaker.succeeded();
      return false;
    }
    if (verdict.kind === 'again' && verdict.all) this.breaker.holdUntil(now + verdict.after);
    this.breaker.failed(now);
    notes.failingSince ??= now;
    return now - notes.failingSince >= DISABLED_AFTER_MS;
  }

  failed(status: number | null, message: string): void {
    this.notes.lastError = { at: this.#now(), status, message };
    this.isNoted = false;
  }

  /** Notes something that the owner or the operator must fix. */
  problem(problem: string): void {
    if (this.notes.problem === problem) return;
    log.error('subscription_stalled', 'Records of a subscription cannot be delivered', { subscription: this.#subscription, problem });
    Object.assign(this.notes, { problem, problemAt: this.#now() });
    this.isNoted = false;
  }

  /** Notes that a problem is over, by the beginning of its text. */
  solved(problem: string): void {
    if (!this.notes.problem?.startsWith(problem)) return;
    this.notes.problem = null;
    this.isNoted = false;
  }

  /** Notes that a record was written to the dead letter topic. */
  buried(): void {
    this.notes.deadLettered++;
    this.#tally.deadLettered++;
    this.isNoted = false;
  }

  /** Notes how many records wait for another attempt. */
  waiting(records: number, oldest: number | null): void {
    Object.assign(this.notes, { parked: records, oldestParked: oldest });
    this.#tally.waiting.set(this.#subscription, records);
  }

  dropped({ topic, partition, offset }: Place, reason: string | null): void {
    this.notes.dropped++;
    this.#tally.dropped++;
    this.isNoted = false;
    log.warn('delivery_dropped', 'A record was not delivered, and is not kept, as its subscription or endpoint wants it', {
      ...{ subscription: this.#subscription, topic, partition, offset, reason },
    });
  }
}
