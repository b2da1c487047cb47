import { log } from '../telemetry/log.ts';
import type { Outcome } from './attempt.ts';
import { Breaker } from './breaker.ts';
import type { PlacedRecord } from './delivery-body.ts';
import { type Attempt, MOST_ATTEMPTS, type Notes } from './notes.ts';
import type { Subscription } from './subscription.ts';
import type { Tally } from './tally.ts';
import type { Place } from './webhook-id.ts';

/** In a row, before deliveries pause; more than are under way at the same time. */
const LEAST_FAILURES = 5;
/** An endpoint that has only failed for so long is left alone. */
const DISABLED_AFTER_MS = 5 * 24 * 3600_000;

/** What has come of a subscription's deliveries: for its owner, and for whether to go on. */
export class Account {
  readonly notes: Notes;
  readonly breaker: Breaker;
  /** False when there is something in it that is not written down. */
  isNoted = true;
  readonly #subscription: string;
  readonly #tally: Tally;
  readonly #now: () => number;

  constructor({ name, updatedAt, definition }: Subscription, notes: Notes, tally: Tally, now: () => number) {
    this.notes = notes;
    this.#tally = tally;
    this.#subscription = name;
    this.#now = now;
    // Whoever has changed it since, or has made it active again, wants it tried.
    if (notes.failingSince !== null && notes.failingSince < updatedAt) {
      Object.assign(notes, { failingSince: null, failures: 0, heldUntil: 0, problem: null });
    }
    this.breaker = new Breaker(Math.max(LEAST_FAILURES, definition.concurrency + 1), notes);
  }

  /** Notes an attempt, of records of which the first is given. @returns whether its endpoint has failed for too long */
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
    // An endpoint that refuses a record is there, and well.
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

  /** Something that its owner or the operator has to mend. */
  problem(problem: string): void {
    if (this.notes.problem !== problem) {
      log.error('subscription_stalled', 'Records of a subscription cannot be delivered', { subscription: this.#subscription, problem });
    }
    this.notes.problem = problem;
    this.isNoted = false;
  }

  /** A record is in the dead letter topic. */
  buried(): void {
    this.notes.deadLettered++;
    this.#tally.deadLettered++;
    this.isNoted = false;
  }

  /** So many records wait for another attempt. */
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
