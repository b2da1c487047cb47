/** The answer to a request, as it is given again. */
export interface Answer {
  status: number;
  mediaType: string;
  body: string;
}

/** What a request leaves under its key before it does anything. Times are in Unix milliseconds. */
export interface Claim {
  /** Names the key and whose it is. */
  id: string;
  /** SHA-256 of all that makes two requests the same. */
  fingerprint: Uint8Array;
  /** Tells this request from others with its key. */
  claimedBy: string;
  claimedAt: number;
  /** When it has ended, whatever became of it. */
  leaseUntil: number;
  /** From when on the key is free again. */
  expiresAt: number;
}

/**
 * What became of a request: `settled` has an answer for good; `undone` had no effect, so that its key is free; of one that is `unsure`
 * nobody knows.
 */
export type Fate = { fate: 'settled'; answer: Answer } | { fate: 'undone' } | { fate: 'unsure' };

/** What stands under a key. */
export type Entry = Claim & (Fate | { fate: 'running' });

/** Where entries are kept, for all instances. Its methods throw when it cannot be reached. */
export interface EntryStore {
  /**
   * Puts a running entry under its key if that is free, which one caller of many succeeds in.
   * @returns null then; else what stands there
   */
  claim(claim: Claim, deadline: number): Promise<Entry | null>;
  /** Notes the fate of a claim that is still there. */
  settle(claim: Claim, fate: Fate, deadline: number): Promise<void>;
}
