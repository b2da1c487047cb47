import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Post, poster } from '../../../../lib/push/attempt/post.ts';
import { TargetRefused } from '../../../../lib/push/attempt/target.ts';

/** At the end of an answer: its connection stays open. */
const OPEN = ' …';

let server: Server;
let port: number;
let answer: string;
let connections = 0;
let post: Post;

before(async () => {
  server = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (answer.endsWith(OPEN)) return socket.write(answer.slice(0, -OPEN.length));
      return answer === 'RESET' ? socket.resetAndDestroy() : answer === 'HANG' ? undefined : socket.end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = Object(server.address()).port;
  post = poster({ isPublicAllowed: true, origins: [`http://127.0.0.1:${port}`] });
});
after(() => server.close());

const send = (text: string, timeoutMs = 5000) => {
  answer = text;
  return post(new URL(`http://127.0.0.1:${port}/`), {}, Buffer.from('{}'), timeoutMs);
};

suite('an answer', () => {
  test('of 2xx is one by its status, whatever its body does', async () => {
    assert.equal((await send('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort')).status, 200);
  });

  test('of 2xx is one though its headers are long', async () => {
    assert.equal((await send(`HTTP/1.1 200 OK\r\nset-cookie: ${'x'.repeat(40_000)}\r\ncontent-length: 0\r\n\r\n`)).status, 200);
  });

  test('of 2xx has its body where that is what is wanted', async () => {
    answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
    const url = new URL(`http://127.0.0.1:${port}/`);

    assert.equal((await post(url, {}, Buffer.from('a=b'), 5000, 'body')).text, '{}');
    assert.equal((await post(url, {}, Buffer.from('a=b'), 5000)).text, '');
  });

  test('that is no success has the beginning of its body, though it is shorter than it says', async () => {
    const { status, text } = await send('HTTP/1.1 500 No\r\ncontent-length: 1000\r\n\r\nshort');

    assert.deepEqual([status, text], [500, 'short']);
  });

  test('is read up to 64 KiB', async () => {
    const { text } = await send(`HTTP/1.1 500 No\r\n\r\n${'x'.repeat(1_000_000)}`);

    assert.equal(text.length, 64 * 1024);
  });

  test('that is no success counts by its status, though its body does not end', async () => {
    const { status, headers, text } = await send('HTTP/1.1 429 Busy\r\nretry-after: 60\r\n\r\nbusy'.concat(OPEN), 100);

    assert.deepEqual([status, headers['retry-after'], text], [429, '60', 'busy']);
  });

  test('whose body is wanted is none, if the body does not end in time', async () => {
    answer = 'HTTP/1.1 200 OK\r\n\r\n{"access'.concat(OPEN);

    await assert.rejects(post(new URL(`http://127.0.0.1:${port}/`), {}, Buffer.from('a=b'), 100, 'body'), /no answer within/);
  });

  test('that wants another protocol is one by its status', async () => {
    const lines = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n';

    assert.equal((await send(lines.concat(OPEN))).status, 101);
  });

  test('that offers another protocol is one by its status', async () => {
    const lines = 'HTTP/1.1 204 No Content\r\nconnection: upgrade, close\r\nupgrade: h2,h2c\r\n\r\n';

    assert.equal((await send(lines)).status, 204);
  });

  test('that sends elsewhere is not followed', async () => {
    const before = connections;
    const { status } = await send('HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n');

    assert.deepEqual([status, connections], [302, before + 1]);
  });
});

suite('there is no answer', () => {
  test('from an endpoint that says nothing in time', async () => {
    await assert.rejects(send('HANG', 50), /no answer within/);
  });

  for (const [what, text] of [
    ['that resets the connection', 'RESET'],
    ['that hangs up', ''],
    ['that speaks no HTTP', 'hello\r\n\r\n'],
  ]) {
    test(`from an endpoint ${what}`, async () => {
      await assert.rejects(send(text));
    });
  }
});

suite('over connections that are kept, and end with a request that their endpoint has got', () => {
  /** Posts twice to an endpoint that answers the first request of a connection alone. */
  async function postTwice(isOnce: boolean): Promise<string[]> {
    const got: string[] = [];
    const asked = new WeakSet<Socket>();
    const endpoint = createHttpServer(async (request, response) => {
      got.push(Buffer.concat(await request.toArray()).toString());
      if (asked.has(request.socket)) request.socket.resetAndDestroy();
      else response.writeHead(204).end();
      asked.add(request.socket);
    });
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const origin = `http://127.0.0.1:${Object(endpoint.address()).port}`;
    const posting = poster({ isPublicAllowed: false, origins: [origin] });
    try {
      for (const body of ['first', 'second']) {
        await posting(new URL(origin), {}, Buffer.from(body), 5000, 'body', isOnce);
        // Then the connection is free again.
        await setImmediate();
      }
      return got;
    } finally {
      endpoint.closeAllConnections();
      endpoint.close();
    }
  }

  test('a request is sent again', async () => {
    assert.deepEqual(await postTwice(false), ['first', 'second', 'second']);
  });

  test('a request that may be sent once alone goes over a connection of its own', async () => {
    assert.deepEqual(await postTwice(true), ['first', 'second']);
  });
});

suite('a name', () => {
  test('that leads to another address the second time is refused then, and nothing is sent there', async () => {
    const before = connections;
    const addresses = ['192.0.2.1', '127.0.0.1'];
    const rebinding = poster({ isPublicAllowed: true, origins: [] }, async () => [{ address: addresses.pop() ?? '', family: 4 }]);

    for (let i = 0; i < 2; i++) {
      await assert.rejects(rebinding(new URL('https://hooks.example.com/'), {}, Buffer.alloc(0), 1000), TargetRefused);
    }

    assert.equal(connections, before);
  });
});
