import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { sleep } from '../../../lib/deadline.ts';
import { GatewayError } from '../../../lib/errors.ts';
import type { Answer } from '../../../lib/idempotency/entry.ts';
import { type Done, type OnceRequest, once } from '../../../lib/idempotency/once.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { pass, stopTime, timePasses } from '../../harness/virtual-time.ts';
import { KeptInMemory } from './kept-in-memory.ts';

const DAY_MS = 86_400_000;
const answerOf = (body: string): Answer => ({ status: 200, mediaType: 'application/json', body });
const settled = (body: string): Done => ({ fate: 'settled', answer: answerOf(body) });
const failing = (fate: 'undone' | 'unsure'): Done => ({ fate, error: new GatewayError('DeadlineExceeded', `It is ${fate}`) });

/** What is asked for under one key; `acts` counts how often it was done. */
function begin(t: TestContext) {
  stopTime(t);
  const log = captureLog(t);
  const store = new KeptInMemory();
  const asked = { acts: 0, store, log };
  const ask = (done: Done | (() => Promise<Done>), changes: Partial<OnceRequest> = {}) =>
    once(
      store,
      { id: 'key', fingerprint: Buffer.from('same'), lifetimeMs: DAY_MS, deadline: Date.now() + 29_000, ...changes },
      async () => {
        asked.acts++;
        return typeof done === 'function' ? done() : done;
      },
    );
  return { ...asked, acts: () => asked.acts, ask };
}

test('the first request is done, and the next one gets its answer', async (t) => {
  const { ask, acts } = begin(t);

  const first = await ask(settled('first'));
  const next = await ask(settled('next'));

  assert.deepEqual(first, { answer: answerOf('first'), replayed: false });
  assert.deepEqual(next, { answer: answerOf('first'), replayed: true });
  assert.equal(acts(), 1);
});

test('what is done has to leave time to note what became of it', async (t) => {
  const { store } = begin(t);
  const request = { id: 'key', fingerprint: Buffer.from(''), lifetimeMs: DAY_MS, deadline: Date.now() + 2000 };
  const deadlines: number[] = [];

  await once(store, request, async (deadline) => {
    deadlines.push(request.deadline - deadline);
    return settled('');
  });

  assert.deepEqual(deadlines, [500]);
});

test('at the end of its lifetime a key is free again', async (t) => {
  const { ask } = begin(t);
  await ask(settled('first'));

  t.mock.timers.tick(DAY_MS - 1);
  const within = await ask(settled('second'));
  t.mock.timers.tick(1);
  const behind = await ask(settled('third'));

  assert.deepEqual([within.answer.body, behind.answer.body], ['first', 'third']);
});

test('another request with the key is refused, even while the first one is at work', async (t) => {
  const { ask, acts } = begin(t);
  const { promise, resolve } = Promise.withResolvers<Done>();
  const first = ask(() => promise);

  const other = ask(settled('other'), { fingerprint: Buffer.from('other') });

  await assert.rejects(other, { name: 'IdempotencyKeyReused', status: 422 });
  resolve(settled('first'));
  await first;
  assert.equal(acts(), 1);
});

suite('while the first one is at work', () => {
  test('the others wait and get its answer', async (t) => {
    const { ask, acts } = begin(t);
    const { promise, resolve } = Promise.withResolvers<Done>();
    const first = ask(() => promise);
    const others = Promise.all([ask(settled('second')), ask(settled('third'))]);
    await pass(t, 3000);
    resolve(settled('first'));

    const answers = await timePasses(t, others);

    assert.equal((await first).replayed, false);
    assert.deepEqual(answers, [
      { answer: answerOf('first'), replayed: true },
      { answer: answerOf('first'), replayed: true },
    ]);
    assert.equal(acts(), 1);
  });

  test('one that cannot wait for it any longer may try again', async (t) => {
    const { ask, acts, store } = begin(t);
    const { promise, resolve } = Promise.withResolvers<Done>();
    const first = ask(() => promise);

    const other = timePasses(t, ask(settled('other'), { deadline: Date.now() + 2000 }));

    await assert.rejects(other, { name: 'IdempotencyKeyInUse', status: 409, retriable: true });
    assert.ok(Date.now() < Date.UTC(2025, 0, 1) + 2000, 'before its deadline');
    assert.ok(store.claims < 12, `it asked ${store.claims} times`);
    resolve(settled('first'));
    await first;
    assert.equal(acts(), 1);
  });

  test('one that is left no time to note what became of it does nothing', async (t) => {
    const { ask, acts } = begin(t);
    const { promise, resolve } = Promise.withResolvers<Done>();
    const first = ask(() => promise);
    const other = ask(settled('other'), { deadline: Date.now() + 2000 });
    other.catch(() => {});
    await pass(t, 1450);

    resolve(failing('undone'));
    await assert.rejects(first);

    await assert.rejects(timePasses(t, other), { name: 'IdempotencyKeyInUse' });
    assert.equal(acts(), 1);
  });

  test('one of those that wait does it, when the first one had no effect', async (t) => {
    const { ask, acts } = begin(t);
    const { promise, resolve } = Promise.withResolvers<Done>();
    const first = ask(() => promise);
    const others = Promise.all([ask(settled('second')), ask(settled('third'))]);
    resolve(failing('undone'));
    await assert.rejects(first, { message: 'It is undone' });

    const answers = await timePasses(t, others);

    assert.deepEqual(answers.map(({ replayed }) => replayed).sort(), [false, true]);
    assert.equal(answers[0].answer.body, answers[1].answer.body);
    assert.equal(acts(), 2);
  });
});

