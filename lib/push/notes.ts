import { isObject } from '../json/json-members.ts';

/** One attempt to deliver, as its owner sees it. Times are in Unix milliseconds. */
export interface Attempt {
  readonly webhook_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Records in it. */
  readonly count: number;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  readonly at: number;
  readonly ms: number;
  /** Null without an answer. */
  readonly status: number | null;
  /** Null after a success. */
  readonly error: string | null;
  readonly outcome: 'delivered' | 'retried' | 'dead_lettered' | 'dropped' | 'disabled';
}

/** What is known of a subscription's deliveries. Only whoever delivers writes it. */
export interface Notes {
  delivered: number;
  deadLettered: number;
  /** Records that were neither delivered nor kept: the endpoint wanted none of them, or none may be kept. */
  dropped: number;
  lastSuccess: number | null;
  lastError: { at: number; status: number | null; message: string } | null;
  /** Since when nothing has succeeded; null while something does. */
  failingSince: number | null;
  /** Failures in a row. */
  failures: number;
  /** Until when the endpoint has asked to be left alone. */
  heldUntil: number;
  parked: number;
  /** The time of the oldest record that waits for another attempt. */
  oldestParked: number | null;
  /** Why a partition cannot be read on, or records had expired before they were read; null when nothing is wrong. */
  problem: string | null;
  /** When its offsets were last committed all. */
  committedAt: number;
  /** The last ones, the latest first. */
  attempts: readonly Attempt[];
}

export const MOST_ATTEMPTS = 50;

export const noNotes = (): Notes => ({
  ...{ delivered: 0, deadLettered: 0, dropped: 0, lastSuccess: null, lastError: null, failingSince: null, failures: 0, heldUntil: 0 },
  ...{ parked: 0, oldestParked: null, problem: null, committedAt: 0, attempts: [] },
});

/** Reads notes as they were written; what is missing is as it was in the beginning. */
export function readNotes(text: string): Notes {
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? { ...noNotes(), ...parsed } : noNotes();
}
