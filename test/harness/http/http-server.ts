import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { rows } from '../../../infra/functions.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { httpEvent, lambdaContext } from '../events/http-event.ts';
import { functionFor } from './function-for.ts';

/** The gateway on a port of this machine. */
export interface HttpServer {
  /** Without a trailing slash. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Serves the functions over HTTP in this process: each request becomes the event that API Gateway would make, for the function that it
 * would invoke. For clients that send many requests; `npm start` serves the built functions.
 */
export async function serveFunctions(): Promise<HttpServer> {
  const handlers = new Map<string, GatewayHandler>();
  for (const [name, { routes }] of rows) if (routes.length > 0) handlers.set(name, (await import(`../../../functions/${name}.ts`)).handler);
  const server = createServer((request, response) => {
    answer(handlers, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(handlers: ReadonlyMap<string, GatewayHandler>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const body = await buffer(request);
  const event = httpEvent(method, path, {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
    ),
    query,
    ...(body.length > 0 && { body: body.toString('base64') }),
    isBase64Encoded: body.length > 0,
  });
  const handler = handlers.get(functionFor(method, path));
  if (handler === undefined) throw new Error(`no function serves ${method} ${path}`);
  const result = await handler(event, lambdaContext());
  response.writeHead(result.statusCode, result.headers);
  response.end(result.isBase64Encoded ? Buffer.from(result.body, 'base64') : result.body);
}
