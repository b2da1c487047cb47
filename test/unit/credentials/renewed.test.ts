import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Lease, Renewed } from '../../../lib/credentials/renewed.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { pass, stopTime, timePasses } from '../../harness/virtual-time.ts';

/** Credentials `1`, `2` … which are renewed after a minute and end after two. `give` may be replaced. */
function start(t: TestContext) {
  stopTime(t);
  const fetches = { count: 0, give: async (): Promise<void> => {} };
  const renewed = new Renewed('a test', async (): Promise<Lease<{ id: number }>> => {
    const id = ++fetches.count;
    await fetches.give();
    return { credentials: { id }, renewAt: Date.now() + 60_000, endsAt: Date.now() + 120_000 };
  });
  return { renewed, fetches };
}

suite('credentials that have to be fetched', () => {
  test('are fetched once for all who ask at the same time, and kept', async (t) => {
    const { renewed, fetches } = start(t);

    const both = await Promise.all([renewed.current(), renewed.current()]);
    await pass(t, 59_000, 1000);
    const later = await renewed.current();

    assert.deepEqual([...both, later], [{ id: 1 }, { id: 1 }, { id: 1 }]);
    assert.equal(fetches.count, 1);
  });

  test('are renewed before they end', async (t) => {
    const { renewed } = start(t);
    await renewed.current();

    await pass(t, 61_000, 1000);

    assert.deepEqual(await renewed.current(), { id: 2 });
  });

  test('serve on while renewing fails, which is tried every few seconds', async (t) => {
    const { renewed, fetches } = start(t);
    await renewed.current();
    fetches.give = () => Promise.reject(new Error('down'));

    await pass(t, 61_000, 1000);
    const served = [await renewed.current(), await renewed.current()];

    assert.deepEqual(served, [{ id: 1 }, { id: 1 }]);
    assert.equal(fetches.count, 2);
  });

  test('that cannot be renewed are told of in the log, as nobody gets the error', async (t) => {
    const lines = captureLog(t);
    const { renewed, fetches } = start(t);
    await renewed.current();
    fetches.give = () => Promise.reject(new Error('the secret is not a JSON object'));

    await pass(t, 61_000, 1000);
    await renewed.current();

    assert.deepEqual(
      lines.map(({ level, event, source, error }) => [level, event, source, Object(error).message]),
      [['ERROR', 'credentials_kept', 'a test', 'the secret is not a JSON object']],
    );
  });

  test('serve on while renewing takes long', async (t) => {
    const { renewed, fetches } = start(t);
    await renewed.current();
    fetches.give = () => new Promise(() => {});

    await pass(t, 61_000, 1000);

    assert.deepEqual(await timePasses(t, renewed.current()), { id: 1 });
  });

  test('are an error when the last have ended and there are no others', async (t) => {
    const { renewed, fetches } = start(t);
    await renewed.current();
    fetches.give = () => Promise.reject(new Error('down'));

    await pass(t, 121_000, 1000);

    await assert.rejects(renewed.current(), /down/);
  });
});

suite('credentials that are refused', () => {
  test('are fetched anew, once for all that were refused', async (t) => {
    const { renewed, fetches } = start(t);
    const refused = await renewed.current();
    await pass(t, 10_000, 1000);

    const renewals = await Promise.all([renewed.renew(refused), renewed.renew(refused)]);

    assert.deepEqual(renewals, [true, true]);
    assert.equal(fetches.count, 2);
  });

  test('are not fetched when others are at hand already', async (t) => {
    const { renewed, fetches } = start(t);
    const refused = await renewed.current();
    await pass(t, 10_000, 1000);
    await renewed.renew(refused);

    assert.equal(await renewed.renew(refused), true);
    assert.equal(fetches.count, 2);
  });

  test('are not asked for again and again', async (t) => {
    const { renewed, fetches } = start(t);
    const first = await renewed.current();

    const renewals = [
      await renewed.renew(first),
      await renewed.renew(await renewed.current()),
      await renewed.renew(await renewed.current()),
    ];

    assert.deepEqual(renewals, [true, false, false]);
    assert.equal(fetches.count, 2);
  });

  test('stay refused when the same come back', async (t) => {
    stopTime(t);
    const renewed = new Renewed('a test', async () => ({
      credentials: { id: 1 },
      renewAt: Number.POSITIVE_INFINITY,
      endsAt: Number.POSITIVE_INFINITY,
    }));
    const refused = await renewed.current();
    await pass(t, 10_000, 1000);

    assert.equal(await renewed.renew(refused), false);
  });
});

