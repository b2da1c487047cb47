import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, suite, test } from 'node:test';
import { Deliverer } from '../../../lib/push/deliverer.ts';
import { type Notes, noNotes } from '../../../lib/push/notes.ts';
import type { Answer } from '../../../lib/push/post.ts';
import type { RunEnd } from '../../../lib/push/run.ts';
import { signerOf } from '../../../lib/push/signature.ts';
import type { Definition } from '../../../lib/push/subscription.ts';
import { newTally, type Tally } from '../../../lib/push/tally.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { FastClock } from '../../harness/push/fast-clock.ts';
import { MemoryLog } from '../../harness/push/memory-log.ts';
import { subscriptionOf } from '../../harness/push/subscription-of.ts';

interface Sent {
  id: string;
  value: string;
  at: number;
}

const signer = signerOf(`whsec_${randomBytes(32).toString('base64')}`);
const ok: Answer = { status: 204, headers: {}, text: '' };
const status = (code: number, headers: Record<string, string> = {}): Answer => ({ status: code, headers, text: 'no' });

let log: MemoryLog;
let clock: FastClock;
let notes: Notes;
let sent: Sent[];
let disabled: string[];
let tally: Tally;
/** Until when the lease is this process's. */
let heldUntil: number;
/** Topics for which the owner has no grant any more. */
let takenBack: string[];

beforeEach(() => {
  takenBack = [];
  heldUntil = Number.POSITIVE_INFINITY;
  log = new MemoryLog();
  clock = new FastClock();
  notes = noNotes();
  sent = [];
  disabled = [];
  tally = newTally();
});

/** Delivers as one process would, for so many milliseconds of the clock. */
async function run(
  ms: number,
  answer: (value: string, sent: number) => Answer | Error,
  definition: Partial<Definition> = {},
  answersAfter = 0,
): Promise<RunEnd> {
  const deliverer = new Deliverer(subscriptionOf(definition), log, notes, {
    ...{ clock, tally, now: clock.now, heldUntil: () => heldUntil },
    async post(_url, headers, body) {
      const value = body.toString();
      sent.push({ id: headers['webhook-id'], value, at: clock.now() });
      if (answersAfter > 0) await clock.wait(answersAfter, AbortSignal.any([]));
      const given = answer(value, sent.filter((one) => one.value === value).length);
      if (given instanceof Error) throw given;
      return given;
    },
    secrets: { signers: async () => [signer], authorization: async () => null, tokenClient: async () => null },
    authorization: { headers: async () => ({}), refused: () => false },
    note: async () => undefined,
    disable: async (reason) => void disabled.push(reason),
    endReplay: async () => undefined,
    mayDeliver: (topic) => !takenBack.includes(topic),
  });
  return deliverer.run(clock.now() + ms, false);
}

const values = () => sent.map(({ value }) => value);

test('records are delivered, and the position passes them', async () => {
  log.add('a', '1');
  log.add('b', '2');

  assert.equal(await run(5000, () => ok), 'idle');

  assert.deepEqual(values().sort(), ['1', '2']);
  assert.equal(log.position, 2);
});

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

    takenBack = ['orders'];
    await run(60_000, () => ok);
    const meanwhile = values();
    takenBack = [];
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

test('a position is not committed once the lease has ended, though it ended while something else was written down', async () => {
  log.add('a', 'a1');
  const { append } = log;
  log.append = (records) => {
    heldUntil = 0;
    return append.call(log, records);
  };

  const end = await run(5000, () => status(500));

  assert.deepEqual([end, log.retried.length, log.position, log.retryPosition], ['lease', 1, 0, 0]);
});

test('at most once, a record that fails is dropped and counted', async (t) => {
  const lines = captureLog(t);
  log.add('a', '1');

  await run(60_000, () => status(500), { delivery: 'at-most-once' });

  assert.deepEqual([sent.length, notes.dropped, log.position], [1, 1, 1]);
  assert.match(JSON.stringify(lines), /delivery_dropped/);
});

suite('at most once, no record is passed without a word', () => {
  const once = { delivery: 'at-most-once' } as const;

  test('while its endpoint asks for a pause', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add(`key ${i}`, `${i}`);

    await run(5000, () => status(503, { 'retry-after': '3600' }), once);

    assert.deepEqual([notes.dropped, log.position < 10], [log.position, true]);
  });

  test('while its endpoint is tried one record at a time', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add(`key ${i}`, `${i}`);

    await run(60_000, () => status(500), once);

    assert.deepEqual([notes.dropped, sent.length, log.position < 40], [log.position, log.position, true]);
  });

  test('at the end of a run', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add('same key', `${i}`);

    const end = await run(1000, () => ok, once, 400);

    assert.deepEqual([end, notes.delivered + notes.dropped, sent.length > 2], ['time', log.position, true]);
  });

  test('behind one whose endpoint is gone', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add('same key', `${i}`);

    const end = await run(5000, () => status(410), once);
    await run(60_000, () => ok, once);

    assert.deepEqual([end, notes.delivered + notes.dropped, new Set(values()).size], ['disabled', 100, sent.length]);
  });

  test('nor sent twice, when its endpoint is gone and comes again', async (t) => {
    captureLog(t);
    log.add('a', '1');
    log.add('b', '2');

    await run(5000, () => status(410), { ...once, dead_letter_topic: 'dead' });
    await run(60_000, () => ok, { ...once, dead_letter_topic: 'dead' });

    assert.deepEqual([new Set(values()).size, log.dead.length + notes.delivered + notes.dropped], [sent.length, 2]);
  });
});

test('at most once, nothing is delivered whose position cannot be committed', async (t) => {
  captureLog(t);
  log.add('a', '1');
  log.failures.commit = new Error('Kafka is away');

  await run(1000, () => ok, { delivery: 'at-most-once' });

  assert.equal(sent.length, 0);
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
