import type { Counts } from './counts.ts';
import type { BucketLimit, Rule } from './rule.ts';
import type { Update } from './update.ts';

export type BucketRule = Extract<Rule, BucketLimit>;

/**
 * A leaky bucket is one number, as in the generic cell rate algorithm: the time, in Unix microseconds, at which it will be empty. Pouring
 * in moves that time later, starting from now if it is past. DynamoDB has no maximum function, so the caller has to guess whether the
 * bucket is empty, and the condition makes a wrong guess fail.
 */
export function pourInto(update: Update, rule: BucketRule, cost: number, empty: boolean, now: number, deadline: number): void {
  const poured = microseconds(rule, cost);
  if (empty) {
    update.set(rule.id, now * 1000 + poured);
    update.ifAtMost(rule.id, now * 1000);
  } else {
    update.add(rule.id, poured);
    update.ifBetween(rule.id, now * 1000, now * 1000 + roomOf(rule, deadline - now) - poured);
  }
}

/** Whether the bucket is empty, by the counts that are known. */
export const isEmpty = (rule: BucketRule, counts: Counts, now: number): boolean => (counts[rule.id] ?? 0) < now * 1000;

/** The free part of the bucket's burst; negative while something has to wait. */
export const roomInBucket = (rule: BucketRule, counts: Counts, now: number): number =>
  rule.burst - (untilEmpty(rule, counts, now) * rule.rate) / 1000;

/** Milliseconds until the bucket is empty. */
export const untilEmpty = (rule: BucketRule, counts: Counts, now: number): number => Math.max(0, (counts[rule.id] ?? 0) / 1000 - now);

/** Milliseconds until the bucket has room for a cost, if nothing else is poured in. */
export function untilBucketTakes(rule: BucketRule, counts: Counts, cost: number, now: number, deadline: number): number {
  const poured = microseconds(rule, cost);
  const level = Math.max(0, (counts[rule.id] ?? 0) - now * 1000);
  return Math.max(0, (level + poured - roomOf(rule, deadline - now)) / 1000);
}

/** Milliseconds that the last use has to wait until the bucket is down to its burst. */
export const delayAfter = (rule: BucketRule, counts: Counts, now: number): number =>
  Math.max(0, Math.ceil(untilEmpty(rule, counts, now) - microseconds(rule, rule.burst) / 1000));

/** The time in which this amount leaks. */
const microseconds = (rule: BucketRule, amount: number): number => Math.round((amount / rule.rate) * 1e6);

/** The time in which a full bucket leaks, with all that may wait for room in it. */
const roomOf = (rule: BucketRule, remainingMs: number): number =>
  microseconds(rule, rule.burst) + Math.min(rule.delayMs, Math.max(0, remainingMs)) * 1000;
