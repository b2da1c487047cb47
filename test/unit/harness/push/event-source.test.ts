import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverBatch, type EventAnswer, type Invoke, type KafkaEvent } from '../../../harness/push/event-source.ts';

const records = [10, 11, 12, 13].map((offset) => ({
  ...{ topic: 'orders', partition: 0, offset, timestamp: 0, headers: [] },
  timestampType: 'CREATE_TIME' as const,
}));

/** Runs a mapping with answers in their order; the last one stands for all that follow. */
async function run(answers: (EventAnswer | Error)[], bisect = false) {
  const invoked: number[][] = [];
  const givenUp: number[] = [];
  const invoke: Invoke = async ({ records: { 'orders-0': sent } }: KafkaEvent) => {
    invoked.push(sent.map(({ offset }) => offset));
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  const mapping = { Topic: 'orders', MaximumRetryAttempts: 1, BisectBatchOnFunctionError: bisect };
  await deliverBatch(records, mapping, invoke, (left) => givenUp.push(...left.map(({ offset }) => offset)));
  return { invoked, givenUp };
}

const from = (offset: number): EventAnswer => ({ batchItemFailures: [{ itemIdentifier: { partition: 'orders-0', offset } }] });

test('an item is a point to go on from', async () => {
  assert.deepEqual(await run([from(12), {}]), {
    invoked: [
      [10, 11, 12, 13],
      [12, 13],
    ],
    givenUp: [],
  });
});

test('an item that was not in the event fails all of it', async () => {
  assert.deepEqual((await run([from(99), {}])).invoked, [
    [10, 11, 12, 13],
    [10, 11, 12, 13],
  ]);
});

test('what fails more often than it may goes to the destination', async () => {
  assert.deepEqual((await run([new Error('no')])).givenUp, [10, 11, 12, 13]);
});

test('what fails is split in two', async () => {
  const { invoked } = await run([new Error('no'), {}], true);

  assert.deepEqual(invoked, [
    [10, 11, 12, 13],
    [10, 11],
    [12, 13],
  ]);
});
