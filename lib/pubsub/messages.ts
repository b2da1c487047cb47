import type { Header, Slice, Time } from '../kafka/record.ts';

/** `PubSubReq` of pubsub.proto. Integers are as sent: whoever executes the command checks them. */
export interface PubSubRequest {
  readonly sequence: bigint;
  /** Null when there is none, or an unknown one. */
  readonly command: Command | null;
}

export type Command =
  | { readonly kind: 'empty' }
  | { readonly kind: 'ping'; readonly state: Buffer }
  | ({ readonly kind: 'list-offset' } & ListOffset)
  | ({ readonly kind: 'fetch' } & Fetch)
  | ({ readonly kind: 'produce' } & Produce)
  | ({ readonly kind: 'subscribe' } & Subscribe)
  | { readonly kind: 'credit'; readonly subscription: bigint; readonly credit: number }
  | { readonly kind: 'unsubscribe'; readonly subscription: bigint };

export interface ListOffset {
  readonly topic: string;
  readonly partition: number;
  readonly timestamp: bigint;
}

export interface Fetch {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** A number of the enum `KafkaIsolation`, or an unknown one. */
  readonly isolation: number;
}

export interface Produce {
  readonly topic: string;
  readonly records: readonly ProduceRecord[];
  /** A number of the enum `KafkaAcks`, or an unknown one. */
  readonly acks: number;
  /** A number of the enum `KafkaCompression`, or an unknown one. */
  readonly compression: number;
}

export interface ProduceRecord {
  readonly partition: number | null;
  readonly timestamp: bigint | null;
  readonly key: Slice | null;
  readonly value: Slice | null;
  readonly headers: Header[];
}

export interface Subscribe {
  readonly topics: readonly string[];
  readonly cursor: string;
  readonly from: string;
  readonly filters: readonly string[];
  /** A number of the enum `KafkaIsolation`, or an unknown one. */
  readonly isolation: number;
  readonly credit: number;
  /** Numbers of the enum `KafkaFormat`, or unknown ones. */
  readonly keyFormat: number;
  readonly valueFormat: number;
}

/** `PubSubResp` of pubsub.proto. */
export interface PubSubResponse {
  readonly sequence: bigint;
  readonly reply: Reply;
}

export type Reply =
  | ({ readonly kind: 'error' } & ErrorReply)
  | { readonly kind: 'pong'; readonly state: Buffer }
  | { readonly kind: 'offset'; readonly offset: number; readonly timestamp: Time }
  | ({ readonly kind: 'page' } & Page)
  | { readonly kind: 'produced'; readonly results: readonly ProduceResult[] }
  | { readonly kind: 'subscribed'; readonly cursor: string }
  | { readonly kind: 'credited' }
  | { readonly kind: 'unsubscribed' }
  | ({ readonly kind: 'push' } & Push);

/** `KafkaFetchResp` */
export interface Page {
  readonly messages: readonly PageMessage[];
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
}

/** `KafkaMessage` */
export interface PageMessage {
  readonly offset: number;
  readonly timestamp: Time;
  readonly key: Slice | null;
  readonly value: Slice | null;
  readonly headers: readonly Header[] | null;
}

/** `KafkaProduceResult` */
export type ProduceResult =
  | { readonly partition: number; readonly offset: number; readonly timestamp: number }
  | { readonly error: ErrorReply };

/** `KafkaPush` */
export interface Push {
  readonly records: readonly PushedRecord[];
  readonly cursor: string;
  readonly gaps: readonly PushedGap[];
  readonly credit: number;
}

/** `KafkaPushedRecord`: key or value are strings where they are sent as text. */
export interface PushedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: Time;
  readonly key: Slice | string | null;
  readonly value: Slice | string | null;
  readonly headers: readonly Header[] | null;
  /** Empty when the record is complete. */
  readonly tooLarge: string;
}

/** `KafkaGap` */
export interface PushedGap {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** `ErrorResp` */
export interface ErrorReply {
  /** One of Kafka's error codes. */
  readonly code: number;
  readonly message: string;
  readonly detail: string;
  /** 0 when a retry of the command cannot succeed. */
  readonly retryAfterMs: number;
  readonly nextOffset: number | null;
  readonly maybeWritten: boolean;
  /** Where a subscription that has ended continues; absent or empty in other errors. */
  readonly cursor?: string;
}