test('the log tells where credentials come from, why they were fetched and whether they changed, and nothing of them', async (t) => {
  setLogLevel('debug');
  t.after(() => setLogLevel('info'));
  const lines = captureLog(t);
  stopTime(t);
  const passwords = ['hunter1', 'hunter1', 'hunter2', 'hunter2'];
  const renewed = new Renewed('the secret gateway', async () => ({
    credentials: { password: passwords.shift() },
    renewAt: Date.now() + 60_000,
    endsAt: Date.now() + 120_000,
  }));

  await renewed.current();
  await pass(t, 61_000, 1000);
  await renewed.renew(await renewed.current());
  await pass(t, 121_000, 1000);
  await renewed.current();

  assert.deepEqual(
    lines.map(({ level, event, source, reason, changed, renewInMs }) => [level, event, source, reason, changed, renewInMs]),
    [
      ['DEBUG', 'credentials_renewed', 'the secret gateway', 'there were none', true, 60_000],
      ['DEBUG', 'credentials_renewed', 'the secret gateway', 'they end soon', false, 60_000],
      ['DEBUG', 'credentials_renewed', 'the secret gateway', 'they were refused', true, 60_000],
      ['DEBUG', 'credentials_renewed', 'the secret gateway', 'they had ended', false, 60_000],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /hunter/);
});

suite('credentials of a rotation, whose two sides do not change in one moment,', () => {
  const PAUSES_MS = [250, 500, 750];

  /** Credentials that are what `store.password` says when they are fetched. */
  function rotating(t: TestContext) {
    stopTime(t);
    const store = { password: 'old', fetches: 0 };
    const renewed = new Renewed(
      'a test',
      async () => {
        store.fetches++;
        return { credentials: { password: store.password }, renewAt: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
      },
      PAUSES_MS,
    );
    return { renewed, store };
  }

  test('are waited for, once for all that were refused', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    const renewals = Promise.all(Array.from({ length: 20 }, () => renewed.renew(refused)));

    await pass(t, 400, 50);
    const fetchesBefore = store.fetches;
    store.password = 'new';
    const waited = await timePasses(t, renewals);

    assert.ok(waited.every(Boolean));
    assert.deepEqual(await renewed.current(), { password: 'new' });
    assert.deepEqual([fetchesBefore, store.fetches], [3, 4]);
  });

  test('are told at once when they are there, and not fetched again by those who come later', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    store.password = 'new';

    const renewals = [await renewed.renew(refused), await renewed.renew(refused)];

    assert.deepEqual(renewals, [true, true]);
    assert.equal(store.fetches, 2);
  });

  test('are worth one more try when they did not come: Kafka may be the side that was late', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    const began = Date.now();

    const first = await timePasses(t, renewed.renew(refused));
    const tookMs = Date.now() - began;
    const others = [await renewed.renew(refused), await renewed.renew(refused)];

    assert.deepEqual([first, ...others], [true, false, false]);
    assert.ok(tookMs >= 1500 && tookMs < 1600, `${tookMs} ms`);
    assert.equal(store.fetches, 2 + PAUSES_MS.length);
  });

  test('that stay wrong are waited for only once: later requests are refused at once, and fetch every few seconds', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    await timePasses(t, renewed.renew(refused));
    const before = store.fetches;

    for (let second = 0; second < 100; second++) {
      await pass(t, 1000, 500);
      assert.equal(await renewed.renew(refused), false);
    }

    assert.equal(store.fetches - before, 20);
    store.password = 'mended';
    await pass(t, 5000, 500);
    assert.equal(await renewed.renew(refused), true);
  });

  test('are waited for again when others are refused, or after a minute', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    await timePasses(t, renewed.renew(refused));
    store.password = 'new';
    await pass(t, 5000, 500);
    await renewed.renew(refused);

    const ofOthers = await timePasses(t, renewed.renew({ password: 'new' }));
    await pass(t, 61_000, 1000);
    const later = await timePasses(t, renewed.renew({ password: 'new' }));

    assert.deepEqual([ofOthers, later], [true, true]);
  });

  test('that cannot be fetched any more fail those who wait', async (t) => {
    const { renewed, store } = rotating(t);
    const refused = await renewed.current();
    const renewals = [renewed.renew(refused), renewed.renew(refused)].map((renewal) => assert.rejects(renewal, /throttled/));
    await pass(t, 200, 50);
    Object.defineProperty(store, 'password', { get: () => assert.fail('throttled') });

    await timePasses(t, Promise.all(renewals));
  });
});
