/** The response to a request, as it is replayed. */
export interface Answer {
  status: number;
  mediaType: string;
  body: string;
}

/** What a request stores under its key before it does anything. Times are in Unix milliseconds. */
export interface Claim {
  /** Names the key and its owner. */
  id: string;
  /** SHA-256 of all that must be equal in two requests with one key. */
  fingerprint: Uint8Array;
  /** Tells this request from others with the same key. */
  claimedBy: string;
  claimedAt: number;
  /** When the request has surely ended, with whatever result. */
  leaseUntil: number;
  /** When the key becomes free again. */
  expiresAt: number;
}

/** The result of a request: `settled` has a final answer; `undone` had no effect, so its key is free; `unsure` has an unknown effect. */
export type Fate = { fate: 'settled'; answer: Answer } | { fate: 'undone' } | { fate: 'unsure' };

/** The entry of a key. */
export type Entry = Claim & (Fate | { fate: 'running' });

/** Stores entries for all instances of the gateway. Its methods throw when the store is not available. */
export interface EntryStore {
  /**
   * Stores a running entry if its key is free; of several concurrent callers, one succeeds.
   * @returns null on success; else the present entry
   */
  claim(claim: Claim, deadline: number): Promise<Entry | null>;
  /** Stores the fate of a claim that still holds its key. */
  settle(claim: Claim, fate: Fate, deadline: number): Promise<void>;
}
