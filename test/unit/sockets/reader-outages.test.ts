import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { counting, each700Ms, fixture, kept } from './reading-shard.ts';

test('a reader whose lease was taken sends nothing more, and writes nothing down', async (t) => {
  captureLog(t);
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 2 }));
  const running = reader().run(clock.now() + 1e6);
  await clock.wait(3000, new AbortController().signal);

  store.holder = 'another';
  for (const connection of store.connections.values()) connection.lease = 9;
  const end = await running;

  assert.equal(end, 'held');
  assert.equal(sent.length, 2);
});

test('while the table is away, a reader sends until its lease may be over, and goes on when the table is back', async (t) => {
  const lines = captureLog(t);
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 1000 }));
  const startedAt = clock.now();
  const running = reader(each700Ms(clock)).run(startedAt + 120_000);
  await clock.wait(3000, new AbortController().signal);

  store.failures = Array.from({ length: 60 }, () => new Error('throttled'));
  await clock.wait(30_000, new AbortController().signal);
  const sentMeanwhile = sent.length;
  const end = await running;

  assert.equal(end, 'time');
  assert.ok(sentMeanwhile > 10 && sentMeanwhile < 20, `${sentMeanwhile} records in 33 s`);
  assert.ok(sent.length > 60, `${sent.length} records in all`);
  assert.deepEqual(
    sent,
    sent.map((_, i) => `c 1:${i}`),
  );
  assert.ok(lines.some(({ event }) => event === 'socket_table_unavailable'));
});

test('a reader ends when another one has the shard once the table is back', async (t) => {
  captureLog(t);
  const { store, clock, reader } = fixture();
  store.put('c', kept('1', { given: 3 }));
  const running = reader().run(clock.now() + 1e6);
  await clock.wait(3000, new AbortController().signal);

  store.failures = Array.from({ length: 30 }, () => new Error('throttled'));
  store.holder = 'another';

  assert.equal(await running, 'held');
});

test('a message that API Gateway does not take is given up when the lease may be over, and sent again after the next renewal', async (t) => {
  captureLog(t);
  const tries: string[] = [];
  const { store, clock, sent, reader } = fixture(async (_connection, text, stop) => {
    tries.push(text);
    if (tries.length > 1) return 'sent';
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
    return 'stopped';
  });
  store.put('c', kept('1', { given: 1 }));
  const running = reader().run(clock.now() + 60_000);
  await clock.wait(3000, new AbortController().signal);

  store.failures = Array.from({ length: 15 }, () => new Error('throttled'));
  await running;

  assert.deepEqual([tries, sent], [['1:0', '1:0'], ['c 1:0']]);
});

test('a subscription goes on where it was when a slow table has renewed the lease too late for what was to be sent meanwhile', async () => {
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 100 }));
  const { renew } = store;
  let renewals = 0;
  store.renew = async (...lease) => {
    if (++renewals === 3) await clock.wait(9500, new AbortController().signal);
    return renew.apply(store, lease);
  };

  const end = await reader(each700Ms(clock)).run(clock.now() + 30_000);

  const [one] = store.connections.get('c')?.subscriptions ?? [];
  assert.equal(end, 'time');
  assert.ok(sent.length > 30, `${sent.length} records`);
  assert.deepEqual(
    sent,
    sent.map((_, i) => `c 1:${i}`),
  );
  assert.deepEqual([one.cursor, one.sent], [String(sent.length), sent.length]);
});

test('a reader that begins while the table is away waits for it, as nobody else wakes one for clients that only receive', async (t) => {
  captureLog(t);
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 3 }));
  store.failures = Array.from({ length: 500 }, () => new Error('throttled'));

  const end = await reader().run(clock.now() + 880_000);

  assert.deepEqual([end, sent], ['time', ['c 1:0', 'c 1:1', 'c 1:2']]);
});

test('a table that is not there until the time is over, or at the end, is told of, and ends the reader with its error', async (t) => {
  const lines = captureLog(t);
  const failure = new Error('there is no such table');
  const events = () => new Set(lines.splice(0).map(({ event }) => event));
  const { store, clock, reader } = fixture();
  store.failures = Array.from({ length: 60 }, () => failure);
  const until = clock.now() + 60_000;

  await assert.rejects(reader().run(until), failure);
  assert.deepEqual(events(), new Set(['socket_table_unavailable']));
  assert.ok(clock.now() <= until);

  store.release = () => Promise.reject(failure);
  store.put('c', kept('1', { given: 3 }));
  await assert.rejects(reader().run(clock.now() + 10_000), failure);
  assert.deepEqual(events(), new Set(['socket_table_unavailable']));
});

test('credit that could not be read is read again', async (t) => {
  captureLog(t);
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 0 }));
  const running = reader().run(clock.now() + 30_000);
  await clock.wait(3500, new AbortController().signal);
  const { takeUp } = store;
  let fails = 2;
  store.takeUp = (connection, number) => (fails-- > 0 ? Promise.reject(new Error('throttled')) : takeUp.call(store, connection, number));

  store.put('c', kept('1', { given: 2 }));
  await running;

  assert.deepEqual(sent, ['c 1:0', 'c 1:1']);
});

test('what was sent before an outage of the table is written down after it, also when nothing more is sent', async (t) => {
  captureLog(t);
  const { store, clock, sent, reader } = fixture();
  store.put('c', kept('1', { given: 3 }));
  const { renew } = store;
  let renewals = 0;
  store.renew = (...lease) => {
    const isAway = ++renewals > 2 && renewals < 20;
    return isAway ? Promise.reject(new Error('throttled')) : renew.apply(store, lease);
  };

  await reader(async (one, cursor, tools) => {
    // While the table is away.
    if (cursor === '0') await clock.wait(4000, tools.stop);
    return counting(one, cursor, tools);
  }).run(clock.now() + 60_000);

  const [one] = store.connections.get('c')?.subscriptions ?? [];
  assert.deepEqual([sent.length, one.cursor, one.sent], [3, '3', 3]);
});
