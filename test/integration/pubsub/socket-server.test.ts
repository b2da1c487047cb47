import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { openSubscriber } from '../../harness/pubsub/subscriber.ts';
import { until } from '../../harness/until.ts';
import { server, subscribe, url } from './subscribers.ts';

configure(sharedKafka());

const FIRST_LINES = 'HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\n';
const LAST_LINES = 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A client that never closes its side of a connection, and never answers a frame. */
async function stubborn(t: TestContext, { port }: GatewayServer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function start(t: TestContext): Promise<GatewayServer> {
  const server = await startServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close(0));
  return server;
}

suite('a server that closes', () => {
  test('ends a WebSocket whose handshake was under way', { timeout: 20_000 }, async (t) => {
    const server = await start(t);
    const socket = await stubborn(t, server);
    socket.write(`GET /pubsub ${FIRST_LINES}`);
    // What was sent before it has come, too.
    await fetch(`${server.url}/health`);

    const closed = server.close(500);
    socket.write(LAST_LINES);

    await closed;
  });

  test('ends a WebSocket whose client does not answer', { timeout: 20_000 }, async (t) => {
    const server = await start(t);
    const socket = await stubborn(t, server);
    socket.write(`GET /pubsub ${FIRST_LINES}${LAST_LINES}`);
    const [answer]: unknown[] = await once(socket, 'data');

    // By itself, a WebSocket waits for half a minute.
    await server.close(500);

    assert.match(String(answer), /^HTTP\/1\.1 101 /);
  });
});

test('a client whose handshake is refused holds no connection', { timeout: 20_000 }, async (t) => {
  const server = await start(t);
  const socket = await stubborn(t, server);
  socket.write(`GET /elsewhere ${FIRST_LINES}${LAST_LINES}`);
  const [answer]: unknown[] = await once(socket, 'data');

  // Nobody would end it but the server, which waits for all that are open.
  await server.close(60_000);

  assert.match(String(answer), /^HTTP\/1\.1 404 /);
});

test('a request that would go on in HTTP/2, as those of Java’s client, is answered', { timeout: 20_000 }, async (t) => {
  const server = await start(t);
  const socket = await stubborn(t, server);

  const lines = ['Host: gateway', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];
  socket.write(`GET /health HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const [answer]: unknown[] = await once(socket, 'data');

  assert.match(String(answer), /^HTTP\/1\.1 200 /);
});

suite('a client that has not answered a ping by the next one', () => {
  const PING_MS = 30_000;
  const command = JSON.stringify({ sequence: 1, cmdPing: {} });

  /** A client that answers no ping, and has got the first. */
  async function pinged(t: TestContext): Promise<WebSocket> {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const server = await start(t);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/pubsub`, { autoPong: false });
    t.after(() => socket.terminate());
    await once(socket, 'open');
    const ping = once(socket, 'ping');
    t.mock.timers.tick(PING_MS);
    await ping;
    return socket;
  }

  test('is gone', { timeout: 20_000 }, async (t) => {
    const socket = await pinged(t);
    const closed = once(socket, 'close');

    t.mock.timers.tick(PING_MS);

    await closed;
  });

  test('is there if it has sent a command, as its answer may wait behind that', { timeout: 20_000 }, async (t) => {
    const socket = await pinged(t);
    const answer = once(socket, 'message');
    socket.send(command);
    await answer;
    const next = Promise.race([once(socket, 'ping').then(() => 'a ping'), once(socket, 'close').then(() => 'the end')]);

    t.mock.timers.tick(PING_MS);

    assert.equal(await next, 'a ping');
  });
});

test('of commands that come at once, no more than 16 are carried out at a time', { timeout: 20_000 }, async (t) => {
  const topic = await createTopic();
  const server = await start(t);
  const socket = await stubborn(t, server);
  socket.write(`GET /pubsub ${FIRST_LINES}${LAST_LINES}`);
  await once(socket, 'data');
  const fetches = Array.from({ length: 39 }, (_, i) => ({ sequence: i + 1, cmdKafkaFetch: { topic, maxWaitMs: 100 } }));
  const ping = { sequence: 40, cmdPing: {} };
  let answers = '';
  socket.on('data', (data: Buffer) => {
    answers += data.toString('latin1');
  });

  socket.write(Buffer.concat([...fetches, ping].map((command) => masked(JSON.stringify(command)))));
  await until(() => answers.split('"sequence"').length > 40);

  const order = [...answers.matchAll(/"sequence":"(\d+)"/g)].map(([, sequence]) => Number(sequence));
  assert.equal(new Set(order).size, 40);
  assert.ok(order.indexOf(40) >= 24, `the last command was answered after ${order.indexOf(40)} others`);
});

/** A text frame of a client, whose mask changes nothing. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  assert.ok(payload.length < 126);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

suite('the WebSocket of a process', () => {
  test('is for pages of its own origin, and of those that CORS_ORIGINS names', async () => {
    const own = await openSubscriber(url, { origin: server.url });
    own.close();

    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      await assert.rejects(openSubscriber(url, { origin }), /the handshake was refused/);
    }
  });

  test('is at /pubsub and nowhere else', async () => {
    await assert.rejects(openSubscriber(`ws://127.0.0.1:${server.port}/other`), /the handshake was refused/);
  });

  test('takes no bytes, and no message that is larger than those of API Gateway', async () => {
    const codes: number[] = [];
    for (const message of [Buffer.from('{}'), 'a'.repeat(128 * 1024 + 1)]) {
      const socket = new globalThis.WebSocket(url);
      await once(socket, 'open');
      socket.send(message);
      const [closed]: unknown[] = await once(socket, 'close');
      assert.ok(closed instanceof CloseEvent);
      codes.push(closed.code);
    }

    assert.deepEqual(codes, [1003, 1009]);
  });

  test('tells its clients to come back when the process ends', async () => {
    const ending = await startServer({ port: 0, host: '127.0.0.1' });
    const topic = await createTopic();
    const one = await openSubscriber(`ws://127.0.0.1:${ending.port}/pubsub`);
    await one.command(subscribe(topic));

    await ending.close(5000);

    assert.equal(await one.closed, 1001);
  });
});
