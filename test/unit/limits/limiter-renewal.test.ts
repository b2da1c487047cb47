import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter, RENEW_MS } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import type { Use } from '../../../lib/limits/use.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';

const SLOT_MS = 5000;
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

/** A stream of a caller who may have one at a time, and what the caller may do besides. */
async function stream() {
  const clock = { now: Date.UTC(2030, 0, 1, 12) };
  const rules = parseRules('[{"kind":"concurrency","key":"principal","limit":1}]');
  const table = new MemoryTable();
  const limiter = new Limiter(rules, table, () => clock.now);
  const admit = () => limiter.admit(use, clock.now + 29_000);
  const admission = await admit();
  assert.ok(admission?.admitted);
  return { clock, table, admit, ...admission };
}

/** Has the next write be carried out, and its answer lost. */
function loseAnswer(table: MemoryTable): void {
  const { updateItem } = table;
  table.updateItem = async (input) => {
    table.updateItem = updateItem;
    await table.updateItem(input);
    throw new Error('the connection broke');
  };
}

test('a renewal whose answer is lost is gone on from by the next one, and given back', async () => {
  const { clock, table, admit, renew, finish } = await stream();

  clock.now += RENEW_MS;
  loseAnswer(table);
  await assert.rejects(renew());
  for (let passed = 0; passed < 5 * 60_000; passed += RENEW_MS) {
    clock.now += RENEW_MS;
    await renew();
    assert.equal((await admit())?.admitted, false, `after ${passed} ms`);
  }
  await finish();

  assert.equal((await admit())?.admitted, true);
});

test('what a renewal had whose answer is lost is given back in the end', async () => {
  const { clock, table, admit, renew, finish } = await stream();

  clock.now += RENEW_MS;
  loseAnswer(table);
  await assert.rejects(renew());
  await finish();

  assert.equal((await admit())?.admitted, true);
});

test('a use that expired while nobody could renew it, and was cleared away, counts again from the next renewal on', async () => {
  const { clock, admit, renew, finish } = await stream();

  clock.now += 5 * 60_000;
  for (let others = 0; others < 2; others++) {
    const other = await admit();
    assert.ok(other?.admitted);
    await other.finish();
  }
  await renew();
  assert.equal((await admit())?.admitted, false);
  clock.now += RENEW_MS;
  await renew();
  assert.equal((await admit())?.admitted, false);
  await finish();

  assert.equal((await admit())?.admitted, true);
});

test('a use that ends while it is renewed is given back', async () => {
  const { clock, admit, renew, finish } = await stream();

  clock.now += RENEW_MS;
  await Promise.all([renew(), finish()]);

  assert.equal((await admit())?.admitted, true);
});

test('a use that has ended is not renewed', async () => {
  const { clock, admit, renew, finish } = await stream();

  clock.now += RENEW_MS;
  await Promise.all([finish(), renew()]);
  await renew();

  assert.equal((await admit())?.admitted, true);
});

test('what concurrency counts is given back whole where the clock was put back over the end of a slot', async () => {
  const { clock, admit, renew, finish } = await stream();

  clock.now -= 10;
  await renew();
  await finish();

  for (let slots = 0; slots < 8; slots++) {
    const one = await admit();
    assert.ok(one?.admitted, `after ${slots} slots`);
    assert.equal((await admit())?.admitted, false, `after ${slots} slots`);
    await one.finish();
    clock.now += SLOT_MS;
  }
});
