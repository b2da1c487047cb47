import type { Isolation } from '../../protocol/fetch.ts';
import type { Arrival } from './term.ts';

/** Where a consumer begins in a partition without a committed offset; with `none` that is an error. */
export type OffsetReset = 'earliest' | 'latest' | 'none';

/** What a consumer was created with. */
export interface ConsumerOptions {
  /** Of its records, by the names that routes use. */
  readonly format: string;
  readonly offsetReset: OffsetReset;
  /** Whether each poll commits what the poll before has handed out. */
  readonly autoCommit: boolean;
  /** A poll waits for this many bytes. */
  readonly minBytes: number;
  /** The longest wait of a poll, in milliseconds; null if each poll sets its own. */
  readonly timeoutMs: number | null;
  readonly isolation: Isolation;
}

/** Topics by their names, or by a regular expression that matches whole names. */
export type Subscription = { readonly topics: readonly string[] } | { readonly pattern: string };

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Where a consumer is in a partition. */
export interface PlacePosition extends Place {
  /** Of the next record. */
  readonly offset: number;
}

/** What a poll wants to read. */
export interface WantedRecords {
  /** Where to begin, and where to stop, exclusive: infinite for the end of the log. */
  readonly positions: readonly (PlacePosition & { readonly until: number })[];
  /** How long to wait for a record, in milliseconds. */
  readonly waitMs: number;
}

/** What a poll hands out. */
export interface HandedOut<Answer> {
  /** Where each of the partitions continues, in any order; those left out stay where they are. */
  readonly next: readonly PlacePosition[];
  /** True if there is no record. */
  readonly isEmpty: boolean;
  readonly answer: Answer;
}

/** Reads records and makes an answer of them. If it is called again, its earlier answer is not handed out. */
export type ReadRecords<Answer> = (wanted: WantedRecords) => Promise<HandedOut<Answer>>;

export interface PollOptions extends Arrival {
  /** A poll with the same id gets the same records again; null if the client does not repeat polls. */
  readonly pollId: string | null;
  /** How long to wait for a record; null if the poll does not say. */
  readonly waitMs: number | null;
}

/** How long a poll waits unless it, or the consumer, says otherwise. */
const WAIT_MS = 1000;

/** How long a poll waits for a record: as long as it says, but no longer than the consumer allows. */
export const waitOf = ({ waitMs }: PollOptions, { timeoutMs }: ConsumerOptions): number =>
  Math.min(waitMs ?? timeoutMs ?? WAIT_MS, timeoutMs ?? Number.POSITIVE_INFINITY);

/** A commit of a partition. */
export interface PlaceCommit extends PlacePosition {
  /** Any text; empty for none. */
  readonly metadata: string;
}

/** Where to seek to: an offset, or the time of a record: Unix milliseconds, or LATEST or EARLIEST of ListOffsets. */
export type SeekTarget = Place & { readonly to: { readonly offset: number } | { readonly timestamp: number } };

/**
 * A consumer as one request of a client has found it. Any process can find it at any time, and no process owns its state: everything
 * that it does is fenced, so that what was found before a rebalance, or before a freeze of the process, can do no harm.
 */
export interface Consumer {
  readonly name: string;
  readonly options: ConsumerOptions;
  /** Null without a subscription. */
  readonly subscription: Subscription | null;
  /** The partitions that it reads: assigned by hand, or by the group. */
  readonly partitions: readonly Place[];

  /**
   * Subscribes, and replaces the earlier subscription. Null ends the subscription, and also gives up what was assigned by hand.
   *
   * @throws {GatewayError} IllegalState while partitions are assigned by hand; InvalidRecord for a pattern that cannot be read
   */
  subscribe(subscription: Subscription | null): Promise<void>;
  /**
   * Assigns partitions by hand, and replaces those assigned by hand before.
   *
   * @throws {GatewayError} IllegalState with a subscription; TopicNotFound, PartitionNotFound
   */
  assign(places: readonly Place[]): Promise<void>;
  /**
   * Hands out records, and remembers where to continue. Null if this process had an answer but could not settle it, as the group has
   * moved on.
   *
   * @throws {GatewayError} IllegalState without subscription and assignment, or when another poll has moved it meanwhile
   */
  poll<Answer>(options: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null>;
  /**
   * Commits; without offsets, all that was handed out.
   *
   * @throws {GatewayError} IllegalState for a partition that it does not have; without offsets, also when a request that arrived later has
   *   moved it
   */
  commit(offsets: readonly PlaceCommit[] | null): Promise<void>;
  /**
   * Moves the positions in partitions that it has; committed offsets stay.
   *
   * @throws {GatewayError} IllegalState for a partition that it does not have, or when a request that arrived later has moved it
   */
  seek(targets: readonly SeekTarget[]): Promise<void>;
  /** Ends it. With auto commit, commits what it handed out last. */
  leave(): Promise<void>;
}

/** A consumer to poll. Its fields may be out of date until the poll begins to read. */
export type PolledConsumer = Pick<Consumer, 'options' | 'subscription' | 'partitions' | 'poll'>;

/** Knows the members of one consumer group, their partitions and offsets: Kafka's own coordinator, or a replacement for it. */
export interface Coordinator {
  /**
   * @param arrivedAt when the request arrived, in Unix milliseconds
   * @throws {GatewayError} ConsumerExists
   */
  create(name: string, options: ConsumerOptions, arrivedAt: number): Promise<void>;
  /**
   * @param arrival of the request
   * @throws {GatewayError} ConsumerNotFound, also for a consumer that was created after the request had arrived
   */
  describe(name: string, arrival: Arrival): Promise<Consumer>;
  /**
   * The same for a poll, without a request if this process has polled the consumer lately.
   *
   * @throws {GatewayError} ConsumerNotFound, which the poll may throw instead
   */
  recall(name: string, arrival: Arrival): Promise<PolledConsumer>;
  /** What is committed in the group, with or without members. */
  committed(): Promise<PlaceCommit[]>;
}
