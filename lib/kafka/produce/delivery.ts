import type { GatewayError } from '../../errors.ts';
import { type Acks, laneOf } from '../protocol/produce.ts';
import type { ProducerId } from './identity.ts';

/** One batch for one partition, on its way; its outcome is written into it. */
export interface Delivery {
  readonly topic: string;
  readonly partition: number;
  /** Topic and partition: batches of one lane go one after the other. */
  readonly lane: string;
  /** How many records the batch holds. */
  readonly count: number;
  batch: Buffer;
  outcome: Outcome | null;
  /** Set where the topic no longer has the partition. */
  gone: GatewayError | null;
  /** True while a broker may have written the batch, or may still do so, without our having its word. */
  maybeWritten: boolean;
  /** What went wrong last; for the log. */
  cause: unknown;
  identity: ProducerId | null;
  sequence: number;
  restarts: number;
  /** To be stamped again before it is sent. */
  stale: boolean;
}

/** Error 0 and where the batch lies, or Kafka's error code. */
export interface Outcome {
  error: number;
  baseOffset: number;
  /** Unix milliseconds where the topic keeps the time of appending, else -1. */
  appendTime: number;
  /** Records of the batch, by their place in it, that Kafka refused all of it for. */
  refusedRecords: readonly number[];
}

/** How a request's batches are to be written. */
export interface DeliveryOptions {
  acks: Acks;
  /** Unix milliseconds; no attempt begins and nothing is waited for after it. */
  deadline: number;
}

export const delivery = (topic: string, partition: number, batch: Buffer, count: number): Delivery => ({
  topic,
  partition,
  lane: laneOf(topic, partition),
  count,
  batch,
  outcome: null,
  gone: null,
  maybeWritten: false,
  cause: undefined,
  identity: null,
  sequence: 0,
  restarts: 0,
  stale: false,
});

/** Ends a delivery that was not written, as far as this attempt goes. */
export const refuse = (one: Delivery, error: number, refusedRecords: readonly number[] = []): void => {
  one.outcome = { error, baseOffset: -1, appendTime: -1, refusedRecords };
};
