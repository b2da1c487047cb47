import { once } from 'node:events';
import type { Server } from 'node:http';
import type { TestContext } from 'node:test';

/** Listens on a free port of the loopback interface. @returns the server's origin, such as `http://127.0.0.1:40123` */
export async function listenOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Like {@link listenOnLoopback}, until the test ends. */
export async function listenDuring(t: TestContext, server: Server): Promise<string> {
  const origin = await listenOnLoopback(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return origin;
}
