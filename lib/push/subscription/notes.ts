import { isObject } from '../../json/json-members.ts';

/** One delivery attempt, as the owner sees it. Times are in Unix milliseconds. */
export interface Attempt {
  readonly webhook_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** How many records it had. */
  readonly count: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly at: number;
  readonly ms: number;
  /** Null when there was no response. */
  readonly status: number | null;
  /** Null after a success. */
  readonly error: string | null;
  readonly outcome: 'delivered' | 'retried' | 'dead_lettered' | 'dropped' | 'disabled';
}

/** The results of a subscription's deliveries. Only the process that delivers writes them. */
export interface Notes {
  delivered: number;
  deadLettered: number;
  /** Records that were neither delivered nor kept: the endpoint wanted none of them, or the gateway may not keep them. */
  dropped: number;
  lastSuccess: number | null;
  lastError: { at: number; status: number | null; message: string } | null;
  /** Since when every attempt has failed; null otherwise. */
  failingSince: number | null;
  /** Failures in a row. */
  failures: number;
  /** Until when the endpoint has asked for no requests. */
  heldUntil: number;
  parked: number;
  /** The time of the oldest record that waits for another attempt. */
  oldestParked: number | null;
  /** Why a partition cannot be read further, or which records expired unread; null when nothing is wrong. */
  problem: string | null;
  /** When that was found; 0 before the first. */
  problemAt: number;
  /** When all its offsets were last committed. */
  committedAt: number;
  /** The latest attempts, newest first. */
  attempts: readonly Attempt[];
}

export const MOST_ATTEMPTS = 50;

export const noNotes = (): Notes => ({
  ...{ delivered: 0, deadLettered: 0, dropped: 0, lastSuccess: null, lastError: null, failingSince: null, failures: 0, heldUntil: 0 },
  ...{ parked: 0, oldestParked: null, problem: null, problemAt: 0, committedAt: 0, attempts: [] },
});

/** Reads stored notes; a missing field gets its initial value. */
export function readNotes(text: string): Notes {
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? { ...noNotes(), ...parsed } : noNotes();
}
