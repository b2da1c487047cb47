import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type Decision, Limiter } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import type { Use } from '../../../lib/limits/use.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';
import { anyModel, slidingWindow } from '../../harness/limits/model.ts';

const NOON = Date.UTC(2030, 0, 1, 12);

/** Limiters of as many instances as asked for, with one table and one clock. */
function limiters(rules: object[], instances = 1) {
  const table = new MemoryTable();
  const clock = { now: NOON };
  const parsed = parseRules(JSON.stringify(rules));
  const all = Array.from({ length: instances }, () => new Limiter(parsed, table, () => clock.now));
  const admit = (parts: Partial<Use> = {}, instance = 0, limitMs = 29_000): Promise<Decision | null> =>
    all[instance].admit({ ...use, ...parts }, clock.now + limitMs);
  return { table, clock, admit };
}

const use: Use = { operation: 'produce', principal: 'alice', sourceAddress: '192.0.2.1', headers: {}, records: [{ topic: 'orders' }] };
const records = (count: number, topic = 'orders') => Array.from({ length: count }, () => ({ topic }));

function admitted(verdict: Decision | null) {
  assert.ok(verdict?.admitted, JSON.stringify(verdict));
  return verdict;
}

function refused(verdict: Decision | null) {
  assert.ok(verdict?.admitted === false, JSON.stringify(verdict));
  return verdict;
}

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

suite('round trips', () => {
  test('a caller over the limit costs none until the limit lets go', async () => {
    const { table, clock, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 1, window: 60 }]);
    await admit();
    refused(await admit());
    table.calls = [];

    clock.now += 59_999;
    refused(await admit());
    assert.deepEqual(table.calls, []);

    clock.now += 1;
    admitted(await admit());
    assert.deepEqual(table.calls, ['updateItem']);
  });

  test('several keys take one transaction, and a look at what was not seen lately beside it', async () => {
    const { table, clock, admit } = limiters([
      { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 },
      { kind: 'fixed-window', key: 'topic', limit: 9, window: 60 },
    ]);

    await admit();
    await admit();
    clock.now += 1001;
    await admit();

    assert.deepEqual(table.calls, ['batchGetItems', 'transactWriteItems', 'transactWriteItems', 'batchGetItems', 'transactWriteItems']);
  });

  test('a transaction that got in the way of another is tried again', async () => {
    const { table, admit } = limiters([
      { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 },
      { kind: 'fixed-window', key: 'topic', limit: 9, window: 60 },
    ]);
    await admit();
    const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
    table.failures = [Object.assign(new Error('conflict'), { name: 'TransactionCanceledException', CancellationReasons })];

    const { standing } = admitted(await admit());

    assert.equal(standing.remaining, 7);
  });

  test('requests at once that get in each other’s way are still counted exactly', async () => {
    const { table, admit } = limiters(
      [
        { kind: 'fixed-window', key: 'principal', limit: 5, window: 60 },
        { kind: 'leaky-bucket', key: 'topic', rate: 1, burst: 9 },
      ],
      20,
    );
    const conflict = { name: 'TransactionCanceledException', CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }] };
    const transact = table.transactWriteItems.bind(table);
    let calls = 0;
    table.transactWriteItems = (items) =>
      calls++ % 3 === 0 ? transact(items) : Promise.reject(Object.assign(new Error('conflict'), conflict));

    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, instance) => admit({}, instance)));

    assert.equal(verdicts.filter((verdict) => verdict?.admitted).length, 5);
  });

  test('so is an update that a transaction got in the way of', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 10, window: 60 }]);
    table.failures = [Object.assign(new Error('conflict'), { name: 'TransactionConflictException' })];

    admitted(await admit());

    assert.deepEqual(table.calls, ['updateItem', 'updateItem']);
  });

  test('what DynamoDB fails with is thrown', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 10, window: 60 }]);
    table.failures = [new Error('throttled')];

    await assert.rejects(admit(), { message: 'throttled' });
  });

  test('a write whose answer got lost is recognised when it is asked for again', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 1, window: 60 }]);
    const updateItem = table.updateItem.bind(table);
    table.updateItem = async (input) => {
      await updateItem(input);
      return updateItem(input);
    };

    admitted(await admit());
  });
});

test('expired counts do not pile up in an item, whoever uses it', async () => {
  const { table, clock, admit } = limiters([{ kind: 'sliding-window', key: 'principal', limit: 10, window: 1 }], 300);

  for (let instance = 0; instance < 300; instance++) {
    clock.now += 120_000;
    await admitted(await admit({}, instance)).finish();
  }

  const [item] = table.items.values();
  assert.ok(Object.keys(item).length < 60, `${Object.keys(item).length} attributes`);
});

test('an item says when DynamoDB may delete it: when no count of any rule matters any more', async () => {
  const { table, admit } = limiters([
    { kind: 'fixed-window', key: 'principal', limit: 10, window: 86_400, operations: ['read'] },
    { kind: 'sliding-window', key: 'principal', limit: 10, window: 1 },
  ]);

  await admit();

  const [{ expiresAt }] = table.items.values();
  assert.ok(Number(expiresAt.N) >= NOON / 1000 + 86_400);
});
