import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countName, countsOf, expiredNames } from '../../../lib/limits/counts.ts';

test('the counts of an item are its numbers', () => {
  assert.deepEqual(countsOf({ pk: { S: 'key' }, used: { N: '12' }, expiresAt: { N: '99' } }), { used: 12, expiresAt: 99 });
  assert.deepEqual(countsOf(undefined), {});
});

test('a count that no clock still looks at has expired, whichever rule it was of', () => {
  const now = Date.UTC(2030, 0, 1);
  const names = [
    countName('gone', now - 60_001),
    countName('gone', now - 60_001, 'a.b'),
    countName('late', now - 60_000),
    countName('here', now + 1),
  ];
  const counts = Object.fromEntries([...names, 'bucket', 'expiresAt'].map((name) => [name, 1]));

  assert.deepEqual(expiredNames(counts, now), names.slice(0, 2));
});
