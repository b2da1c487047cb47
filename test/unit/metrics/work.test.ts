import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { metricsSettings } from '../../../lib/metrics/settings.ts';
import { beginWork, countConnection, countRecords, kafkaAnswered, kafkaAsked, takeWork } from '../../../lib/metrics/work.ts';

beforeEach((t) => {
  takeWork(performance.now());
  if ('mock' in t) t.mock.method(performance, 'now', () => now);
});
afterEach(() => {
  metricsSettings.topics = new Set();
});

let now = 0;

test('what was counted is taken once', () => {
  countRecords('in', 'orders', 3);
  countRecords('in', 'orders', 2);
  countRecords('out', 'orders', 7);
  countConnection();

  const { recordsIn, recordsOut, connections, byTopic } = takeWork(now);
  const after = takeWork(now);

  assert.deepEqual([recordsIn, recordsOut, connections, byTopic.size], [5, 7, 1, 0]);
  assert.deepEqual([after.recordsIn, after.recordsOut, after.connections], [0, 0, 0]);
});

test('topics are counted by themselves where they are listed, and no others, however many there are', () => {
  metricsSettings.topics = new Set(['orders']);
  for (let i = 0; i < 1000; i++) countRecords('in', `topic-${i}`, 1);
  countRecords('in', 'orders', 2);
  countRecords('out', 'orders', 1);
  countRecords('out', 'orders', 0);

  const { byTopic, recordsIn } = takeWork(now);

  assert.deepEqual(Object.fromEntries(byTopic), { in_orders: 2, out_orders: 1 });
  assert.equal(recordsIn, 1002);
});

test('the time for which brokers are waited for at the same time counts once', () => {
  now = 1000;
  kafkaAsked();
  now = 1010;
  kafkaAsked();
  now = 1020;
  kafkaAnswered();
  now = 1050;
  kafkaAnswered();
  now = 1100;

  assert.equal(takeWork(now).kafkaMs, 50);
});

test('what a request leaves unanswered behind costs the next one nothing for the time between them', () => {
  now = 2000;
  kafkaAsked();
  const first = takeWork(2010);
  beginWork(5000);
  now = 5003;
  kafkaAnswered();
  const second = takeWork(5010);

  assert.deepEqual([first.kafkaMs, second.kafkaMs], [10, 3]);
});
