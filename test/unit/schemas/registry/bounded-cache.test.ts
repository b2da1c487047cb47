import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedCache } from '../../../../lib/schemas/registry/bounded-cache.ts';

test('who asks at the same time shares one load, and later ones what came of it', async () => {
  const cache = new BoundedCache<number>(2);
  let loads = 0;
  const load = async () => ++loads;

  assert.deepEqual(await Promise.all([cache.get('a', load), cache.get('a', load)]), [1, 1]);
  assert.equal(await cache.get('a', load), 1);
});

test('a load that fails is tried again by the next', async () => {
  const cache = new BoundedCache<number>(2);

  await assert.rejects(
    cache.get('a', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );

  assert.equal(await cache.get('a', async () => 1), 1);
});

test('what was used least recently goes first', async () => {
  const cache = new BoundedCache<string>(2);
  const load = (value: string) => async () => value;
  await cache.get('a', load('a1'));
  await cache.get('b', load('b1'));
  await cache.get('a', load('a2'));

  await cache.get('c', load('c1'));

  assert.equal(await cache.get('a', load('a3')), 'a1');
  assert.equal(await cache.get('b', load('b2')), 'b2');
});

test('a value is kept as long as it says', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const cache = new BoundedCache<number>(2, (value) => value);
  await cache.get('a', async () => 100);

  t.mock.timers.tick(99);
  const before = await cache.get('a', async () => 5);
  t.mock.timers.tick(1);
  const after = await cache.get('a', async () => 5);

  assert.deepEqual([before, after], [100, 5]);
});

test('large values and keys push out those used least recently, and the newest stays', async () => {
  const cache = new BoundedCache<string>(100, undefined, (value) => value.length);
  const large = 'x'.repeat(10 * 1024 * 1024);
  await cache.get('a', async () => large);
  await cache.get('b', async () => large);

  assert.equal(await cache.get('b', async () => 'again'), large);
  assert.equal(await cache.get('a', async () => 'again'), 'again');
  assert.equal(await cache.get(large, async () => 'c'), 'c');
  assert.equal(await cache.get('b', async () => 'again'), 'again');
});
