import type { Caller } from '../access/caller.ts';
import type { GatewayError } from '../errors.ts';
import { alreadySubscribed, tooManySubscriptions } from '../messages/pubsub.ts';

/** The caller who has subscribed: what grants, row filters and limits need, without credentials. */
export interface Subscriber {
  readonly caller: Caller;
  readonly sourceAddress: string;
  /** True: the caller's name is that of the connection. */
  readonly passing: boolean;
}

/** A subscription of a WebSocket. It can be stored as JSON: its sender needs nothing else. */
export interface SocketSubscription {
  /** The sequence of its command, a number of 64 bits as text. It identifies the subscription within its connection. */
  readonly sequence: string;
  /** The form of its command and of its pushes. */
  readonly form: 'protobuf' | 'json';
  readonly topics: readonly string[];
  /** In the syntax of `readFilters`. */
  readonly filters: readonly string[];
  readonly isolation: 'read_committed' | 'read_uncommitted';
  readonly keyAsText: boolean;
  readonly valueAsText: boolean;
  readonly subscriber: Subscriber;
  /** The id of the command's request, for the log. */
  readonly requestId: string;
}

/** Keeps the subscriptions of WebSockets, and lets their records be sent. */
export interface SocketSubscriptions {
  /**
   * Adds a subscription that begins at a cursor.
   *
   * @returns a function to call when the command is complete
   * @throws {GatewayError} Conflict for a sequence that is in use; BadRequest for more subscriptions than a connection may have
   */
  add(connection: string, subscription: SocketSubscription, cursor: string, credit: number, deadline: number): Promise<() => void>;
  /** @returns false when the subscription does not exist */
  give(connection: string, sequence: string, credit: number, deadline: number): Promise<boolean>;
  /** @returns false when the subscription does not exist */
  remove(connection: string, sequence: string, deadline: number): Promise<boolean>;
  /** Removes all subscriptions of a closed connection. */
  forget(connection: string, deadline: number): Promise<void>;
}

/** Most subscriptions of a connection. */
export const MOST_SUBSCRIPTIONS = 10;

/** Why a subscription cannot be added to the existing ones of a connection. */
export const refusedBeside = (sequences: readonly string[], sequence: string): GatewayError =>
  sequences.includes(sequence) ? alreadySubscribed(sequence) : tooManySubscriptions(MOST_SUBSCRIPTIONS);
