import { type ConsumerOptions, type PollOptions, waitOf } from './coordinator.ts';
import { type Arrival, BoundedPoll } from './term.ts';

/** Taken off the wait, so that its result can be settled before the deadline. */
export const MARGIN_MS = 1000;

/** Until when a poll waits (Unix milliseconds), and when it may take records. */
export interface PollTimes {
  readonly waitUntil: number;
  readonly bounds: BoundedPoll;
}

/**
 * Whether a request arrived before the consumer was created, and so was meant for an earlier one of its name: the client has deleted that one,
 * and does not wait for it. False where arrivals are not known.
 */
export const isOfEarlier = ({ arrivedAt }: Arrival, { createdAt }: { createdAt: number }): boolean =>
  arrivedAt !== null && arrivedAt < createdAt;

/** @param deadline Unix milliseconds */
export function timesOf(asked: PollOptions, options: ConsumerOptions, deadline: number): PollTimes {
  const waitMs = waitOf(asked, options);
  const waitUntil = Math.min(asked.since + waitMs, deadline - MARGIN_MS);
  return { waitUntil, bounds: new BoundedPoll(asked, waitMs, waitUntil) };
}
