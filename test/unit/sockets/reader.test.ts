import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Credit } from '../../../lib/sockets/credit.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { counting, fixture, kept } from './reading-shard.ts';

test('what was sent for a subscription is written down, and the next reader goes on behind it', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 7 }));

  const first = await reader().run(clock.now() + 60_000);
  store.put('c', { ...(store.connections.get('c')?.subscriptions[0] ?? kept('1')), given: 12 });
  const second = await reader().run(clock.now() + 60_000);

  assert.deepEqual([first, second], ['time', 'time']);
  assert.deepEqual(
    sent,
    Array.from({ length: 12 }, (_, i) => `c 1:${i}`),
  );
  assert.equal(store.holder, null);
});

test('credit comes to a subscription that waits for it', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 0 }));
  const running = reader().run(clock.now() + 20_000);
  await clock.wait(3000, new AbortController().signal);

  store.put('c', kept('1', { given: 3 }));
  await running;

  assert.deepEqual(sent, ['c 1:0', 'c 1:1', 'c 1:2']);
});

test('a shard that a reader holds is left alone, and taken over when that reader is dead', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 5 }));
  // As of a process that has just taken it, and sends no other word.
  Object.assign(store, { holder: 'dead', until: clock.now() + 10_000 });

  const before = await reader().run(clock.now() + 1000);
  await clock.wait(11_000, new AbortController().signal);
  const after = await reader().run(clock.now() + 60_000);

  assert.deepEqual([before, after], ['held', 'time']);
  assert.deepEqual(
    sent,
    Array.from({ length: 5 }, (_, i) => `c 1:${i}`),
  );
});

test('a connection that is gone is forgotten, and a reader that nobody is left for ends', async () => {
  const { store, clock, reader } = fixture(async () => 'gone');
  store.put('c', kept('1'), kept('2'));

  const end = await reader().run(clock.now() + 1e6);

  assert.equal(end, 'empty');
  assert.deepEqual([store.connections.size, store.holder], [0, null]);
});

test('a subscription that has failed is ended, and others of its connection go on', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1'), kept('2', { given: 2 }));

  await reader((one, cursor, tools) => (one.sequence === '1' ? Promise.resolve('failed') : counting(one, cursor, tools))).run(
    clock.now() + 3000,
  );

  assert.deepEqual(
    store.connections.get('c')?.subscriptions.map(({ id }) => id),
    ['id-2'],
  );
  assert.deepEqual(sent, ['c 2:0', 'c 2:1']);
});

test('a subscription that was removed is sent nothing more, nor is a connection that was', async () => {
  const { store, clock, reader } = fixture();
  const ends: string[] = [];
  store.put('c', kept('1', { given: 0 }), kept('2', { given: 0 }));
  store.put('d', kept('1', { given: 0 }));
  const running = reader(async (one, cursor, tools) => {
    const end = await counting(one, cursor, tools);
    ends.push(`${one.sequence} ${end}`);
    return end;
  }).run(clock.now() + 30_000);
  await clock.wait(3000, new AbortController().signal);

  store.put('c', kept('2', { given: 0 }));
  await clock.wait(3000, new AbortController().signal);
  const afterOne = [...ends];
  store.connections.delete('d');
  await clock.wait(3000, new AbortController().signal);
  const afterAll = [...ends];
  await running;

  assert.deepEqual([afterOne, afterAll], [['1 stopped'], ['1 stopped', '1 stopped']]);
});

test('a subscription that takes the sequence of an earlier one begins at its own cursor', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 1 }));
  const running = reader().run(clock.now() + 20_000);
  await clock.wait(3000, new AbortController().signal);

  store.put('c', kept('1', { id: 'another', cursor: '50', given: 2 }));
  await running;

  assert.deepEqual(sent, ['c 1:0', 'c 1:50', 'c 1:51']);
});

test('a connection whose only subscription is replaced by another is sent the records of that one', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 1 }));
  const running = reader().run(clock.now() + 20_000);
  await clock.wait(3000, new AbortController().signal);
  const { takeUp } = store;
  store.takeUp = async (...connection) => {
    const none = await takeUp.apply(store, connection);
    store.takeUp = takeUp;
    store.put('c', kept('2', { cursor: '50', given: 2 }));
    return none;
  };

  store.put('c');
  await running;

  assert.deepEqual(sent, ['c 1:0', 'c 2:50', 'c 2:51']);
});

test('a subscription begins again only when its records are not being sent any more', async (t) => {
  captureLog(t);
  const { store, clock, reader } = fixture();
  store.put('c', kept('1'));
  let underWay = 0;
  const begun: number[] = [];
  const running = reader(async (_one, _cursor, { stop }) => {
    begun.push(++underWay);
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
    await clock.wait(5000, new AbortController().signal);
    underWay--;
    return 'stopped';
  }).run(clock.now() + 60_000);
  await clock.wait(3000, new AbortController().signal);

  store.failures = Array.from({ length: 11 }, () => new Error('throttled'));
  await running;

  assert.deepEqual(begun, [1, 1]);
});

test('a reader hands over in time though a subscription waits for a Kafka that is silent', async () => {
  const { store, clock, reader } = fixture();
  store.put('c', kept('1'));
  const startedAt = clock.now();

  const end = await reader(() => new Promise(() => {})).run(startedAt + 5000);

  assert.deepEqual([end, store.holder], ['time', null]);
  assert.ok(clock.now() - startedAt < 20_000);
});

test('what was sent is counted up to the cursor that is written down, and no further', async () => {
  const { store, clock, reader } = fixture();
  store.put('c', kept('1', { given: 10 }));
  let credit: Credit | undefined;

  await reader(async (_one, _cursor, tools) => {
    credit = tools.credit;
    credit.take(2);
    await tools.send('two');
    tools.moved('2');
    // On its way when the time is over.
    credit.take(3);
    await new Promise<void>((resolve) => tools.stop.addEventListener('abort', () => resolve()));
    return 'stopped';
  }).run(clock.now() + 2000);

  const [one] = store.connections.get('c')?.subscriptions ?? [];
  assert.deepEqual([one.cursor, one.sent, credit?.sent], ['2', 2, 5]);
});

test('of connections that end their subscriptions together, each leaves the shard, and none in the way of another', async (t) => {
  const lines = captureLog(t);
  const { store, clock, reader } = fixture();
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  for (const name of names) store.put(name, kept('1', { given: 0 }));
  const running = reader().run(clock.now() + 1e6);
  await clock.wait(3000, new AbortController().signal);

  for (const name of names) store.put(name);
  const end = await running;

  assert.deepEqual([end, store.connections.size], ['empty', 0]);
  assert.deepEqual(lines, []);
});
