import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { anyModel, slidingWindow } from '../../harness/limits/model.ts';
import { admitted, limiters, records, refused } from './limiters.ts';

suite('a limiter, compared with a model of its rules', () => {
  const step = fc.record({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 8000 })),
    instance: fc.nat(2),
    cost: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 })),
  });
  const distinct = { selector: (make: () => { rule: object }) => JSON.stringify({ ...make().rule, limit: 0, burst: 0, delay: 0 }) };
  const models = fc.uniqueArray(anyModel, { minLength: 1, maxLength: 4, ...distinct });
  const keys = ['principal', 'source-address', 'all', 'topic'];

  for (const [name, keyOf] of [
    ['by one key', () => 'principal'],
    ['by several keys', (i: number) => keys[i]],
  ] as const) {
    test(`${name}: it admits what all of them admit, counts nothing else, and says what is left`, async () => {
      await fc.assert(
        fc.asyncProperty(models, fc.array(step, { minLength: 1, maxLength: 40 }), async (makers, steps) => {
          const rules = makers.map((make) => make());
          const { clock, admit } = limiters(
            rules.map(({ rule }, i) => ({ ...rule, of: 'records', key: keyOf(i) })),
            3,
          );
          for (const { waitMs, instance, cost } of steps) {
            clock.now += waitMs;
            const expected = rules.every((model) => model.admits(cost, clock.now));
            if (expected) for (const model of rules) model.count(cost, clock.now);

            const verdict = await admit({ records: records(cost) }, instance);

            assert.equal(verdict?.admitted, expected);
            if (rules.length === 1 && expected) assert.equal(verdict?.standing.remaining, rules[0].remaining(clock.now));
          }
        }),
      );
    });
  }

  test('one instance asks DynamoDB once for each request, at most', async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.array(step, { minLength: 1, maxLength: 30 }), async (makers, steps) => {
        const { table, clock, admit } = limiters(makers.map((make) => ({ ...make().rule, of: 'records', key: 'principal' })));
        for (const { waitMs, cost } of steps) {
          clock.now += waitMs;
          table.calls = [];

          await admit({ records: records(cost) });

          assert.ok(table.calls.length <= 1, table.calls.join());
        }
      }),
    );
  });

  test('a sliding window never admits more than its limit in any time of its length, nor refuses what has been free for longer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 60 }),
        async (limit, window, steps) => {
          const { clock, admit } = limiters([{ ...slidingWindow(limit, window).rule, key: 'all' }]);
          const passed: number[] = [];
          const passedSince = (start: number) => passed.filter((at) => at > start).length;
          for (const { waitMs } of steps) {
            clock.now += waitMs;
            const verdict = await admit();

            if (verdict?.admitted) passed.push(clock.now);
            else assert.ok(passedSince(clock.now - window * 1100) >= limit);
            assert.ok(passedSince(clock.now - window * 1000) <= limit);
          }
        },
      ),
    );
  });
});

test('the time to try again is the first at which the request passes, for every kind of window and bucket', async () => {
  await fc.assert(
    fc.asyncProperty(anyModel, fc.array(fc.nat(900), { minLength: 1, maxLength: 30 }), async (make, waits) => {
      const { rule } = make();
      const { clock, admit } = limiters([{ ...rule, key: 'all' }], 2);
      for (const waitMs of waits) {
        clock.now += waitMs;
        const verdict = await admit();
        if (verdict?.admitted !== false) continue;
        const retryMs = Math.ceil(refused(verdict).retryMs ?? Number.NaN);
        assert.ok(retryMs > 0);

        clock.now += retryMs - 1;
        refused(await admit({}, 1));
        clock.now += 1;
        admitted(await admit({}, 1));
      }
    }),
  );
});
