import assert from 'node:assert/strict';
import { test } from 'node:test';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import { KafkaAnswer, kafkaError } from '../../../../lib/kafka/error-codes.ts';
import { settled, stopTime, timePasses } from '../../../harness/virtual-time.ts';

test('what succeeds is done once', async () => {
  let tries = 0;

  const result = await again(Date.now() + 1000, async () => ++tries);

  assert.equal(result, 1);
  assert.equal(tries, 1);
});

test('what fails in passing is done again, with growing pauses, until it succeeds', async (t) => {
  stopTime(t);
  const began = Date.now();
  const tries: number[] = [];

  const result = await timePasses(
    t,
    again(began + 10_000, async () => {
      tries.push(Date.now() - began);
      if (tries.length < 5) throw tries.length % 2 ? kafkaError(5) : new Error('connection lost');
      return 'done';
    }),
  );

  assert.equal(result, 'done');
  assert.deepEqual(tries, [0, 20, 60, 140, 300]);
});

test('what cannot be mended is thrown at once, even by a function that is not asynchronous', async () => {
  let tries = 0;

  const asking = again(Date.now() + 10_000, () => {
    tries++;
    throw kafkaError(29);
  });

  await assert.rejects(asking, { name: 'Forbidden' });
  assert.equal(tries, 1);
});

test('at the deadline the last failure is thrown: no try begins after it', async (t) => {
  stopTime(t);
  const began = Date.now();
  let lastTry = 0;

  const asking = again(began + 1000, async () => {
    lastTry = Date.now();
    throw kafkaError(lastTry - began < 500 ? 5 : 6);
  });

  await assert.rejects(timePasses(t, asking), { name: 'KafkaUnavailable', cause: new KafkaAnswer('NOT_LEADER_OR_FOLLOWER', 6) });
  assert.ok(lastTry < began + 1000);
  assert.ok(Date.now() <= began + 1010);
});

test('a try that the deadline cuts off does not hide why the one before it failed', async (t) => {
  stopTime(t);
  const began = Date.now();
  let tries = 0;

  const asking = again(began + 1000, async () => {
    if (++tries > 1) await new Promise(() => {});
    throw new Error('connect ECONNREFUSED');
  });

  await assert.rejects(timePasses(t, asking), { name: 'KafkaUnavailable', cause: new Error('connect ECONNREFUSED') });
  assert.deepEqual([tries, Date.now()], [2, began + 1000]);
});

test('who is never answered hears of it at the deadline, and a later failure bothers nobody', async (t) => {
  stopTime(t);
  const began = Date.now();
  const never = Promise.withResolvers<void>();

  await assert.rejects(
    timePasses(
      t,
      again(began + 1000, () => never.promise),
    ),
    { name: 'DeadlineExceeded' },
  );
  assert.equal(Date.now(), began + 1000);
  never.reject(new Error('too late'));
  await settled();
});
