import { type Counts, countName } from './counts.ts';
import type { Rule, SlottedLimit } from './rule.ts';
import type { Update } from './update.ts';

export type SlottedRule = Extract<Rule, SlottedLimit>;

/**
 * Uses counted by slots of time. A use is added at once to the count of every slot that it matters in, later ones too. So one count tells
 * whether there is room: a DynamoDB condition can check it, and nothing has to be known before. The condition also checks the next slot:
 * for an instance whose clock is ahead, or after a delay, it has already begun, and its uses do not count in this one.
 */
export function addToSlots(update: Update, rule: SlottedRule, cost: number, now: number): void {
  for (let i = 0; i < rule.slots; i++) update.add(slotName(rule, now, i), cost);
  for (const name of namesAhead(rule, now, 0)) update.ifAtMost(name, rule.limit - cost);
}

/** Marks a use as a lease, so that it is returned only once. */
export function markLease(update: Update, rule: SlottedRule, nonce: string, now: number): void {
  update.set(leaseName(rule, nonce, now), 1);
}

/**
 * Extends a lease as if it were made now: it keeps its nonce and gets this time, unless it has expired.
 *
 * @returns whether there is anything to write
 */
export function renewLease(update: Update, rule: SlottedRule, nonce: string, madeAt: number, now: number): boolean {
  const passed = Math.floor(now / rule.slotMs) - Math.floor(madeAt / rule.slotMs);
  if (passed === 0) return false;
  for (let i = Math.max(0, rule.slots - passed); i < rule.slots; i++) update.add(slotName(rule, now, i), 1);
  update.remove(leaseName(rule, nonce, madeAt));
  update.ifExists(leaseName(rule, nonce, madeAt));
  update.set(leaseName(rule, nonce, now), 1);
  return true;
}

/** Counts a use that continues although its lease has expired and is gone. Does not check for room. */
export function countAnew(update: Update, rule: SlottedRule, nonce: string, now: number): boolean {
  for (let i = 0; i < rule.slots; i++) update.add(slotName(rule, now, i), 1);
  markLease(update, rule, nonce, now);
  return true;
}

/** The beginning of the slot in which a lease was made or last renewed; null without a lease. */
export function leasedAt(rule: SlottedRule, counts: Counts, nonce: string): number | null {
  const ends = Object.keys(counts).flatMap((name) => {
    const [id, until = '', whose] = name.split('.');
    return id === rule.id && whose === nonce ? [Number.parseInt(until, 36)] : [];
  });
  return ends.length === 0 ? null : Math.max(...ends) - rule.slots * rule.slotMs;
}

/** Returns a lease that was made at a time, for the slots that are not past. */
export function returnLease(update: Update, rule: SlottedRule, nonce: string, madeAt: number, now: number): void {
  const passed = Math.floor(now / rule.slotMs) - Math.floor(madeAt / rule.slotMs);
  for (let i = Math.max(0, passed); i < rule.slots; i++) update.add(slotName(rule, madeAt, i), -1);
  update.remove(leaseName(rule, nonce, madeAt));
  update.ifExists(leaseName(rule, nonce, madeAt));
}

/** The used part of the limit. */
export const usedOfSlots = (rule: SlottedRule, counts: Counts, now: number): number => usedAhead(rule, counts, now, 0);

/** Milliseconds until at most this much is used, if nothing is added. */
export function untilSlotsHold(rule: SlottedRule, counts: Counts, most: number, now: number): number {
  let ahead = 0;
  while (ahead < rule.slots && usedAhead(rule, counts, now, ahead) > most) ahead++;
  return ahead === 0 ? 0 : slotEnd(rule, now, ahead - 1) - now;
}

const usedAhead = (rule: SlottedRule, counts: Counts, now: number, later: number): number =>
  Math.max(...namesAhead(rule, now, later).map((name) => counts[name] ?? 0));

/** The slots that decide whether there is room: the one `later` slots ahead, and the one after it if uses count in several slots. */
const namesAhead = (rule: SlottedRule, now: number, later: number): string[] =>
  rule.slots === 1 ? [slotName(rule, now, later)] : [slotName(rule, now, later), slotName(rule, now, later + 1)];

/** The end of the slot of a time, or of the slot `later` slots ahead, in Unix milliseconds. */
const slotEnd = (rule: SlottedRule, time: number, later: number): number => (Math.floor(time / rule.slotMs) + 1 + later) * rule.slotMs;
const slotName = (rule: SlottedRule, time: number, later: number): string => countName(rule.id, slotEnd(rule, time, later));
const leaseName = (rule: SlottedRule, nonce: string, madeAt: number): string =>
  countName(rule.id, slotEnd(rule, madeAt, rule.slots - 1), nonce);
