import type { Notes } from './notes.ts';
import type { Subscription } from './subscription.ts';

/**
 * Where subscriptions are kept, for all instances. Every method ends by its deadline (Unix milliseconds), and throws when the store cannot
 * be reached; it may have done what it was asked then.
 */
export interface SubscriptionStore {
  get(name: string, deadline: number): Promise<Subscription | null>;
  /** All of them, by name. */
  list(deadline: number): Promise<Subscription[]>;
  /**
   * Writes a subscription in the place of the version that was read, or of none (null).
   * @returns false when another one stands there by now
   */
  write(subscription: Subscription, replaced: number | null, deadline: number): Promise<boolean>;
  /** @returns false when another version stands there by now */
  remove(name: string, version: number, deadline: number): Promise<boolean>;
  notes(name: string, deadline: number): Promise<Notes>;
  note(name: string, notes: Notes, deadline: number): Promise<void>;
  /**
   * Has a process deliver an active subscription alone, until a time (Unix milliseconds).
   * @returns null when another one does, or it is not to be delivered
   */
  lease(name: string, lease: Lease, deadline: number): Promise<Leased | null>;
  /** Goes on with it. @returns null when the lease has ended, or been taken */
  renew(name: string, lease: Lease, deadline: number): Promise<Leased | null>;
  release(name: string, holder: string, deadline: number): Promise<void>;
}

/** Which process delivers, and until when. */
export interface Lease {
  readonly holder: string;
  readonly now: number;
  readonly until: number;
}

/** A subscription as it is when a lease of it is given, and the number of the lease, which rises. */
export interface Leased {
  readonly subscription: Subscription;
  readonly number: number;
}
