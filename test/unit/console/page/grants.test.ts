import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGranted } from '../../../../lib/console/page/grants.ts';

test('a grant is for its operations, or all, on names and beginnings of names', () => {
  const grants = [
    { operations: ['produce', 'read'], topics: ['orders', 'web-*'], consumer_groups: [] },
    { operations: ['*'], topics: [], consumer_groups: ['billing'] },
  ];

  const given = (['produce', 'delete'] as const).map((operation) =>
    ['orders', 'orders-2', 'web-', 'web-1', 'billing'].filter((name) => isGranted(grants, operation, 'topics', name)),
  );

  assert.deepEqual(given, [['orders', 'web-', 'web-1'], []]);
  assert.ok(isGranted(grants, 'commit', 'consumer_groups', 'billing'));
  assert.ok(!isGranted(grants, 'commit', 'consumer_groups', 'orders'));
});
