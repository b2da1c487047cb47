import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connections } from '../../../lib/sockets/connections.ts';
import type { Credit } from '../../../lib/sockets/credit.ts';
import { type ReaderTools, SocketReader } from '../../../lib/sockets/reader.ts';
import type { KeptSubscription } from '../../../lib/sockets/store.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { MemorySockets, subscriptionOf } from '../../harness/pubsub/memory-sockets.ts';
import { FastClock } from '../../harness/push/fast-clock.ts';

const kept = (sequence: string, others: Partial<KeptSubscription> = {}): KeptSubscription => ({
  ...{ id: `id-${sequence}`, subscription: subscriptionOf(sequence), cursor: '0', given: 1000, sent: 0 },
  ...others,
});

/** Counts from the cursor on, a record a push, as long as there is credit: what a topic would bring whose records are numbers. */
const counting: ReaderTools['push'] = async ({ sequence }, cursor, { credit, send, moved, stop }) => {
  for (let next = Number(cursor); ; next++) {
    await credit.wait(stop);
    await new Promise(setImmediate);
    if (stop.aborted) return 'stopped';
    credit.take(1);
    if (!(await send(`${sequence}:${next}`))) return stop.aborted ? 'stopped' : 'gone';
    moved(String(next + 1));
  }
};

/** Counts as well, a record each 700 ms. */
const each700Ms =
  (clock: FastClock): ReaderTools['push'] =>
  async ({ sequence }, cursor, { credit, send, moved, stop }) => {
    for (let next = Number(cursor); ; next++) {
      await clock.wait(700, stop);
      if (stop.aborted) return 'stopped';
      credit.take(1);
      if (!(await send(`${sequence}:${next}`))) return 'gone';
      moved(String(next + 1));
    }
  };

function fixture(post: Connections['post'] = async () => 'sent') {
  const store = new MemorySockets();
  const clock = new FastClock();
  const sent: string[] = [];
  const connections: Connections = {
    async post(connection, text, stop) {
      const result = stop.aborted ? 'stopped' : await post(connection, text, stop);
      if (result === 'sent') sent.push(`${connection} ${text}`);
      return result;
    },
  };
  const reader = (push: ReaderTools['push'] = counting) => new SocketReader(0, { store, connections, clock, push });
  return { store, clock, sent, reader };
}

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
