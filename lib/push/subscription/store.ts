import type { Notes } from './notes.ts';
import type { Subscription } from './subscription.ts';

/**
 * Keeps subscriptions for all instances. Every method ends by its deadline (Unix milliseconds). It throws when it cannot reach the store;
 * the store may have done the operation nevertheless.
 */
export interface SubscriptionStore {
  get(name: string, deadline: number): Promise<Subscription | null>;
  /** All subscriptions, by name. */
  list(deadline: number): Promise<Subscription[]>;
  /**
   * Writes a subscription if the stored version is still the one that was read, or if there is none (null). Another subscription of its name,
   * which was created at another time, is left as it is.
   * @returns false when another version is stored
   */
  write(subscription: Subscription, replaced: number | null, deadline: number): Promise<boolean>;
  /** @returns false when another version is stored */
  remove(name: string, version: number, deadline: number): Promise<boolean>;
  notes(name: string, deadline: number): Promise<Notes>;
  note(name: string, notes: Notes, deadline: number): Promise<void>;
  /**
   * Gives a process the exclusive right to deliver a subscription and to commit its offsets, until a time (Unix milliseconds).
   *
   * @param state that the subscription must have
   * @returns null when another process has the lease, or the subscription has another state
   */
  lease(name: string, state: Subscription['state'], lease: Lease, deadline: number): Promise<Leased | null>;
  /** Extends a lease. @returns null when it has ended or another process has taken it */
  renew(name: string, lease: Lease, deadline: number): Promise<Leased | null>;
  release(name: string, holder: string, deadline: number): Promise<void>;
}

/** Which process delivers, and until when. */
export interface Lease {
  readonly holder: string;
  readonly now: number;
  readonly until: number;
}

/** A leased subscription and the number of its lease, which rises with each lease. */
export interface Leased {
  readonly subscription: Subscription;
  readonly number: number;
}
