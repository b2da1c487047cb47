import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { Notes } from '../subscription/notes.ts';
import type { Account } from './account.ts';
import type { Parked } from './parked.ts';
import type { Progress } from './progress.ts';
import type { RecordLog } from './record-log.ts';
import type { Run } from './run.ts';

const COMMIT_EVERY_MS = 500;
const NOTE_EVERY_MS = 5000;

/** What is saved, and where. */
export interface CheckpointTools {
  readonly subscription: string;
  readonly log: RecordLog;
  readonly parked: Parked;
  readonly account: Account;
  readonly sources: readonly Progress[];
  readonly clock: Clock;
  /** Until when this process surely holds the lease, in Unix milliseconds. */
  readonly heldUntil: () => number;
  readonly note: (notes: Notes) => Promise<void>;
}

/** Saves the progress of a subscription: first the records that wait for another attempt, then the positions that may pass them. */
export class Checkpoint {
  readonly #tools: CheckpointTools;
  #saving: Promise<boolean> = Promise.resolve(true);
  #notedAt = 0;
  #retryCommitted = -1;
  #refusal: GatewayError | null = null;

  constructor(tools: CheckpointTools) {
    this.#tools = tools;
  }

  /** Why Kafka will not store the progress, whenever it is asked; null while it may. What was delivered would be delivered again and again. */
  get refusal(): GatewayError | null {
    return this.#refusal;
  }

  /** Saves repeatedly until the run ends. Ends it when Kafka refuses the progress for good. */
  async saveAll(run: Run): Promise<void> {
    while (run.ending === null) {
      await this.#tools.clock.wait(COMMIT_EVERY_MS, run.over);
      await this.save(false);
      if (this.#refusal !== null) run.end('time');
    }
  }

  /** @returns false when it could not save */
  save(isLast: boolean): Promise<boolean> {
    this.#saving = this.#saving.then(() => this.#saveNow(isLast));
    return this.#saving;
  }

  async #saveNow(isLast: boolean): Promise<boolean> {
    const { subscription, parked, account, sources, clock, heldUntil, note } = this.#tools;
    const isHeld = () => clock.now() < heldUntil();
    if (!isHeld()) return false;
    let isParked = false;
    try {
      await parked.save(clock.now());
      isParked = true;
      for (const source of sources) {
        // Each commit may take as long as a lease: it must not overwrite what another process has committed meanwhile.
        if (!isHeld()) return false;
        await this.#commit(source);
      }
      account.waiting(parked.size, parked.oldest);
      if (!account.isNoted && (isLast || clock.now() - this.#notedAt >= NOTE_EVERY_MS)) {
        this.#notedAt = clock.now();
        account.isNoted = true;
        const { failures, heldUntil } = account.breaker;
        Object.assign(account.notes, { failures, heldUntil });
        await note(account.notes);
      }
      return true;
    } catch (error) {
      // A topic that is gone is left out from the next look on, but not the retry topic.
      if (isRefusal(error) && !(isParked && error.status === 404)) await this.#refused(error);
      log.warn('delivery_unsaved', 'The position of a subscription cannot be stored at the moment', { subscription, error });
      return false;
    }
  }

  async #refused(refusal: GatewayError): Promise<void> {
    const { account, note } = this.#tools;
    this.#refusal = refusal;
    account.failed(null, `Kafka: ${refusal.message}`);
    // The owner should see it, but it is not worth another failure.
    await note(account.notes).catch(() => undefined);
  }

  async #commit(source: Progress): Promise<void> {
    const { parked, account, clock, heldUntil } = this.#tools;
    const { positions } = source;
    const retry = source.source === 'main' ? parked.position : null;
    const text = JSON.stringify(positions);
    if (positions.length === 0 || (!source.isNews(text) && (retry === null || retry === this.#retryCommitted))) return;
    // Without an answer, nobody knows what is committed.
    source.committed('');
    await this.#tools.log.commit(source.source, positions, retry, heldUntil());
    source.committed(text);
    if (retry === null) return;
    this.#retryCommitted = retry;
    account.notes.committedAt = clock.now();
  }
}

const isRefusal = (error: unknown): error is GatewayError => error instanceof GatewayError && !error.retriable;
