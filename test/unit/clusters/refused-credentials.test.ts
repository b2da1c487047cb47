import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedCredentials } from '../../../lib/clusters/refused-credentials.ts';
import { stopTime } from '../../harness/virtual-time.ts';

test('a refusal is remembered for ten seconds', (t) => {
  stopTime(t);
  const refusals = new RefusedCredentials();
  refusals.add('a');

  assert.deepEqual([refusals.has('a'), refusals.has('b')], [true, false]);
  t.mock.timers.tick(9999);
  assert.equal(refusals.has('a'), true);
  t.mock.timers.tick(1);

  assert.equal(refusals.has('a'), false);
});

test('a second refusal is remembered from then on', (t) => {
  stopTime(t);
  const refusals = new RefusedCredentials();
  refusals.add('a');
  t.mock.timers.tick(6000);
  refusals.add('a');
  t.mock.timers.tick(6000);

  assert.equal(refusals.has('a'), true);
});

test('those that are over are forgotten when the next one comes', (t) => {
  stopTime(t);
  const refusals = new RefusedCredentials();
  for (let i = 0; i < 500; i++) refusals.add(`old ${i}`);
  t.mock.timers.tick(10_000);

  refusals.add('new');

  assert.equal(refusals.size, 1);
});

test('many are remembered, not any number: the oldest are forgotten', () => {
  const refusals = new RefusedCredentials();
  for (let i = 0; i < 1500; i++) refusals.add(String(i));

  assert.equal(refusals.size, 1000);
  assert.deepEqual([refusals.has('499'), refusals.has('500'), refusals.has('1499')], [false, true, true]);
});