suite('a request that had no effect', () => {
  for (const [how, done] of [
    ['says so with an error', failing('undone')],
    ['says so in its answer', { fate: 'undone', answer: answerOf('two failures') } satisfies Done],
    [
      'throws one of our errors',
      async () => {
        throw new GatewayError('CredentialsUnavailable', 'no');
      },
    ],
  ] as const) {
    test(`frees its key when it ${how}`, async (t) => {
      const { ask, acts } = begin(t);
      await ask(done).catch((error: unknown) => assert.ok(error instanceof GatewayError));

      const next = await ask(settled('next'), { fingerprint: Buffer.from('not even the same') });

      assert.deepEqual(next, { answer: answerOf('next'), replayed: false });
      assert.equal(acts(), 2);
    });
  }
});

suite('a request of which nobody knows what became of it', () => {
  const unknown = {
    name: 'OutcomeUnknown',
    status: 409,
    retriable: false,
    message: /at 2025-01-01T00:00:00\.000Z,.* send what is missing with another key/,
  };

  test('is answered by its error, and never done again', async (t) => {
    const { ask, acts } = begin(t);

    await assert.rejects(ask(failing('unsure')), { message: 'It is unsure' });

    await assert.rejects(ask(settled('again')), unknown);
    t.mock.timers.tick(DAY_MS - 1);
    await assert.rejects(ask(settled('again')), unknown);
    assert.equal(acts(), 1);
  });

  test('may have thrown what nobody expected', async (t) => {
    const { ask } = begin(t);
    const bug = new TypeError('a bug');

    const first = ask(async () => {
      throw bug;
    });

    await assert.rejects(first, bug);
    await assert.rejects(ask(settled('again')), unknown);
  });

  test('may have ended without a word: others wait until that is sure', async (t) => {
    const { ask, acts } = begin(t);
    const deadline = Date.now() + 1000;
    ask(() => new Promise(() => {}), { deadline });

    const waited = timePasses(t, ask(settled('again'), { deadline: deadline + 10_000 }));

    await assert.rejects(waited, unknown);
    assert.ok(Date.now() >= deadline + 5000);
    assert.equal(acts(), 1);
  });
});

suite('a store that fails', () => {
  const error = new Error('the store is away');

  test('before anything is done: nothing is, and the next one may try again', async (t) => {
    const { ask, acts, store } = begin(t);
    store.failure = { of: 'claim', after: false, error };

    await assert.rejects(ask(settled('first')), {
      name: 'StorageUnavailable',
      status: 503,
      message: /Nothing was written: try again/,
      cause: error,
    });

    store.failure = null;
    assert.equal((await ask(settled('next'))).answer.body, 'next');
    assert.equal(acts(), 1);
  });

  test('only to answer: the key is not left barred', async (t) => {
    const { ask, acts, store } = begin(t);
    store.failure = { of: 'claim', after: true, error };

    await assert.rejects(ask(settled('first')), { name: 'StorageUnavailable' });

    store.failure = null;
    assert.equal((await ask(settled('next'))).answer.body, 'next');
    assert.equal(acts(), 1);
  });

  test('to answer before the time is over: the key is not left barred', async (t) => {
    const { ask, acts, store } = begin(t);
    const { claim, settle } = store;
    store.claim = async (one, until) => {
      await claim.call(store, one, until);
      await sleep(until - Date.now());
      throw error;
    };
    store.settle = async (one, fate, until) => {
      if (Date.now() >= until) throw error;
      return settle.call(store, one, fate, until);
    };

    await assert.rejects(timePasses(t, ask(settled('first'))), { name: 'StorageUnavailable' });

    store.claim = claim;
    assert.equal((await timePasses(t, ask(settled('next')))).answer.body, 'next');
    assert.equal(acts(), 1);
  });

  test('when it is done: the answer is given and the failure logged; to others it is unsure in the end', async (t) => {
    const { ask, acts, store, log } = begin(t);
    store.failure = { of: 'settle', after: false, error };

    const first = await ask(settled('first'));

    assert.equal(first.answer.body, 'first');
    assert.match(JSON.stringify(log), /idempotency_outcome_lost.*the store is away/);
    store.failure = null;
    await assert.rejects(timePasses(t, ask(settled('again'))), { name: 'IdempotencyKeyInUse' });
    await assert.rejects(timePasses(t, ask(settled('again'))), { name: 'OutcomeUnknown' });
    assert.equal(acts(), 1);
  });
});
