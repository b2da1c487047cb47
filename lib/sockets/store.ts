import type { SocketSubscription } from './socket-subscription.ts';

/** A subscription as the table has it. */
export interface KeptSubscription {
  /** Tells it from an earlier one with the same sequence. */
  readonly id: string;
  readonly subscription: SocketSubscription;
  readonly cursor: string;
  /** Records that credit was given for, and that were sent, since it began. */
  readonly given: number;
  readonly sent: number;
}

/** Who reads for the connections of a shard. A shard has one reader at a time. */
export interface ShardLease {
  readonly holder: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly until: number;
}

/** A shard, as its reader finds it. */
export interface Shard {
  /** Of the lease: each one that takes a shard has a higher one. */
  readonly number: number;
  readonly connections: readonly string[];
  /** Marks of connections that have changed, which the reader takes away with the next renewal. */
  readonly changes: readonly string[];
}

/** The connection that a mark is for. */
export const connectionOf = (mark: string): string => mark.slice(0, mark.lastIndexOf(' '));

/** What a reader asks of the table. Times and deadlines are in Unix milliseconds. */
export interface ReaderStore {
  /** Takes a shard that has connections, and that nobody reads for; null for any other. */
  take(shard: number, lease: ShardLease, deadline: number): Promise<Shard | null>;
  /** Keeps it; null where another reader has it. */
  renew(shard: number, lease: ShardLease, seen: readonly string[], deadline: number): Promise<Shard | null>;
  /** Gives it up; where `ifEmpty` says so, only when no connection is left. @returns false when one is */
  release(shard: number, holder: string, ifEmpty: boolean, deadline: number): Promise<boolean>;
  /** The subscriptions of a connection, none where it is gone; null where a later reader has it. */
  takeUp(connection: string, number: number, deadline: number): Promise<readonly KeptSubscription[] | null>;
  /** Writes down how far a subscription has come; not where it, or the lease, is another's. */
  save(connection: string, number: number, kept: KeptSubscription, deadline: number): Promise<void>;
  /** Takes a subscription away, if it is still that one. */
  end(connection: string, kept: KeptSubscription, deadline: number): Promise<void>;
  /** Takes a connection away with all that it has. */
  forget(connection: string, shard: number | null, deadline: number): Promise<void>;
}
