import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inRequests } from '../../../../lib/console/page/in-requests.ts';

test('names go into few requests, each once, in their order, and none is longer than a path may be', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `${'n'.repeat(i % 250)}${i}`);

  const lists = inRequests(names);

  assert.deepEqual(lists.flat(), names);
  assert.ok(lists.every((list) => list.join().length <= 4000));
  assert.ok(lists.length < 40, `${lists.length}`);
  assert.deepEqual(inRequests([]), []);
});
