import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { captureLog } from '../../../harness/events/http-event.ts';
import { clock, disabled, log, notes, ok, run, sent, status, takenBack, values } from './deliveries.ts';

suite('a record that fails', () => {
  test('is tried again by the schedule with the same id, and those of its key wait while others pass', async () => {
    log.add('a', 'a1');
    log.add('b', 'b1');
    log.add('a', 'a2');
    log.add('b', 'b2');

    await run(400_000, (value, tries) => (value === 'a1' && tries < 3 ? status(500) : ok));

    assert.deepEqual(values(), ['a1', 'b1', 'b2', 'a1', 'a1', 'a2']);
    const tries = sent.filter(({ value }) => value === 'a1');
    assert.equal(new Set(tries.map(({ id }) => id)).size, 1);
    assert.ok(tries[1].at - tries[0].at >= 5000 && tries[2].at - tries[1].at >= 300_000);
    assert.equal(log.position, 4);
  });

  test('is found by another process, with those behind it', async () => {
    log.add('a', 'a1');
    log.add('a', 'a2');
    await run(1000, () => status(500));
    assert.equal(log.position, 2);

    await run(60_000, () => ok);

    assert.deepEqual(values(), ['a1', 'a1', 'a2']);
    assert.equal(log.retryPosition, log.retried.length);
  });

  test('and cannot be written to the dead letter topic is a problem until it can', async (t) => {
    captureLog(t);
    log.add('a', 'a1');
    log.failures.deadLetter = new Error('Kafka is away');

    await run(1000, () => status(400), { dead_letter_topic: 'dead' });
    const { problem } = notes;
    await run(120_000, () => status(400), { dead_letter_topic: 'dead' });

    assert.match(problem ?? '', /^the dead letter topic cannot be written to: Kafka is away/);
    assert.deepEqual([log.dead.length, notes.problem], [1, null]);
  });

  test('keeps the position before it until it is in the retry topic', async (t) => {
    captureLog(t);
    log.add('a', 'a1');
    const { append } = log;
    log.append = () => Promise.reject(new Error('Kafka is away'));

    await run(1000, () => status(500));
    log.append = append;
    assert.deepEqual([log.position, log.retried.length], [0, 0]);

    await run(1000, () => status(500));
    assert.deepEqual([log.position, log.retried.length], [1, 1]);
  });

  test('that is larger than the retry topic takes waits by its place, and keeps no position back', async () => {
    log.largest = 10;
    log.add('a', 'a1 is large');
    log.add('a', 'a2');
    await run(1000, () => status(500));
    assert.deepEqual([log.position, sent.length], [2, 1]);

    await run(60_000, () => ok);

    assert.deepEqual(values(), ['a1 is large', 'a1 is large', 'a2']);
    assert.deepEqual([new Set(sent.map(({ id }) => id)).size, log.retryPosition], [2, log.retried.length]);
  });

  test('that waits by its place, in a partition that cannot be read, keeps back only what is ordered behind it', async () => {
    log.largest = 10;
    log.add('a', 'a1 is large');
    log.add('a', 'a2');
    log.add(null, 'none');
    await run(1000, (value) => (value === 'none' ? ok : status(500)));
    log.hasNoLeader = true;
    log.add('a', 'a3');
    log.add(null, 'more');

    await run(600_000, () => ok);
    const meanwhile = { values: values(), position: log.position, parked: notes.parked };
    log.hasNoLeader = false;
    await run(60_000, () => ok);

    assert.deepEqual(meanwhile, { values: ['a1 is large', 'none', 'more'], position: 5, parked: 3 });
    assert.deepEqual(values().slice(3), ['a1 is large', 'a2', 'a3']);
    assert.deepEqual([notes.parked, notes.dropped, log.retryPosition], [0, 0, log.retried.length]);
  });

  test('that waits by its place is given up when its topic does not have it any more', async (t) => {
    const lines = captureLog(t);
    log.largest = 10;
    log.add('a', 'a1 is large');
    await run(1000, () => status(500));
    log.records[0] = { ...log.records[0], timestamp: 0 };

    await run(60_000, () => ok);

    assert.deepEqual([sent.length, notes.dropped, notes.parked, log.retryPosition], [1, 1, 0, log.retried.length]);
    assert.equal(lines.filter(({ event }) => event === 'delivery_dropped').length, 1);
  });

  test('waits while its owner has no grant for its topic', async () => {
    log.add('a', 'a1');
    await run(1000, () => status(500));

    takenBack.add('orders');
    await run(60_000, () => ok);
    const meanwhile = values();
    takenBack.clear();
    await run(60_000, () => ok);

    assert.deepEqual([meanwhile, values()], [['a1'], ['a1', 'a1']]);
  });

  test('is given up when its subscription does not name its topic any more', async (t) => {
    captureLog(t);
    log.add('a', 'a1');
    await run(1000, () => status(500));

    await run(60_000, () => ok, { topics: ['others'] });

    assert.deepEqual([sent.length, notes.dropped, notes.parked], [1, 1, 0]);
  });

  test('goes to the dead letter topic when it is refused, or the schedule has ended, with the reason', async () => {
    log.add('a', 'wrong');
    log.add('b', 'failing');
    const retry = { statuses: null, schedule: [1] };

    await run(60_000, (value) => status(value === 'wrong' ? 422 : 500), { dead_letter_topic: 'dead', retry });

    const headers = log.dead.map((record) => Object.fromEntries((record.headers ?? []).map(({ key, value }) => [key, String(value)])));
    assert.deepEqual(
      headers.map((one) => [one['dlq.status'], one['dlq.attempts'], one['dlq.subscription'], one['dlq.offset']]),
      [
        ['422', '1', 'hook', '0'],
        ['500', '2', 'hook', '1'],
      ],
    );
    assert.equal(log.position, 2);
  });

  test('that the dead letter topic does not take is kept for another try at that', async (t) => {
    captureLog(t);
    log.add('a', 'wrong');
    log.failures.deadLetter = new Error('full');

    await run(120_000, () => status(422), { dead_letter_topic: 'dead' });

    assert.deepEqual([sent.length, log.dead.length], [1, 1]);
  });

  test('goes to the dead letter topic with all of its batch, in one request, and so does what waits for that', async (t) => {
    captureLog(t);
    for (let i = 0; i < 4; i++) log.add(`${i}`, `${i}`);
    const definition = { format: 'json', batch: { max: 3, wait: 0 }, dead_letter_topic: 'dead' } as const;

    await run(1000, () => status(422), definition);
    const before = [log.burials, log.dead.length];
    log.failures.deadLetter = new Error('full');
    for (let i = 4; i < 7; i++) log.add(`${i}`, `${i}`);
    await run(1000, () => status(422), definition);
    await run(120_000, () => status(422), definition);

    assert.deepEqual(
      [before, [log.burials, log.dead.length]],
      [
        [2, 4],
        [3, 7],
      ],
    );
    assert.equal(sent.length, 3);
  });

  test('is delivered again when the dead letter topic that it waits for is taken from the subscription', async (t) => {
    captureLog(t);
    log.add('a', 'wrong');
    log.failures.deadLetter = new Error('full');
    await run(1000, () => status(422), { dead_letter_topic: 'dead' });

    await run(120_000, () => ok);

    assert.deepEqual([values(), log.dead.length, notes.delivered], [['wrong', 'wrong'], 0, 1]);
  });

  test('without a dead letter topic is never given up, though it is refused', async () => {
    log.add('a', 'wrong');

    await run(10_000, (_, tries) => (tries < 2 ? status(400) : ok));

    assert.equal(sent.length, 2);
  });
});

