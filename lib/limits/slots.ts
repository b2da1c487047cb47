import { type Counts, countName } from './counts.ts';
import type { Rule, SlottedLimit } from './rule.ts';
import type { Update } from './update.ts';

export type SlottedRule = Extract<Rule, SlottedLimit>;

/**
 * Uses counted by slots of time. Each is added, when it is made, to the count of every slot that it matters in, later ones too: so
 * whether there is room takes a look at one count, which a condition of DynamoDB's can do, and nothing is known beforehand. The next slot
 * is looked at, too: by clocks that are ahead, or where this took long, it has begun, and those who are in it do not count in this one.
 */
export function addToSlots(update: Update, rule: SlottedRule, cost: number, now: number): void {
  for (let i = 0; i < rule.slots; i++) update.add(slotName(rule, now, i), cost);
  for (const name of namesAhead(rule, now, 0)) update.ifAtMost(name, rule.limit - cost);
}

/** Marks a use that is given back at its end, so that this happens once. */
export function markLease(update: Update, rule: SlottedRule, nonce: string, now: number): void {
  update.set(leaseName(rule, nonce, now), 1);
}

/**
 * Makes a use last as if it were made now: it goes on as a lease with the same nonce and this time, if it has not expired.
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

/** Counts a use that goes on, and that was not given back, though its lease is gone: it expired meanwhile. There is no asking for room. */
export function countAnew(update: Update, rule: SlottedRule, nonce: string, now: number): boolean {
  for (let i = 0; i < rule.slots; i++) update.add(slotName(rule, now, i), 1);
  markLease(update, rule, nonce, now);
  return true;
}

/** The beginning of the slot in which a use was made, or last renewed; null where it has no lease. */
export function leasedAt(rule: SlottedRule, counts: Counts, nonce: string): number | null {
  const ends = Object.keys(counts).flatMap((name) => {
    const [id, until = '', whose] = name.split('.');
    return id === rule.id && whose === nonce ? [Number.parseInt(until, 36)] : [];
  });
  return ends.length === 0 ? null : Math.max(...ends) - rule.slots * rule.slotMs;
}

/** Gives a use back that was made at a time, where that is not past. */
export function returnLease(update: Update, rule: SlottedRule, nonce: string, madeAt: number, now: number): void {
  const passed = Math.floor(now / rule.slotMs) - Math.floor(madeAt / rule.slotMs);
  for (let i = Math.max(0, passed); i < rule.slots; i++) update.add(slotName(rule, madeAt, i), -1);
  update.remove(leaseName(rule, nonce, madeAt));
  update.ifExists(leaseName(rule, nonce, madeAt));
}

/** The used part of the limit. */
export const usedOfSlots = (rule: SlottedRule, counts: Counts, now: number): number => usedAhead(rule, counts, now, 0);

/** Milliseconds until no more than so much is used, if nothing is added. */
export function untilSlotsHold(rule: SlottedRule, counts: Counts, most: number, now: number): number {
  let ahead = 0;
  while (ahead < rule.slots && usedAhead(rule, counts, now, ahead) > most) ahead++;
  return ahead === 0 ? 0 : slotEnd(rule, now, ahead - 1) - now;
}

const usedAhead = (rule: SlottedRule, counts: Counts, now: number, later: number): number =>
  Math.max(...namesAhead(rule, now, later).map((name) => counts[name] ?? 0));

/** The slots that decide whether there is room: one so many later, and the one after it, where a use counts in more than its own. */
const namesAhead = (rule: SlottedRule, now: number, later: number): string[] =>
  rule.slots === 1 ? [slotName(rule, now, later)] : [slotName(rule, now, later), slotName(rule, now, later + 1)];

/** The end, in Unix milliseconds, of the slot of a time, or of one so many later. */
const slotEnd = (rule: SlottedRule, time: number, later: number): number => (Math.floor(time / rule.slotMs) + 1 + later) * rule.slotMs;
const slotName = (rule: SlottedRule, time: number, later: number): string => countName(rule.id, slotEnd(rule, time, later));
const leaseName = (rule: SlottedRule, nonce: string, madeAt: number): string =>
  countName(rule.id, slotEnd(rule, madeAt, rule.slots - 1), nonce);
