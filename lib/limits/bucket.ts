import type { Counts } from './counts.ts';
import type { BucketLimit, Rule } from './rule.ts';
import type { Update } from './update.ts';

export type BucketRule = Extract<Rule, BucketLimit>;

/**
 * A leaky bucket is one number, as in the generic cell rate algorithm: the time, in Unix microseconds, when it will have run empty. To pour
 * something in puts that time off, from now on if it is past. DynamoDB knows no maximum of two numbers, so it has to be said beforehand
 * whether the bucket is empty; the condition sees to it that this is so.
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

/** Whether what was poured into the bucket, as far as this is known, has run out. */
export const isEmpty = (rule: BucketRule, counts: Counts, now: number): boolean => (counts[rule.id] ?? 0) < now * 1000;

/** The free part of the bucket's burst; negative when something has to wait. */
export const roomInBucket = (rule: BucketRule, counts: Counts, now: number): number =>
  rule.burst - (untilEmpty(rule, counts, now) * rule.rate) / 1000;

/** Milliseconds until the bucket has run empty. */
export const untilEmpty = (rule: BucketRule, counts: Counts, now: number): number => Math.max(0, (counts[rule.id] ?? 0) / 1000 - now);

/** Milliseconds until there is room for so much, if nothing else is poured in. */
export function untilBucketTakes(rule: BucketRule, counts: Counts, cost: number, now: number, deadline: number): number {
  const poured = microseconds(rule, cost);
  const level = Math.max(0, (counts[rule.id] ?? 0) - now * 1000);
  return Math.max(0, (level + poured - roomOf(rule, deadline - now)) / 1000);
}

/** Milliseconds that the last use has to wait until the bucket holds no more than its burst. */
export const delayAfter = (rule: BucketRule, counts: Counts, now: number): number =>
  Math.max(0, Math.ceil(untilEmpty(rule, counts, now) - microseconds(rule, rule.burst) / 1000));

/** The time that so much takes to leak. */
const microseconds = (rule: BucketRule, amount: number): number => Math.round((amount / rule.rate) * 1e6);

/** The time that a full bucket takes to run empty, with what may wait for room in it. */
const roomOf = (rule: BucketRule, remainingMs: number): number =>
  microseconds(rule, rule.burst) + Math.min(rule.delayMs, Math.max(0, remainingMs)) * 1000;
