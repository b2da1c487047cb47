import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { OpenConnections } from '../../../../infra/serve/open-connections.ts';

/** Each test waits for its server to close: one that does not ends with this time. */
const timeout = 20_000;
const REQUEST = 'GET / HTTP/1.1\r\nHost: gateway\r\n\r\n';

async function serving(t: TestContext, answer: RequestListener) {
  const server = createServer();
  const connections = new OpenConnections(server);
  server.on('request', answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  return {
    connections,
    closed: once(server, 'close'),
    async open(): Promise<Socket> {
      const accepted = once(server, 'connection');
      const socket = connect(port, '127.0.0.1');
      t.after(() => socket.destroy());
      await accepted;
      return socket;
    },
  };
}

/** What is sent until the other side ends the connection. */
const allOf = async (socket: Socket): Promise<string> => (await buffer(socket)).toString();

test('a connection that was never used, and one that waits for its next request, are closed at once', { timeout }, async (t) => {
  const { connections, closed, open } = await serving(t, (_request, response) => response.end('answer'));
  await open();
  const used = await open();
  used.write(REQUEST);
  await once(used, 'data');

  connections.close();

  await closed;
});

test('an answer that its client is still receiving arrives as a whole', { timeout }, async (t) => {
  const body = 'a'.repeat(20_000_000);
  const { connections, closed, open } = await serving(t, (_request, response) => response.end(body));
  const slow = await open();
  slow.write(REQUEST);
  await once(slow, 'readable');

  connections.close();

  assert.ok((await allOf(slow)).endsWith(body));
  await closed;
});

for (const [what, begins] of [
  ['and says so, if it has not begun', false],
  ['also if it has begun', true],
] as const) {
  test(`a connection is closed behind the answer to its request, ${what}`, { timeout }, async (t) => {
    const received = Promise.withResolvers<() => void>();
    const { connections, closed, open } = await serving(t, (_request, response) => {
      if (begins) response.write('begin');
      received.resolve(() => response.end('end'));
    });
    const socket = await open();
    socket.write(REQUEST);
    const finish = await received.promise;

    connections.close();
    finish();

    const answer = await allOf(socket);
    await closed;
    assert.match(answer, /end(?:\r\n0\r\n\r\n)?$/);
    assert.equal(/^connection: close\r$/im.test(answer), !begins);
  });
}

test('a request whose beginning has come is answered', { timeout }, async (t) => {
  const { connections, closed, open } = await serving(t, (_request, response) => response.end('answer'));
  const first = await open();
  const later = await open();
  later.write(REQUEST);
  await once(later, 'data');
  for (const socket of [first, later]) socket.write(REQUEST.slice(0, 10));
  // Comes to the server behind what was written before.
  const last = await open();
  last.write(REQUEST);
  await once(last, 'data');

  connections.close();
  for (const socket of [first, later]) socket.write(REQUEST.slice(10));

  for (const socket of [first, later]) assert.match(await allOf(socket), /answer$/);
  await closed;
});

test('requests that were sent one after the other without waiting are all answered', { timeout }, async (t) => {
  const finishes: (() => void)[] = [];
  const received = Promise.withResolvers<void>();
  const { connections, closed, open } = await serving(t, (_request, response) => {
    finishes.push(() => response.end('answer'));
    if (finishes.length === 2) received.resolve();
  });
  const socket = await open();
  socket.write(REQUEST + REQUEST);
  await received.promise;

  connections.close();
  for (const finish of finishes) finish();

  const answers = await allOf(socket);
  await closed;
  assert.equal(answers.match(/answer/g)?.length, 2);
  assert.match(answers, /connection: close\r\n(?:(?!HTTP).)*answer$/is);
});
