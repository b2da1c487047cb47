import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Limiter } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';
import { admitted, limiters, NOON, records, refused, use } from './limiters.ts';

suite('a request', () => {
  test('that no rule applies to is not counted', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'all', limit: 1, window: 60, operations: ['read'] }]);

    assert.equal(await admit(), null);
    assert.deepEqual(table.calls, []);
  });

  test('that a rule refuses uses up none of the others, also of other keys', async () => {
    for (const key of ['principal', 'topic']) {
      const { admit } = limiters([
        { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 },
        { kind: 'leaky-bucket', key, rate: 1, burst: 1 },
      ]);

      const first = admitted(await admit());
      for (let i = 0; i < 5; i++) refused(await admit());
      const { standing } = admitted(await admit({ records: [], operation: 'describe', ...(key === 'principal' && { principal: 'bob' }) }));

      assert.equal(first.standing.remaining, 0);
      assert.equal(standing.remaining, key === 'principal' ? 0 : 8);
    }
  });

  test('that asks for more than a limit ever allows is told so, and not counted', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'all', of: 'records', limit: 5, window: 60 }]);

    const { retryMs, error } = refused(await admit({ records: records(6) }));

    assert.equal(retryMs, null);
    assert.match(error({}).message, /^6 records are more than the limit, 5 records in 60 s, ever allows/);
    assert.deepEqual(table.calls, []);
  });

  test('with more topics than a transaction holds is told so', async () => {
    const { admit } = limiters([{ kind: 'fixed-window', key: 'topic', limit: 5, window: 60 }]);
    const topics = (count: number) => Array.from({ length: count }, (_, i) => ({ topic: `topic-${i}` }));

    admitted(await admit({ records: topics(100) }));
    const { retryMs, error } = refused(await admit({ records: topics(101) }));

    assert.equal(retryMs, null);
    assert.match(error({}).message, /more than 100 topics/);
  });

  test('of several topics is counted for each, all or none', async () => {
    const { admit } = limiters([{ kind: 'fixed-window', key: 'topic', of: 'records', limit: 3, window: 60 }]);

    admitted(await admit({ records: [...records(1, 'a'), ...records(3, 'b')] }));
    refused(await admit({ records: [...records(2, 'a'), ...records(1, 'b')] }));
    const { standing } = admitted(await admit({ records: records(2, 'a') }));

    assert.equal(standing.remaining, 0);
  });

  test('that overflows a bucket waits for as long as that takes, if the bucket allows it and its time suffices', async () => {
    const { admit } = limiters([{ kind: 'leaky-bucket', key: 'all', rate: 10, burst: 2, delay: 0.25 }]);

    const delays = [];
    for (let i = 0; i < 4; i++) delays.push(admitted(await admit()).delayMs);
    const last = refused(await admit());

    assert.deepEqual(delays, [0, 0, 100, 200]);
    assert.equal(last.retryMs, 50);
    assert.equal(refused(await admit({}, 0, 30)).retryMs, 270);
  });

  test('is told of the rule with the least left, in proportion, and when all of it is back', async () => {
    const { clock, admit } = limiters([
      { kind: 'fixed-window', key: 'principal', limit: 100, window: 3600 },
      { kind: 'sliding-window', key: 'principal', limit: 3, window: 10 },
    ]);
    clock.now += 500;

    const { standing } = admitted(await admit());

    assert.deepEqual([standing.limit, standing.remaining, standing.resetMs], [3, 2, 10_500]);
  });
});

suite('concurrency', () => {
  const rules = [{ kind: 'concurrency', key: 'all', limit: 2 }];

  test('admits as many at a time as its limit says, by all instances', async () => {
    const { admit } = limiters(rules, 2);

    const first = admitted(await admit({}, 0));
    admitted(await admit({}, 1));
    const third = refused(await admit({}, 0));
    await first.finish();
    admitted(await admit({}, 0));
    refused(await admit({}, 1));

    assert.equal(third.retryMs, 1000);
  });

  test('takes a lease back once, and not after it has expired', async () => {
    const { clock, admit } = limiters(rules);

    const first = admitted(await admit());
    admitted(await admit());
    await first.finish();
    await first.finish();
    const third = admitted(await admit());
    refused(await admit());
    clock.now += 36_000;
    await third.finish();
    admitted(await admit());
    admitted(await admit());

    refused(await admit());
  });

  test('gives back by itself what a crash has left behind, 30 to 35 s later', async () => {
    const { clock, admit } = limiters(rules);
    admitted(await admit());
    admitted(await admit());

    clock.now += 29_999;
    refused(await admit());
    clock.now += 5001;

    admitted(await admit());
  });

  test('agrees with a model of leases', async () => {
    const step = fc.record({ waitMs: fc.nat(4000), finishes: fc.boolean(), which: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, admit } = limiters([{ kind: 'concurrency', key: 'all', limit: 3 }], 2);
        const slot = (time: number) => Math.floor(time / 5000);
        let leases: { at: number; finish(): Promise<void> }[] = [];
        for (const { waitMs, finishes, which } of steps) {
          clock.now += waitMs;
          leases = leases.filter(({ at }) => slot(clock.now) - slot(at) < 7);
          if (finishes && leases.length > 0) {
            const [lease] = leases.splice(which % leases.length, 1);
            await lease.finish();
          } else {
            const verdict = await admit({}, which % 2);
            assert.equal(verdict?.admitted, leases.length < 3);
            if (verdict?.admitted) leases.push({ at: clock.now, finish: verdict.finish });
          }
        }
      }),
    );
  });
});

for (const rule of [
  { kind: 'concurrency', limit: 3 },
  { kind: 'sliding-window', limit: 3, window: 50 },
]) {
  test(`instances whose clocks are on either side of a slot's end keep a ${rule.kind} together`, async () => {
    const table = new MemoryTable();
    const parsed = parseRules(JSON.stringify([{ ...rule, key: 'principal' }]));
    const [behind, ahead] = [NOON + 4999, NOON + 5000].map((now) => new Limiter(parsed, table, () => now));
    for (let i = 0; i < 3; i++) admitted(await ahead.admit(use, NOON + 29_000));

    const { standing, retryMs } = refused(await behind.admit(use, NOON + 29_000));

    assert.equal(standing.remaining, 0);
    assert.notEqual(retryMs, 0);
  });
}
