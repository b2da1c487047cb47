import { delayAfter, isEmpty, pourInto, roomInBucket, untilBucketTakes, untilEmpty } from './bucket.ts';
import type { Counts } from './counts.ts';
import { limitOf, type Rule } from './rule.ts';
import { addToSlots, markLease, untilSlotsHold, usedOfSlots } from './slots.ts';
import type { Update } from './update.ts';
import type { Charge } from './use.ts';

/** A request's time, in Unix milliseconds, and the nonce of its leases. */
export interface Moment {
  now: number;
  /** By when the response must be ready. */
  deadline: number;
  nonce: string;
}

/** A caller's use of one limit, for the `X-RateLimit` headers. */
export interface Standing {
  rule: Rule;
  limit: number;
  /** The unused part. */
  remaining: number;
  /** Milliseconds until all of it is free again, if nothing more is used. */
  resetMs: number;
}

/** How soon one of several concurrent requests has probably ended. */
const CONCURRENCY_WAIT_MS = 1000;

/** Adds a charge to an update, whose condition fails if the rule has no room. @param counts what is known of the item */
export function charge(
  update: Update,
  { rule, cost }: Charge,
  counts: Counts,
  { now, deadline, nonce }: Moment,
  expectFilled: boolean,
): void {
  if (rule.kind === 'leaky-bucket') {
    pourInto(update, rule, cost, isEmpty(rule, counts, now) && !expectFilled, now, deadline);
    return;
  }
  addToSlots(update, rule, cost, now);
  if (rule.kind === 'concurrency') markLease(update, rule, nonce, now);
}

/** Milliseconds until a charge passes, judging by these counts; 0 when it passes now. */
export function waitFor({ rule, cost }: Charge, counts: Counts, { now, deadline }: Moment): number {
  if (rule.kind === 'leaky-bucket') return untilBucketTakes(rule, counts, cost, now, deadline);
  const ms = untilSlotsHold(rule, counts, rule.limit - cost, now);
  return rule.kind === 'concurrency' ? Math.min(ms, CONCURRENCY_WAIT_MS) : ms;
}

/** A caller's standing by these counts. */
export function standingOf(rule: Rule, counts: Counts, { now }: Moment): Standing {
  const limit = limitOf(rule);
  if (rule.kind === 'leaky-bucket') {
    const remaining = Math.max(0, Math.floor(roomInBucket(rule, counts, now)));
    return { rule, limit, remaining, resetMs: untilEmpty(rule, counts, now) };
  }
  const resetMs = untilSlotsHold(rule, counts, 0, now);
  return {
    rule,
    limit,
    remaining: Math.max(0, limit - usedOfSlots(rule, counts, now)),
    resetMs: rule.kind === 'concurrency' ? Math.min(resetMs, CONCURRENCY_WAIT_MS) : resetMs,
  };
}

/** Milliseconds that an admitted request has to wait. */
export const delayOf = ({ rule }: Charge, counts: Counts, { now }: Moment): number =>
  rule.kind === 'leaky-bucket' ? delayAfter(rule, counts, now) : 0;

/** The standing with the smallest remaining share. */
export const mostRestrictive = (standings: readonly Standing[]): Standing =>
  standings.reduce((least, one) => {
    const difference = one.remaining / one.limit - least.remaining / least.limit;
    return difference < 0 || (difference === 0 && one.resetMs > least.resetMs) ? one : least;
  });
