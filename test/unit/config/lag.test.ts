import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLag } from '../../../lib/config/lag.ts';
import { problemsOf } from './problems.ts';

test('groups are those that are listed', () => {
  assert.deepEqual(readLag({ GATEWAY_LAG_GROUPS: 'billing, orders-*' }), { groups: ['billing', 'orders-*'] });
});

test('nothing is measured that nobody would see, or without credentials', () => {
  const groups = { GATEWAY_LAG_GROUPS: '*' };

  assert.match(problemsOf(readLag, {}), /set GATEWAY_LAG_GROUPS/);
  assert.match(problemsOf(readLag, { ...groups, GATEWAY_METRICS: 'none' }), /needs GATEWAY_METRICS=emf/);
  assert.match(problemsOf(readLag, { ...groups, GATEWAY_LOG_LEVEL: 'WARN' }), /GATEWAY_LOG_LEVEL=info or debug/);
  assert.match(problemsOf(readLag, { ...groups, GATEWAY_AUTH: 'passthrough' }), /needs credentials of the gateway itself/);
});
