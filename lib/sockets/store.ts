import type { SocketSubscription } from './socket-subscription.ts';

/** A stored subscription. */
export interface KeptSubscription {
  /** Distinguishes it from an earlier one with the same sequence. */
  readonly id: string;
  readonly subscription: SocketSubscription;
  readonly cursor: string;
  /** Totals since it began: credit given, and records sent. */
  readonly given: number;
  readonly sent: number;
}

/** Which process reads for the connections of a shard. A shard has one reader at a time. */
export interface ShardLease {
  readonly holder: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly until: number;
}

/** A shard, as its reader sees it. */
export interface Shard {
  /** The lease's number; each new reader of a shard gets a higher one. */
  readonly number: number;
  readonly connections: readonly string[];
  /** Marks of changed connections. The reader's next renewal removes them. */
  readonly changes: readonly string[];
}

/** The connection that a mark names. */
export const connectionOf = (mark: string): string => mark.slice(0, mark.lastIndexOf(' '));

/** The reader's access to the table. Times and deadlines are in Unix milliseconds. */
export interface ReaderStore {
  /** Leases a shard that has connections and no reader; null for any other. */
  take(shard: number, lease: ShardLease, deadline: number): Promise<Shard | null>;
  /** Renews the lease; null when another reader has the shard. */
  renew(shard: number, lease: ShardLease, seen: readonly string[], deadline: number): Promise<Shard | null>;
  /** Ends the lease; with `ifEmpty`, only when no connection is left. @returns false when it did not */
  release(shard: number, holder: string, ifEmpty: boolean, deadline: number): Promise<boolean>;
  /** The subscriptions of a connection, none when it is gone; null when a later reader has it. */
  takeUp(connection: string, number: number, deadline: number): Promise<readonly KeptSubscription[] | null>;
  /** Saves the position of a subscription, unless it was replaced or another reader has it. */
  save(connection: string, number: number, kept: KeptSubscription, deadline: number): Promise<void>;
  /** Removes a subscription, unless it was replaced. */
  end(connection: string, kept: KeptSubscription, deadline: number): Promise<void>;
  /** Removes a connection that has no subscriptions. One that has subscribed meanwhile stays, and gets a mark. */
  leave(connection: string, shard: number, deadline: number): Promise<void>;
  /** Removes a connection and its subscriptions. */
  forget(connection: string, shard: number | null, deadline: number): Promise<void>;
}
