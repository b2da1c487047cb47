import type { Isolation } from '../../protocol/fetch.ts';

/** Where a consumer begins that has committed nothing; with `none` that is an error. */
export type OffsetReset = 'earliest' | 'latest' | 'none';

/** What a consumer was created with. */
export interface ConsumerOptions {
  /** Of its records, as routes name formats. */
  readonly format: string;
  readonly offsetReset: OffsetReset;
  /** Whether each poll commits what the one before it has handed out. */
  readonly autoCommit: boolean;
  /** A poll waits for so many bytes. */
  readonly minBytes: number;
  /** The longest wait of a poll, in milliseconds; null where each poll says its own. */
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

/** What is to be read for a poll. */
export interface WantedRecords {
  /** Where to begin, and before what to stop: infinite for the end of the log. */
  readonly positions: readonly (PlacePosition & { readonly until: number })[];
  /** How long to wait for a record, in milliseconds. */
  readonly waitMs: number;
}

/** What a poll hands out. */
export interface HandedOut<Answer> {
  /** Where each of the partitions goes on, in any order; those left out stay where they are. */
  readonly next: readonly PlacePosition[];
  /** True without a record. */
  readonly isEmpty: boolean;
  readonly answer: Answer;
}

/** Reads records and makes an answer of them. It may be called again, and what it gave before is not handed out then. */
export type ReadRecords<Answer> = (wanted: WantedRecords) => Promise<HandedOut<Answer>>;

export interface PollOptions {
  /** The same again gets the same records again; null where the client does not repeat polls. */
  readonly pollId: string | null;
  /** How long to wait for a record; null where the poll does not say. */
  readonly waitMs: number | null;
}

/** A poll waits so long unless it, or the consumer, says otherwise. */
const WAIT_MS = 1000;

/** How long a poll waits for a record: as long as it says, and no longer than the consumer does. */
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
 * A consumer as it was found, in one request of a client. Any process can find it at any time, and nothing of it is kept in one: all that
 * it does is fenced, so that what was found before a rebalance, or before the process was frozen, cannot do harm.
 */
export interface Consumer {
  readonly name: string;
  readonly options: ConsumerOptions;
  /** Null without one. */
  readonly subscription: Subscription | null;
  /** What it reads: what it was assigned by hand, or by the group. */
  readonly partitions: readonly Place[];

  /**
   * Subscribes, in the place of what it was subscribed to; null: to nothing, and what was assigned by hand is given up too.
   *
   * @throws {GatewayError} IllegalState for partitions assigned by hand; InvalidRecord for a pattern that cannot be read
   */
  subscribe(subscription: Subscription | null): Promise<void>;
  /**
   * Takes partitions by hand, in the place of those that it has so.
   *
   * @throws {GatewayError} IllegalState with a subscription; TopicNotFound, PartitionNotFound
   */
  assign(places: readonly Place[]): Promise<void>;
  /**
   * Hands out records, and remembers where it goes on. An answer that this process had, but could not settle as the group has moved on, is
   * given up: null.
   *
   * @throws {GatewayError} IllegalState without subscription and assignment, or when another poll has moved it meanwhile
   */
  poll<Answer>(options: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null>;
  /**
   * Commits; without offsets, all that was handed out.
   *
   * @throws {GatewayError} IllegalState for a partition that it does not have
   */
  commit(offsets: readonly PlaceCommit[] | null): Promise<void>;
  /**
   * Goes on elsewhere in partitions that it has; what is committed stays.
   *
   * @throws {GatewayError} IllegalState for a partition that it does not have
   */
  seek(targets: readonly SeekTarget[]): Promise<void>;
  /** Ends it. With auto commit, what it handed out last is committed. */
  leave(): Promise<void>;
}

/** A consumer to poll. What it says of itself may be old until the poll begins to read. */
export type PolledConsumer = Pick<Consumer, 'options' | 'subscription' | 'partitions' | 'poll'>;

/** Keeps who reads what in one consumer group, and how far they are: Kafka's own coordinator, or something in its place. */
export interface Coordinator {
  /** @throws {GatewayError} ConsumerExists */
  create(name: string, options: ConsumerOptions): Promise<void>;
  /** @throws {GatewayError} ConsumerNotFound */
  describe(name: string): Promise<Consumer>;
  /**
   * The same for a poll, without asking anybody where this process has polled it lately.
   *
   * @throws {GatewayError} ConsumerNotFound, which the poll may throw in its place
   */
  recall(name: string): Promise<PolledConsumer>;
  /** What is committed in the group, with or without members. */
  committed(): Promise<PlaceCommit[]>;
}
