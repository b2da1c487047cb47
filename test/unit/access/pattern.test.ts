import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, matchesOneOf } from '../../../lib/access/pattern.ts';

test('a pattern is a name, or what names begin with', () => {
  assert.equal(matches('orders', 'orders'), true);
  assert.equal(matches('orders', 'orders-eu'), false);
  assert.equal(matches('orders*', 'orders-eu'), true);
  assert.equal(matches('*', ''), true);
});

test('a name matches when one of the patterns does', () => {
  assert.equal(matchesOneOf(['a', 'b*'], 'bc'), true);
  assert.equal(matchesOneOf([], 'bc'), false);
});
