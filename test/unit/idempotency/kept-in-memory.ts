import type { Claim, Entry, EntryStore, Fate } from '../../../lib/idempotency/entry.ts';

/** Entries in memory, to try out what happens around them. */
export class KeptInMemory implements EntryStore {
  readonly entries = new Map<string, Entry>();
  claims = 0;
  /** Thrown in place of what is asked for, when set; `after` it was done. */
  failure: { of: 'claim' | 'settle'; after: boolean; error: Error } | null = null;

  async claim(claim: Claim, _deadline: number): Promise<Entry | null> {
    this.claims++;
    this.#fail('claim', false);
    const found = this.entries.get(claim.id);
    if (found !== undefined && found.fate !== 'undone' && found.expiresAt > Date.now()) return found;
    this.entries.set(claim.id, { ...claim, fate: 'running' });
    this.#fail('claim', true);
    return null;
  }

  async settle(claim: Claim, fate: Fate, _deadline: number): Promise<void> {
    this.#fail('settle', false);
    if (this.entries.get(claim.id)?.claimedBy === claim.claimedBy) this.entries.set(claim.id, { ...claim, ...fate });
  }

  #fail(of: 'claim' | 'settle', after: boolean): void {
    if (this.failure?.of === of && this.failure.after === after) throw this.failure.error;
  }
}