test('a pause that the endpoint asks for holds for all of its deliveries', async () => {
  for (let i = 0; i < 3; i++) log.add(`${i}`, `${i}`);

  await run(60_000, (_, tries) => (tries === 1 && sent.length === 1 ? status(429, { 'retry-after': '30' }) : ok), { concurrency: 1 });

  assert.ok(sent[1].at - sent[0].at >= 30_000);
  assert.equal(sent.length, 4);
});

test('an endpoint that only fails is asked ever more seldom, and most records stay where they are', async () => {
  for (let i = 0; i < 100; i++) log.add(`${i}`, `${i}`);

  await run(55_000, () => new Error('connect ECONNREFUSED'));

  assert.ok(sent.length < 30, `${sent.length}`);
  assert.ok(log.position < 30, `${log.position}`);
});

suite('a subscription is disabled, with nothing lost,', () => {
  test('when its endpoint is gone', async (t) => {
    const lines = captureLog(t);
    log.add('a', '1');

    assert.equal(await run(5000, () => status(410)), 'disabled');

    assert.match(disabled[0], /410/);
    assert.match(JSON.stringify(lines), /subscription_disabled/);
    assert.equal(log.retried.length, 1);
  });

  test('when it has only failed for five days', async (t) => {
    captureLog(t);
    log.add('a', '1');
    notes.failingSince = clock.now() - 5 * 86_400_000;

    assert.equal(await run(5000, () => status(500)), 'disabled');
  });
});
