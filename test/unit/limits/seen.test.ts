import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seen } from '../../../lib/limits/seen.ts';

test('the items seen last are remembered, as many as there is room for', () => {
  const seen = new Seen(2);
  const sighting = { counts: {}, at: 0, filledByOthers: false };

  for (const pk of ['a', 'b', 'a', 'c']) seen.set(pk, sighting);

  assert.deepEqual([seen.get('a'), seen.get('b'), seen.get('c')], [sighting, undefined, sighting]);
});
