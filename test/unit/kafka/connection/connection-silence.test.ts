import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { initProducerId } from '../../../../lib/kafka/protocol/init-producer-id.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { produce } from '../../../../lib/kafka/protocol/produce.ts';
import { fetchAnswer, keys } from '../../../harness/fake-broker/broker-side.ts';
import { FakeBroker, startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { settled, stopTime } from '../../../harness/virtual-time.ts';
import { ask, connectionTo, echo, longPoll, PLENTY_MS } from './connecting.ts';

function throttledFetch(forMs: number): Buffer {
  const answer = fetchAnswer({ topic: 'orders', partition: 0 });
  answer.writeInt32BE(forMs, 0);
  return answer;
}

test('a broker that accepts but does not answer is given up while connecting', async (t) => {
  stopTime(t);
  const broker = await FakeBroker.start(t, silence);
  const connection = connectionTo(t, broker.address);
  const arrived = broker.received(keys.apiVersions);
  const connecting = connection.connect();
  await arrived;

  t.mock.timers.tick(2200);

  await assert.rejects(connecting, { name: 'AnswerTimeout' });
  assert.equal(connection.closed, true);
});

test('a broker whose first answer comes byte by byte is given up while connecting', async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    // Of 255 bytes, which would take 12 s.
    socket.write(Buffer.of(0, 0, 0, 255));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dripping = setInterval(() => sockets[0]?.write(Buffer.of(0)), 50);
  t.after(() => {
    clearInterval(dripping);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const connection = connectionTo(t, `127.0.0.1:${address.port}`);

  await assert.rejects(connection.connect(), { name: 'AnswerTimeout' });

  assert.equal(connection.closed, true);
});

test('a request that is not answered in its time is rejected then, with all others of the connection, which is closed', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const arrived = broker.received(keys.initProducerId);
  const hasty = assert.rejects(connection.send(metadata(null), 3000), { name: 'AnswerTimeout' });
  const patient = assert.rejects(connection.send(initProducerId, 60_000));
  await arrived;

  t.mock.timers.tick(2800);
  await settled();
  assert.equal(connection.closed, false);
  t.mock.timers.tick(400);

  await hasty;
  await patient;
  assert.equal(connection.closed, true);
  await assert.rejects(connection.send(metadata(null), PLENTY_MS), /closed/);
});

test('before a broker counts as silent, large requests have time to go out, with what comes behind them', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  // 5 MB, which take 10 s over a slow network.
  const large = metadata(Array.from({ length: 200 }, () => 'x'.repeat(25_000)));
  const arrived = broker.received(keys.initProducerId);
  const sent = assert.rejects(connection.send(large, 2000), { name: 'AnswerTimeout' });
  const behind = assert.rejects(connection.send(initProducerId, 2000));
  await arrived;
  assert.equal(Math.round(connection.sendingMs / 1000), 10);

  t.mock.timers.tick(11_900);
  await settled();
  assert.equal(connection.closed, false);
  t.mock.timers.tick(400);

  await sent;
  await behind;
  assert.deepEqual([connection.closed, connection.sendingMs], [true, 0]);
});

test('what goes out without an answer counts for the requests behind it, until the operating system has taken it', async (t) => {
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const batch = Buffer.alloc(5_000_000);

  const posting = connection.post(produce([{ topic: 'orders', partition: 0, batch }], 0, 1));

  assert.equal(Math.round(connection.sendingMs / 1000), 10);
  await posting;
  assert.equal(connection.sendingMs, 0);
});

test('idle is the time since the last answer, by the clock', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, echo);
  const connection = connectionTo(t, broker.address);
  await connection.connect();

  t.mock.timers.setTime(Date.now() + 170_000);
  assert.equal(connection.idleMs, 170_000);
  await ask(connection, 'orders');

  assert.equal(connection.idleMs, 0);
});

test('it is waiting while a long poll is under way', async (t) => {
  const answered = Promise.withResolvers<Buffer>();
  const broker = await startBroker(t, () => answered.promise);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  assert.equal(connection.waiting, false);

  const polling = connection.send(longPoll, PLENTY_MS);
  const waiting = connection.waiting;
  answered.resolve(fetchAnswer({ topic: 'orders', partition: 0 }));
  await polling;

  assert.deepEqual([waiting, connection.waiting], [true, false]);
});

test('a broker whose quota was passed does not hear requests for a while: who cannot wait is told how long', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, (request) => {
    const answer = echo(request);
    answer.writeInt32BE(4100, 0);
    return answer;
  });
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  connection.mustHearBefore(Date.now());
  await ask(connection, 'orders');

  connection.mustHearBefore(Date.now() + 4100);
  const refused = () => connection.mustHearBefore(Date.now() + 4000);

  assert.throws(refused, { name: 'QuotaExceeded', status: 429, headers: { 'retry-after': '5' } });
  t.mock.timers.tick(200);
  connection.mustHearBefore(Date.now() + 4000);
});

test('what was sent before a quota muted the connection is not lost to it: records wait, and all else is given up', async (t) => {
  stopTime(t);
  const muted = Promise.withResolvers<void>();
  let answered = 0;
  const broker = await startBroker(t, async () => {
    if (++answered === 1) return throttledFetch(6000);
    await muted.promise;
    return throttledFetch(0);
  });
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const first = connection.send(longPoll, 2000);
  const stuck = connection.send(longPoll, 2000);
  const other = assert.rejects(connection.send(metadata(null), 2000), { name: 'AnswerTimeout' });
  await first;

  t.mock.timers.tick(2200);
  await other;
  t.mock.timers.tick(5700);
  muted.resolve();
  await stuck;

  assert.deepEqual([connection.closed, connection.silentSince], [false, null]);
});

test('it says since when the broker was silent, and whether it has proved since a time that it works', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const connected = Date.now();
  t.mock.timers.tick(1000);
  assert.deepEqual([connection.unprovenSince(connected), connection.unprovenSince(connected + 1)], [false, true]);
  const arrived = broker.received(keys.metadata);
  const asking = assert.rejects(connection.send(metadata(null), 2500));
  await arrived;
  assert.deepEqual([connection.unprovenSince(connected + 1), connection.silentSince], [false, null]);

  t.mock.timers.tick(2700);
  await asking;

  assert.equal(connection.silentSince, connected + 1000);
});
