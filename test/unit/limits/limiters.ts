import assert from 'node:assert/strict';
import { type Decision, Limiter } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import type { Use } from '../../../lib/limits/use.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';

export const NOON = Date.UTC(2030, 0, 1, 12);

/** Limiters of as many instances as asked for, with one table and one clock. */
export function limiters(rules: object[], instances = 1) {
  const table = new MemoryTable();
  const clock = { now: NOON };
  const parsed = parseRules(JSON.stringify(rules));
  const all = Array.from({ length: instances }, () => new Limiter(parsed, table, () => clock.now));
  const admit = (parts: Partial<Use> = {}, instance = 0, limitMs = 29_000): Promise<Decision | null> =>
    all[instance].admit({ ...use, ...parts }, clock.now + limitMs);
  return { table, clock, admit };
}

export const use: Use = {
  operation: 'produce',
  principal: 'alice',
  sourceAddress: '192.0.2.1',
  headers: {},
  records: [{ topic: 'orders' }],
};
export const records = (count: number, topic = 'orders') => Array.from({ length: count }, () => ({ topic }));

export function admitted(verdict: Decision | null) {
  assert.ok(verdict?.admitted, JSON.stringify(verdict));
  return verdict;
}

export function refused(verdict: Decision | null) {
  assert.ok(verdict?.admitted === false, JSON.stringify(verdict));
  return verdict;
}
