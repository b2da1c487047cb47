import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineOf, expires, LONGEST_TIMER_MS, msUntil, pauseBefore, sleep } from '../../lib/deadline.ts';
import { lambdaContext } from '../harness/events/http-event.ts';
import { pass, settled, stopTime, timePasses } from '../harness/virtual-time.ts';

test('a promise that settles before the deadline has not expired, and leaves no timer', async (t) => {
  stopTime(t);
  const clear = t.mock.method(globalThis, 'clearTimeout');

  assert.equal(await expires(Promise.resolve('value'), Date.now() + 1000), false);

  assert.equal(clear.mock.callCount(), 1);
});

test('a promise that does not settle expires at the deadline', async (t) => {
  stopTime(t);
  const began = Date.now();

  const expired = await timePasses(t, expires(new Promise(() => {}), began + 500));

  assert.equal(expired, true);
  assert.equal(Date.now(), began + 500);
});

test('a rejection before the deadline is passed on; one after it bothers nobody', async (t) => {
  stopTime(t);
  await assert.rejects(expires(Promise.reject(new Error('refused')), Date.now() + 1000), { message: 'refused' });
  const { promise, reject } = Promise.withResolvers<void>();
  const expired = expires(promise, Date.now() + 10);
  await pass(t, 20);

  reject(new Error('too late'));

  assert.equal(await expired, true);
  await settled();
});

test('a deadline that is over lets pass what has settled already', async (t) => {
  stopTime(t);

  const [done, pending] = await timePasses(
    t,
    Promise.all([expires(Promise.resolve(), Date.now() - 1000), expires(new Promise(() => {}), Date.now() - 1000)]),
  );

  assert.deepEqual([done, pending], [false, true]);
});

test('pauses double from 20 ms up to a quarter of a second', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 60, 2000].map((tries) => pauseBefore(tries)),
    [20, 40, 80, 160, 250, 250, 250, 250],
  );
});

test('a sleep lasts as long as it says', async (t) => {
  stopTime(t);
  const began = Date.now();

  await timePasses(t, sleep(250));

  assert.equal(Date.now() - began, 250);
});

test('the deadline leaves a margin within what Lambda has left, and within 29 s', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });

  assert.equal(deadlineOf(lambdaContext(10_000)), 1_009_500);
  assert.equal(deadlineOf(lambdaContext(900_000)), 1_028_500);
  assert.equal(deadlineOf({}), 1_028_500);
  assert.equal(deadlineOf(lambdaContext(100)), 999_600);
});

test('a timer waits until its time, not at all for one that is past, and no longer than timers can', (t) => {
  stopTime(t);
  const now = Date.now();

  const waits = [now + 1000, now - 1000, now + 2 ** 40, Number.POSITIVE_INFINITY].map(msUntil);

  assert.deepEqual(waits, [1000, 0, LONGEST_TIMER_MS, LONGEST_TIMER_MS]);
});
