import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../../lib/http/api.ts';
import { fuzz } from './fuzz.ts';

/** Routes of what a request before them has to make: an instance, a receipt, a subscription, a member; or of what only a build knows. */
const OF_WHAT_IS_MADE = /\/instances\/|\/queues\/\{group\}|\/subscriptions|\/consumers\/\{consumer\}|\/console\/\{file\}/;

test('whatever is asked for, the answer is one of the gateway’s', async (t) => {
  const { statuses, successes, slowest } = await fuzz(t, { seed: 20_261, requests: 3500 });

  for (const { stallMs, request } of slowest) t.diagnostic(`the event loop stood still for ${stallMs} ms: ${request}`);
  const missing = [200, 201, 204, 207, 400, 404, 405, 406, 413, 415, 422].filter((status) => !statuses.has(status));
  assert.deepEqual(missing, [], 'statuses that no answer had');
  const idle = api.filter((route) => !OF_WHAT_IS_MADE.test(route) && !successes.has(route));
  assert.deepEqual(idle, [], 'routes that never did what they were asked for');
});
