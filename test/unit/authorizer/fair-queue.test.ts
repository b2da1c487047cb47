import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairQueue } from '../../../lib/authorizer/fair-queue.ts';

const soon = () => performance.now() + 60_000;

/** A queue that is busy until it is let go; `done` tells what has been checked since. */
function busyQueue() {
  const queue = new FairQueue();
  const held = Promise.withResolvers<void>();
  const first = queue.run('first', soon(), () => held.promise);
  const done: string[] = [];
  const check = (network: string, name: string, until = soon()) => queue.run(network, until, async () => done.push(name));
  return { queue, first, letGo: held.resolve, done, check };
}

test('checks of one network come one after the other, in their order', async () => {
  const queue = new FairQueue();
  const steps: string[] = [];
  const check = (name: string) =>
    queue.run('a', soon(), async () => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
      return name;
    });

  assert.deepEqual(await Promise.all([check('one'), check('two')]), ['one', 'two']);
  assert.deepEqual(steps, ['one begins', 'one ends', 'two begins', 'two ends']);
});

test('networks take turns, however many checks each of them wants', async () => {
  const { letGo, done, check } = busyQueue();
  const checks = [check('a', 'a1'), check('a', 'a2'), check('a', 'a3'), check('b', 'b1'), check('c', 'c1'), check('b', 'b2')];

  letGo();
  await Promise.all(checks);

  assert.deepEqual(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('one that has had no turn in time is told so, and keeps none of the others', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { letGo, done, check } = busyQueue();
  const late = check('a', 'late', performance.now() + 1000);
  const alone = check('b', 'alone', performance.now() + 1000);
  const checks = [check('a', 'a1'), check('c', 'c1')];

  const areRefused = [late, alone].map((one) => assert.rejects(one, { name: 'LimitExceeded', message: /at the same time: try again/ }));
  t.mock.timers.tick(1000);
  await Promise.all(areRefused);
  letGo();
  await Promise.all(checks);

  assert.deepEqual(done, ['a1', 'c1']);
});

test('one whose time is over already is refused at once', async () => {
  const { check } = busyQueue();

  await assert.rejects(check('a', 'late', performance.now()), { name: 'LimitExceeded' });
});

test('a turn is given on where a check fails, and a queue that was empty serves the next at once', async () => {
  const queue = new FairQueue();
  const broken = queue.run('a', soon(), () => Promise.reject(new TypeError('no')));
  const next = queue.run('a', soon(), async () => 'next');

  await assert.rejects(broken, TypeError);
  assert.equal(await next, 'next');
  assert.equal(await queue.run('b', performance.now(), async () => 'free'), 'free');
});
