import type { Caller } from '../access/caller.ts';
import type { GatewayError } from '../errors.ts';
import { alreadySubscribed, tooManySubscriptions } from '../messages/pubsub.ts';

/** The caller who has subscribed: what grants, row filters and limits go by, and no credentials. */
export interface Subscriber {
  readonly caller: Caller;
  readonly sourceAddress: string;
  /** The name is that of the connection. */
  readonly passing: boolean;
}

/** A subscription of a WebSocket, as a command has made it. It can be written down as JSON: whoever sends its records needs no more. */
export interface SocketSubscription {
  /** The sequence of its command, as a text: 64 bits. It names the subscription within its connection. */
  readonly sequence: string;
  /** The form of its command, which its pushes have as well. */
  readonly form: 'protobuf' | 'json';
  readonly topics: readonly string[];
  /** As `readFilters` reads them. */
  readonly filters: readonly string[];
  readonly isolation: 'read_committed' | 'read_uncommitted';
  readonly keyAsText: boolean;
  readonly valueAsText: boolean;
  readonly subscriber: Subscriber;
  /** Of the command, for the log. */
  readonly requestId: string;
}

/** Keeps the subscriptions of WebSockets, and has their records sent. */
export interface SocketSubscriptions {
  /**
   * Adds one that begins at a cursor.
   *
   * @returns what is to be done when the command is over
   * @throws {GatewayError} Conflict for a sequence that is in use; BadRequest for more than a connection may have
   */
  add(connection: string, subscription: SocketSubscription, cursor: string, credit: number, deadline: number): Promise<() => void>;
  /** @returns false when there is no such subscription */
  give(connection: string, sequence: string, credit: number, deadline: number): Promise<boolean>;
  /** @returns false when there is no such subscription */
  remove(connection: string, sequence: string, deadline: number): Promise<boolean>;
  /** Forgets all of a connection that is closed. */
  forget(connection: string, deadline: number): Promise<void>;
}

/** Most subscriptions of a connection. */
export const MOST_SUBSCRIPTIONS = 10;

/** Why a subscription cannot be added to those that a connection has. */
export const refusedBeside = (sequences: readonly string[], sequence: string): GatewayError =>
  sequences.includes(sequence) ? alreadySubscribed(sequence) : tooManySubscriptions(MOST_SUBSCRIPTIONS);
