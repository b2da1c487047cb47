import type { Definition } from '../subscription/subscription.ts';
import type { Answer } from './post.ts';

/** What a delivery attempt leads to. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** Try again; `after` is the shortest pause that the endpoint asks for, in milliseconds; `all`: for all of its deliveries. */
  | { readonly kind: 'again'; readonly after: number; readonly all: boolean }
  /** Refused for good. */
  | { readonly kind: 'refused' }
  /** The endpoint says that it never wants this record. */
  | { readonly kind: 'abandoned' }
  /** The endpoint no longer exists. */
  | { readonly kind: 'gone' };

/** Statuses by which an endpoint says that the request is wrong, and would be wrong the next time. */
const WRONG = [400, 401, 403, 404, 413, 415, 422];
/** Statuses by which an endpoint says that it is overloaded. */
const BUSY = [429, 502, 503, 504];
const GONE = 410;
const LONGEST_MS = 24 * 3600_000;

/**
 * What a response means, by Standard Webhooks: only 2xx is success, 410 disables the subscription, `Retry-After` is obeyed. A redirect is
 * a failure.
 *
 * @param now Unix milliseconds
 */
export function verdictOn({ status, headers }: Answer, { statuses }: Definition['retry'], now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === GONE) return { kind: 'gone' };
  if (headers['webhook-delivery'] === 'abort-message') return { kind: 'abandoned' };
  const isTriedAgain = statuses === null ? !WRONG.includes(status) : statuses.includes(status);
  if (!isTriedAgain) return { kind: 'refused' };
  return { kind: 'again', after: retryAfter(headers['retry-after'], now), all: BUSY.includes(status) };
}

/** A date as C's asctime writes it, which names no zone and is of UTC. */
const ASCTIME = / \d\d:\d\d:\d\d \d{4}$/;

/** Seconds, or a date in one of three forms (RFC 9110, sections 5.6.7 and 10.2.3); a day at most. */
function retryAfter(header: string | string[] | undefined, now: number): number {
  if (typeof header !== 'string') return 0;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(ASCTIME.test(text) ? `${text} GMT` : text) - now;
  return Number.isNaN(ms) ? 0 : Math.min(LONGEST_MS, Math.max(0, ms));
}

/** The schedule of Standard Webhooks: seconds before each attempt after the first. */
export const STANDARD_SCHEDULE: readonly number[] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

const JITTER = 0.2;

/**
 * When to try again after this many attempts, in Unix milliseconds; null at the end of the schedule.
 *
 * @param random from 0 to 1
 */
export function nextAttempt(schedule: readonly number[], attempts: number, after: number, now: number, random: number): number | null {
  const seconds = schedule[attempts - 1];
  if (seconds === undefined) return null;
  const pause = seconds * 1000 * (1 - JITTER + 2 * JITTER * random);
  return now + Math.round(Math.max(pause, after));
}
