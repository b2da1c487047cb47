import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Delivery, delivery } from '../../../../lib/kafka/produce/delivery.ts';
import { Lanes } from '../../../../lib/kafka/produce/lanes.ts';

const on = (partition: number, topic = 'orders') => delivery(topic, partition, Buffer.alloc(0), 1);
const nobody = () => assert.fail('nobody has to wait');

/** Queues a delivery, and notes its name when its turn comes. */
function queue(lanes: Lanes, one: Delivery, name: string, turns: string[]): void {
  lanes.enter([one], () => turns.push(name));
  if (lanes.isTurnOf(one)) turns.push(name);
}

test('a free lane is entered at once, and one that was left is free', () => {
  const lanes = new Lanes();

  for (let i = 0; i < 3; i++) {
    const one = on(0);
    lanes.enter([one], nobody);
    assert.equal(lanes.isTurnOf(one), true);
    lanes.leave(one);
    assert.equal(lanes.isTurnOf(one), false);
  }
});

test('one batch of a partition goes after the other, in the order of asking', () => {
  const lanes = new Lanes();
  const turns: string[] = [];
  const [first, second, third] = [on(0), on(0), on(0)];
  queue(lanes, first, 'first', turns);
  queue(lanes, second, 'second', turns);
  queue(lanes, third, 'third', turns);

  assert.deepEqual(turns, ['first']);
  lanes.leave(first);
  assert.deepEqual(turns, ['first', 'second']);
  lanes.leave(second);
  assert.deepEqual(turns, ['first', 'second', 'third']);
});

test('other partitions, and the same partition of other topics, are not waited for', () => {
  const lanes = new Lanes();
  const all = [on(0), on(1), on(2), on(0, 'clicks')];

  for (const one of all) lanes.enter([one], nobody);

  assert.ok(all.every((one) => lanes.isTurnOf(one)));
});

test('who wants several lanes queues in all of them at once, and holds up none that it does not use yet', () => {
  const lanes = new Lanes();
  const turns: string[] = [];
  const [holds0, wants0, wants1, later0] = [on(0), on(0), on(1), on(0)];
  lanes.enter([holds0], nobody);
  lanes.enter([wants0, wants1], () => turns.push('wants 0 and 1'));
  queue(lanes, later0, 'later in 0', turns);

  assert.deepEqual([lanes.isTurnOf(wants0), lanes.isTurnOf(wants1)], [false, true]);
  lanes.leave(wants1);
  queue(lanes, on(1), 'later in 1', turns);
  lanes.leave(holds0);
  assert.deepEqual(turns, ['later in 1', 'wants 0 and 1'], 'not behind those that came later to 0');
  lanes.leave(wants0);
  assert.deepEqual(turns, ['later in 1', 'wants 0 and 1', 'later in 0']);
});

test('who gives up a place in the queue is passed over, and leaving twice frees nobody else', () => {
  const lanes = new Lanes();
  const turns: string[] = [];
  const [first, second, third] = [on(0), on(0), on(0)];
  queue(lanes, first, 'first', turns);
  queue(lanes, second, 'second', turns);
  queue(lanes, third, 'third', turns);

  lanes.leave(second);
  lanes.leave(second);
  assert.deepEqual(turns, ['first']);
  lanes.leave(first);
  lanes.leave(first);

  assert.deepEqual(turns, ['first', 'third']);
  assert.equal(lanes.isTurnOf(third), true);
});

test('requests of any lanes all get through, in the order of asking in each lane, and never two in one', async () => {
  const request = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), fc.scheduler(), async (requests, scheduler) => {
      const lanes = new Lanes();
      const passed = new Map<number, number[]>();
      const pass = async (one: Delivery, number: number): Promise<void> => {
        passed.set(one.partition, [...(passed.get(one.partition) ?? []), number]);
        await scheduler.schedule(Promise.resolve());
        lanes.leave(one);
      };
      const all = requests.flatMap((partitions, number) => {
        const deliveries = partitions.map((partition) => on(partition));
        const turns = deliveries.map((one) => ({ one, turn: Promise.withResolvers<void>() }));
        const call = () => {
          for (const { one, turn } of turns) if (lanes.isTurnOf(one)) turn.resolve();
        };
        lanes.enter(deliveries, call);
        call();
        return turns.map(({ one, turn }) => turn.promise.then(() => pass(one, number)));
      });

      await scheduler.waitFor(Promise.all(all));

      for (const [partition, numbers] of passed) {
        const asked = requests.flatMap((partitions, number) => (partitions.includes(partition) ? [number] : []));
        assert.deepEqual(numbers, asked);
      }
    }),
    { numRuns: 50 },
  );
});
