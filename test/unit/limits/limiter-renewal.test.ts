import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter, RENEW_MS } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import type { Use } from '../../../lib/limits/use.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';

const use: Use = { operation: 'read', principal: 'alice', sourceAddress: '192.0.2.1', headers: {}, records: [{ topic: 'orders' }] };

test('what concurrency counts does not expire while it is renewed, is given back once, and expires without that', async () => {
  const clock = { now: Date.UTC(2030, 0, 1, 12) };
  const rules = parseRules('[{"kind":"concurrency","key":"principal","limit":1}]');
  const limiter = new Limiter(rules, new MemoryTable(), () => clock.now);
  const admit = () => limiter.admit(use, clock.now + 29_000);
  const stream = await admit();
  assert.ok(stream?.admitted);

  for (let passed = 0; passed < 5 * 60_000; passed += RENEW_MS) {
    clock.now += RENEW_MS;
    await stream.renew();
    assert.equal((await admit())?.admitted, false, `after ${passed} ms`);
  }
  await stream.finish();
  const second = await admit();
  assert.ok(second?.admitted);
  assert.equal((await admit())?.admitted, false);

  clock.now += 36_000;
  assert.equal((await admit())?.admitted, true);
});

test('what concurrency counts is given back whole where the clock was put back over the end of a slot', async () => {
  const slotMs = 5000;
  const clock = { now: Date.UTC(2030, 0, 1, 12) };
  const rules = parseRules('[{"kind":"concurrency","key":"principal","limit":1}]');
  const limiter = new Limiter(rules, new MemoryTable(), () => clock.now);
  const admit = () => limiter.admit(use, clock.now + 29_000);
  const stream = await admit();
  assert.ok(stream?.admitted);

  clock.now -= 10;
  await stream.renew();
  await stream.finish();

  for (let slots = 0; slots < 8; slots++) {
    const one = await admit();
    assert.ok(one?.admitted, `after ${slots} slots`);
    assert.equal((await admit())?.admitted, false, `after ${slots} slots`);
    await one.finish();
    clock.now += slotMs;
  }
});
