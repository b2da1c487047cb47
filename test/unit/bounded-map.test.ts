import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../lib/bounded-map.ts';

/** A map with a bound of two, after these keys were set. */
function mapAfter(...keys: string[]): BoundedMap<string, number> {
  const map = new BoundedMap<string, number>(2);
  for (const [at, key] of keys.entries()) map.set(key, at);
  return map;
}

test('what was set last is kept, as much as the bound allows', () => {
  assert.deepEqual(
    [...mapAfter('a', 'b', 'c')],
    [
      ['b', 1],
      ['c', 2],
    ],
  );
});

test('a key that is set again is the newest, with its new value', () => {
  assert.deepEqual(
    [...mapAfter('a', 'b', 'a', 'c')],
    [
      ['a', 2],
      ['c', 3],
    ],
  );
});

test('reading a key does not keep it', () => {
  const map = mapAfter('a', 'b');

  map.get('a');
  map.set('c', 2);

  assert.deepEqual([...map.keys()], ['b', 'c']);
});

test('a bound that rises or falls holds from the next key on', () => {
  const map = mapAfter('a', 'b');

  map.bound = 4;
  for (const key of ['c', 'd']) map.set(key, 0);
  const raised = [...map.keys()];
  map.bound = 2;
  map.set('e', 0);

  assert.deepEqual(raised, ['a', 'b', 'c', 'd']);
  assert.deepEqual([...map.keys()], ['d', 'e']);
});
