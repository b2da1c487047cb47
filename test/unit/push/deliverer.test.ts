import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endLease, log, ok, run, sent, status, tally, values } from './deliveries.ts';

test('records are delivered, and the position passes them', async () => {
  log.add('a', '1');
  log.add('b', '2');

  assert.equal(await run(5000, () => ok), 'idle');

  assert.deepEqual(values().sort(), ['1', '2']);
  assert.equal(log.position, 2);
});

test('a position is not committed once the lease has ended, though it ended while something else was written down', async () => {
  log.add('a', 'a1');
  const { append } = log;
  log.append = (records) => {
    endLease();
    return append.call(log, records);
  };

  const end = await run(5000, () => status(500));

  assert.deepEqual([end, log.retried.length, log.position, log.retryPosition], ['lease', 1, 0, 0]);
});

test('records come in batches of one partition', async () => {
  for (let i = 0; i < 5; i++) log.add('a', `${i}`);

  await run(5000, () => ok, { format: 'json', batch: { max: 3, wait: 0 } });

  assert.deepEqual(
    sent.map(({ value }) => JSON.parse(value).items.map((item: { value: string }) => item.value)),
    [
      ['0', '1', '2'],
      ['3', '4'],
    ],
  );
});

test('what waits of a topic that was made anew since is delivered, besides what has its place now', async () => {
  log.add('a', 'old');
  await run(1000, () => status(500));
  log.makeAnew();
  log.add('a', 'new', 1_800_000_000_001);

  await run(60_000, () => ok);

  assert.deepEqual(values(), ['old', 'old', 'new']);
  assert.notEqual(sent[0].id, sent[2].id);
});

test('deliveries are counted, with what failed and what waits', async () => {
  log.add('a', 'a1');
  log.add('b', 'b1');
  log.add('c', 'c1');

  await run(1000, (value) => (value === 'a1' ? status(500) : value === 'c1' ? status(422) : ok), { dead_letter_topic: 'dead' });

  assert.deepEqual(
    { ...tally, waiting: [...tally.waiting] },
    { delivered: 1, failed: 2, deadLettered: 1, dropped: 0, waiting: [['hook', 1]] },
  );
});
