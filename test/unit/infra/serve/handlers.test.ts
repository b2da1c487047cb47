import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadHandlers } from '../../../../infra/serve/handlers.ts';
import { routesOf } from '../../../../lib/http/api.ts';
import type { HttpEvent } from '../../../../lib/server/http-event.ts';
import { configure } from '../../../harness/http/gateway.ts';

configure('127.0.0.1:9');

const handlerOf = await loadHandlers();
const event = (method: string, path: string, headers: Record<string, string> = {}): HttpEvent => ({
  ...{ version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: '', headers, isBase64Encoded: false },
  requestContext: { requestId: 'r', stage: '$default', http: { method, path, sourceIp: '127.0.0.1' } },
});

test('a request gets the function of its route, whichever there are, with a slash at its end and by HEAD, too', () => {
  for (const [name, routes] of Object.entries(routesOf)) {
    const handlers = routes.flatMap((route) => {
      const [method = '', path = ''] = route.replaceAll(/\{\w+\}/g, '1').split(' ');
      const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
      return methods.flatMap((one) => [handlerOf(event(one, path)), handlerOf(event(one, `${path}/`))]);
    });

    assert.equal(new Set(handlers).size, 1, name);
  }
});

test('what would be a stream is none by HEAD', () => {
  const path = '/topics/orders/records';
  const headers = { accept: 'text/event-stream' };

  assert.notEqual(handlerOf(event('GET', path, headers)), handlerOf(event('GET', path)));
  assert.equal(handlerOf(event('HEAD', path, headers)), handlerOf(event('GET', path)));
});
