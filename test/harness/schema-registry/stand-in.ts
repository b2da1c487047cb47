import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after } from 'node:test';

/** A request, as a registry sees it. */
export interface SeenRequest {
  line: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** A registry's response: a status and JSON, other text, or none. */
export type StandInAnswer = { status: number; body: unknown } | string | null;

/** A registry on its own port until the tests of the file have ended. */
export async function startStandIn(answer: (request: SeenRequest) => StandInAnswer, tls?: { pfx: Buffer; passphrase: string }) {
  const seen: SeenRequest[] = [];
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const one = { line: `${request.method} ${request.url}`, headers: request.headers, body: text === '' ? null : JSON.parse(text) };
    seen.push(one);
    const given = answer(one);
    if (given === null) request.socket.destroy();
    else if (typeof given === 'string') response.end(given);
    else response.writeHead(given.status).end(JSON.stringify(given.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen };
}
