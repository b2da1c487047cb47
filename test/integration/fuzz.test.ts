import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from '../fuzz/fuzz.ts';

test('whatever is asked for, the answer is one of the gateway’s', async (t) => {
  const statuses = await fuzz(t, { seed: 20_261, requests: 1500 });

  for (const status of [200, 400, 404, 405, 415, 422]) assert.ok(statuses.has(status), `no ${status} among the answers`);
});
