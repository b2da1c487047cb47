import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type FunctionName, rows } from '../../../infra/functions.ts';
import { routeFor } from '../http/function-for.ts';
import { listenDuring } from '../http/loopback.ts';
import { type ClientResponse, send } from './api-gateway.ts';
import type { Authorize } from './rest-api.ts';
import type { LambdaFunction } from './start-function.ts';

/**
 * Serves functions like an HTTP API: a request goes to the function of its route, which starts with its first request and gets one at a
 * time. Returns the API's address.
 *
 * @param authorize replaces the authorizer of all routes that are not open: returns the caller, or null to refuse
 */
export async function httpApiOf(
  t: TestContext,
  start: (name: FunctionName) => Promise<LambdaFunction>,
  authorize: Authorize,
): Promise<string> {
  const started = new Map<FunctionName, Promise<LambdaFunction>>();
  const last = new Map<FunctionName, Promise<unknown>>();

  async function answer(request: IncomingMessage): Promise<Omit<ClientResponse, 'json'>> {
    const { method = '', url = '' } = request;
    const { name, key } = routeFor(method, url.split('?')[0]);
    const isOpen = rows.some(([one, row]) => one === name && row.isOpen);
    const caller = isOpen ? undefined : authorize(request.headers);
    if (caller === null) return { status: 401, headers: {}, body: Buffer.from('{"message":"Unauthorized"}') };
    const fn = started.get(name) ?? start(name);
    started.set(name, fn);
    const body = await buffer(request);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([header, value]) => [header, String(value)]));
    const answered = Promise.allSettled([fn, last.get(name)]).then(async () =>
      send(await fn, { route: key, target: url, headers, ...(body.length > 0 && { body }), ...(caller && { caller }) }),
    );
    last.set(name, answered);
    return answered;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  return listenDuring(t, server);
}
