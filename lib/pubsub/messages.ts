import type { Header, Slice, Time } from '../kafka/record.ts';

/** `PubSubReq` of pubsub.proto. Integers are as they came: what Kafka makes of them is up to whoever obeys the command. */
export interface PubSubRequest {
  readonly sequence: bigint;
  /** Null when there is none, or none that is known here. */
  readonly command: Command | null;
}

export type Command =
  | { readonly kind: 'empty' }
  | { readonly kind: 'ping'; readonly state: Buffer }
  | ({ readonly kind: 'list-offset' } & ListOffset)
  | ({ readonly kind: 'fetch' } & Fetch)
  | ({ readonly kind: 'produce' } & Produce);

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
  /** A number of the enum `KafkaIsolation`, or another. */
  readonly isolation: number;
}

export interface Produce {
  readonly topic: string;
  readonly records: readonly ProduceRecord[];
  /** A number of the enum `KafkaAcks`, or another. */
  readonly acks: number;
  /** A number of the enum `KafkaCompression`, or another. */
  readonly compression: number;
}

export interface ProduceRecord {
  readonly partition: number | null;
  readonly timestamp: bigint | null;
  readonly key: Slice | null;
  readonly value: Slice | null;
  readonly headers: Header[];
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
  | { readonly kind: 'produced'; readonly results: readonly ProduceResult[] };

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

/** `ErrorResp` */
export interface ErrorReply {
  /** One of Kafka's error codes. */
  readonly code: number;
  readonly message: string;
  readonly detail: string;
  /** 0 when the same command cannot succeed. */
  readonly retryAfterMs: number;
  readonly nextOffset: number | null;
  readonly maybeWritten: boolean;
}
