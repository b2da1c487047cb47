import { createServer, request as send } from 'node:http';
import { after } from 'node:test';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';

/** What stands before the registry: it counts, and fails when it is told to. */
export interface RegistryFront {
  url: string;
  /** Method and path of each request so far. */
  requests: string[];
  /** `down`: connections are closed; `silent`: nothing is answered; a number: that status is. */
  state: 'up' | 'down' | 'silent' | number;
  /** The `Authorization` header that it lets in; null for any. */
  authorization: string | null;
}

/** Listens in front of the shared registry until the tests of the file have ended. */
export async function startFront(): Promise<RegistryFront> {
  const origin = sharedRegistry();
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  const server = createServer((request, response) => {
    front.requests.push(`${request.method} ${request.url}`);
    if (front.state === 'down') request.socket.destroy();
    if (typeof front.state === 'number') response.writeHead(front.state).end('{}');
    if (front.state !== 'up') return;
    if (front.authorization !== null && request.headers.authorization !== front.authorization) {
      response.writeHead(401).end('{"error_code":401,"message":"Unauthorized"}');
      return;
    }
    const { authorization: _, host: __, ...headers } = request.headers;
    const passedOn = send(`${origin}${request.url}`, { method: request.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passedOn.once('error', () => response.destroy());
    request.pipe(passedOn);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const front: RegistryFront = { url: `http://127.0.0.1:${await listening}`, requests: [], state: 'up', authorization: null };
  return front;
}
