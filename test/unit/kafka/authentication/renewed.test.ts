import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Lease, Renewed } from '../../../../lib/kafka/authentication/renewed.ts';
import { pass, stopTime, timePasses } from '../fake/virtual-time.ts';

/** Credentials `1`, `2` … which are renewed after a minute and end after two. `give` may be replaced. */
function start(t: TestContext) {
  stopTime(t);
  const fetches = { count: 0, give: async (): Promise<void> => {} };
  const renewed = new Renewed(async (): Promise<Lease<{ id: number }>> => {
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
    const renewed = new Renewed(async () => ({
      credentials: { id: 1 },
      renewAt: Number.POSITIVE_INFINITY,
      endsAt: Number.POSITIVE_INFINITY,
    }));
    const refused = await renewed.current();
    await pass(t, 10_000, 1000);

    assert.equal(await renewed.renew(refused), false);
  });
});
