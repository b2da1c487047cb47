import type { GatewayError } from '../../errors.ts';
import { type Acks, laneOf } from '../protocol/produce.ts';
import type { ProducerId } from './identity.ts';

/** One batch on its way to one partition; the producer writes its outcome into it. */
export interface Delivery {
  readonly topic: string;
  readonly partition: number;
  /** Topic and partition: batches of one lane are sent one after the other. */
  readonly lane: string;
  /** How many records the batch holds. */
  readonly count: number;
  batch: Buffer;
  outcome: Outcome | null;
  /** Set when the topic no longer has the partition. */
  gone: GatewayError | null;
  /** True while a broker may have written the batch, or may still write it, and has not told us. */
  maybeWritten: boolean;
  /** The last failure. */
  cause: unknown;
  identity: ProducerId | null;
  sequence: number;
  restarts: number;
  /** True when the batch must be stamped again before it is sent. */
  stale: boolean;
}

/** Error 0 and where the batch was written, or Kafka's error code. */
export interface Outcome {
  error: number;
  baseOffset: number;
  /** Unix milliseconds if the topic stores the append time, else -1. */
  appendTime: number;
  /** The records for which Kafka refused the whole batch, by their place in it. */
  refusedRecords: readonly number[];
}

/** How a request's batches are to be written. */
export interface DeliveryOptions {
  acks: Acks;
  /** Unix milliseconds; no attempt begins and no wait lasts after it. */
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

/** Ends a delivery that this attempt did not write. */
export const refuse = (one: Delivery, error: number, refusedRecords: readonly number[] = []): void => {
  one.outcome = { error, baseOffset: -1, appendTime: -1, refusedRecords };
};
