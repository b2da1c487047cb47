import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { delivery } from '../../../../lib/kafka/produce/delivery.ts';
import { Lanes } from '../../../../lib/kafka/produce/lanes.ts';
import { settled, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const on = (...partitions: number[]) => partitions.map((partition) => delivery('orders', partition, Buffer.alloc(0), 1));
const later = () => Date.now() + 60_000;

/** Enters and notes the name once it is in. Call what is noted in `leave` to leave. */
async function waiting(lanes: Lanes, partitions: number[], name: string, entered: string[], leave: Map<string, () => void>): Promise<void> {
  const free = await lanes.enter(on(...partitions), later());
  entered.push(name);
  if (free !== null) leave.set(name, free);
}

test('a free lane is entered at once, and one that was left is free', async () => {
  const lanes = new Lanes();

  for (let i = 0; i < 3; i++) {
    const leave = await lanes.enter(on(0), later());
    assert.ok(leave !== null);
    leave();
  }
});

test('one batch of a partition goes after the other, in the order of asking', async () => {
  const lanes = new Lanes();
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  for (const name of ['first', 'second', 'third']) waiting(lanes, [0], name, entered, leave);

  await settled();
  assert.deepEqual(entered, ['first']);
  leave.get('first')?.();
  await settled();
  assert.deepEqual(entered, ['first', 'second']);
  leave.get('second')?.();
  await settled();
  assert.deepEqual(entered, ['first', 'second', 'third']);
});

test('other partitions, and the same partition of other topics, are not waited for', async () => {
  const lanes = new Lanes();

  const first = await lanes.enter(on(0), later());
  const second = await lanes.enter(on(1, 2), later());
  const third = await lanes.enter([delivery('clicks', 0, Buffer.alloc(0), 1)], later());

  assert.ok(first !== null && second !== null && third !== null);
});

test('a request takes all its lanes at once or none', async () => {
  const lanes = new Lanes();
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  await waiting(lanes, [0], 'holds 0', entered, leave);
  waiting(lanes, [0, 1], 'wants 0 and 1', entered, leave);
  await settled();

  await waiting(lanes, [1], 'takes 1', entered, leave);
  leave.get('holds 0')?.();
  await settled();

  assert.deepEqual(entered, ['holds 0', 'takes 1']);
  leave.get('takes 1')?.();
  await settled();
  assert.deepEqual(entered, ['holds 0', 'takes 1', 'wants 0 and 1']);
});

test('a lane that is not free by the deadline is not entered, and can be by the next', async (t) => {
  stopTime(t);
  const lanes = new Lanes();
  const leave = await lanes.enter(on(0), later());
  const began = Date.now();

  const late = await timePasses(t, Promise.resolve(lanes.enter(on(0, 1), began + 500)));

  assert.equal(late, null);
  assert.equal(Date.now(), began + 500);
  assert.ok((await lanes.enter(on(1), later())) !== null, 'nothing of what it wanted is kept');
  leave?.();
  assert.ok((await lanes.enter(on(0), later())) !== null);
});

test('requests of any lanes all get through, and never two in one lane', async () => {
  const request = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), fc.scheduler(), async (requests, scheduler) => {
      const lanes = new Lanes();
      const inside = new Set<number>();
      const all = requests.map(async (partitions) => {
        const leave = await lanes.enter(on(...partitions), later());
        for (const partition of partitions) assert.ok(!inside.has(partition));
        for (const partition of partitions) inside.add(partition);
        await scheduler.schedule(Promise.resolve());
        for (const partition of partitions) inside.delete(partition);
        leave?.();
      });

      await scheduler.waitFor(Promise.all(all));
    }),
    { numRuns: 50 },
  );
});
