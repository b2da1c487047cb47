import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOneOf } from '../../../lib/access/pattern.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import { capacityOf, describeLimit, lifetimeMs, limitOf } from '../../../lib/limits/rule.ts';

const rules = parseRules(
  JSON.stringify([
    { kind: 'fixed-window', key: 'all', limit: 1000, window: 60, of: 'records' },
    { kind: 'sliding-window', key: 'all', limit: 5, window: 10 },
    { kind: 'leaky-bucket', key: 'all', rate: 10, burst: 20, delay: 0.5, of: 'bytes' },
    { kind: 'concurrency', key: 'all', limit: 3 },
  ]),
);

test('a limit is put into words', () => {
  assert.deepEqual(rules.map(describeLimit), [
    '1000 records in 60 s',
    '5 requests in 10 s',
    '10 bytes a second, 20 at once',
    '3 requests at a time',
  ]);
});

test('the limit, the most at once, and how long a count matters', () => {
  assert.deepEqual(rules.map(limitOf), [1000, 5, 20, 3]);
  assert.deepEqual(rules.map(capacityOf), [1000, 5, 25, 3]);
  assert.deepEqual(rules.map(lifetimeMs), [60_000, 11_000, 2500, 35_000]);
});

test('a name is matched as a whole, or by what it begins with', () => {
  assert.deepEqual(
    ['orders', 'orders.eu', 'order', 'my.orders'].map((name) => matchesOneOf(['orders*'], name)),
    [true, true, false, false],
  );
  assert.deepEqual(
    ['orders', 'orders.eu'].map((name) => matchesOneOf(['payments', 'orders'], name)),
    [true, false],
  );
  assert.equal(matchesOneOf(['*'], 'anything'), true);
});
