import type { AbortedTransaction } from '../protocol/fetch.ts';
import type { Batch } from './batch.ts';

/** Tracks which producers' transactions were aborted, batch by batch, by the broker's list and the control records. */
export class AbortedTransactions {
  readonly #waiting: readonly AbortedTransaction[];
  readonly #open = new Set<bigint>();
  #next = 0;

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#waiting = aborted.length > 1 ? aborted.toSorted((a, b) => a.firstOffset - b.firstOffset) : aborted;
  }

  /** True when the batch belongs to an aborted transaction. */
  hide({ transactional, control, producerId, lastOffset }: Batch): boolean {
    if (!transactional || this.#waiting.length === 0) return false;
    while (this.#next < this.#waiting.length && this.#waiting[this.#next].firstOffset <= lastOffset) {
      this.#open.add(this.#waiting[this.#next++].producerId);
    }
    if (control) return this.#open.delete(producerId);
    return this.#open.has(producerId);
  }
}
