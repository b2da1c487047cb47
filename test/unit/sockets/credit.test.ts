import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Credit } from '../../../lib/sockets/credit.ts';

const never = new AbortController().signal;

test('credit that is given twice over, or told late, is there once', () => {
  const credit = new Credit(10);

  credit.take(4);
  credit.giveInAll(15);
  credit.giveInAll(15);
  credit.giveInAll(12);

  assert.deepEqual([credit.left, credit.sent], [11, 4]);
});

test('what is left is what was given without what was sent, and never below 0', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(100))), (steps) => {
      const credit = new Credit(0);
      let [given, sent] = [0, 0];
      for (const [more, records] of steps) {
        credit.give(more);
        credit.take(records);
        [given, sent] = [given + more, sent + records];

        assert.equal(credit.left, Math.max(0, given - sent));
      }
    }),
  );
});

test('who waits for credit goes on when some comes, and not before', async () => {
  const credit = new Credit(1, 3);
  let isThere = false;
  const waiting = credit.wait(never).then(() => {
    isThere = true;
  });

  credit.give(2);
  await new Promise(setImmediate);
  const withoutAny = isThere;
  credit.give(1);
  await waiting;

  assert.deepEqual([withoutAny, credit.left], [false, 1]);
});

test('who waits for credit goes on when nobody wants any more', async () => {
  const credit = new Credit(0);
  const stop = new AbortController();
  const waiting = credit.wait(stop.signal);

  stop.abort();
  await waiting;
  await credit.wait(stop.signal);

  assert.equal(credit.left, 0);
});
