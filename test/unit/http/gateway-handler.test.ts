import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../lib/errors.ts';
import { api } from '../../../lib/http/api.ts';
import { gatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

test('the route of a request answers it', async (t) => {
  captureLog(t);
  const handler = gatewayHandler({
    'GET /topics': () => ({ body: '["all"]' }),
    'GET /topics/{topic}/partitions/{partition}': async ({ path: { topic, partition } }) => ({
      mediaType: 'application/json',
      body: JSON.stringify([topic, partition]),
    }),
  });

  const [all, one] = await Promise.all([
    handler(httpEvent('GET', '/topics'), lambdaContext()),
    handler(httpEvent('GET', '/topics/orders/partitions/7/'), lambdaContext()),
  ]);

  assert.equal(all.body, '["all"]');
  assert.deepEqual(one, {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': 'JKJaXmPLvHcESHA=' },
    body: '["orders",7]',
  });
});

test('HEAD is answered as GET without a body, an error too', async (t) => {
  captureLog(t);
  const handler = gatewayHandler({
    'GET /topics': () => ({ headers: { link: '<x>' }, body: '[]' }),
    'GET /topics/{topic}': () => ({ body: 'AAA=', isBase64: true }),
  });

  const answers = ['/topics', '/topics/a', '/topics/a b', '/brokers'].map((path) => handler(httpEvent('HEAD', path), lambdaContext()));

  const [list, bytes, bad, elsewhere] = await Promise.all(answers);
  assert.deepEqual([list.statusCode, list.headers.link, list.body], [200, '<x>', '']);
  assert.deepEqual([bytes.statusCode, bytes.body, bytes.isBase64Encoded], [200, '', undefined]);
  assert.deepEqual([bad.statusCode, bad.body, elsewhere.statusCode, elsewhere.body], [400, '', 404, '']);
});

test("a path of another function's with a slash at its end is sent on to the path without", async (t) => {
  captureLog(t);
  const handler = gatewayHandler({});
  const headers = { host: 'gateway.example', 'x-forwarded-proto': 'https' };

  const sentOn = await handler(httpEvent('POST', '/topics/a%2Eb//', { headers, query: 'acks=1' }), lambdaContext());

  assert.deepEqual([sentOn.statusCode, sentOn.headers.location], [308, 'https://gateway.example/topics/a%2Eb?acks=1']);
  assert.equal((await handler(httpEvent('POST', '/nope/'), lambdaContext())).statusCode, 404);
});

test('a function knows the routes of the others, for 404 and 405', async (t) => {
  captureLog(t);
  const handler = gatewayHandler({});
  const answer = async (method: string, path: string) => {
    const { statusCode, headers, body } = await handler(httpEvent(method, path), lambdaContext());
    return { statusCode, allow: headers.allow, code: JSON.parse(body).error_code };
  };

  assert.deepEqual(await answer('GET', '/nope'), { statusCode: 404, allow: undefined, code: 404 });
  assert.deepEqual(await answer('PUT', '/topics/orders'), { statusCode: 405, allow: 'GET, POST', code: 405 });
  assert.deepEqual(await answer('GET', '/topics/a b'), { statusCode: 400, allow: undefined, code: 40002 });
  assert.deepEqual(await answer('GET', '/topics/orders/partitions/-1'), { statusCode: 404, allow: undefined, code: 40402 });
  for (const key of api) {
    const [method, pattern] = key.split(' ');
    const path = pattern
      .replace(/{topics?}/, 'orders')
      .replace('{partition}', '0')
      .replace('{subscription}', 'hook');
    assert.deepEqual(await answer(method, path), { statusCode: 404, allow: undefined, code: 404 });
  }
});

test('a request ends when its route has, also by an error, and before it is logged', async (t) => {
  const lines = captureLog(t);
  const ends: string[] = [];
  const handler = gatewayHandler({
    'GET /topics': async (request) => {
      request.onEnd(() => void ends.push(`answered ${lines.length}`));
      return { body: '[]' };
    },
    'GET /brokers': (request) => {
      request.onEnd(() => void ends.push(`failed ${lines.length}`));
      throw new Error('failed');
    },
  });

  await handler(httpEvent('GET', '/topics'), lambdaContext());
  await handler(httpEvent('GET', '/brokers'), lambdaContext());

  assert.deepEqual(ends, ['answered 0', 'failed 1']);
});

test('middleware sees the request after its route is known, in the order given', async (t) => {
  captureLog(t);
  const seen: unknown[] = [];
  const handler = gatewayHandler(
    { 'GET /topics': () => ({ body: '[]' }) },
    { before: ({ internal }) => void seen.push('first', internal.routed?.route) },
    { before: () => void seen.push('second'), after: ({ response }) => void seen.push(response?.statusCode) },
  );

  await handler(httpEvent('GET', '/topics'), lambdaContext());

  assert.deepEqual(seen, ['first', 'GET /topics', 'second', 200]);
});

test('an error of a middleware, before or after the route, is answered', async (t) => {
  captureLog(t);
  const fail = () => {
    throw new Error('a fault');
  };
  const routes = { 'GET /topics': () => ({ body: '[]' }) };

  for (const middleware of [{ before: fail }, { after: fail }]) {
    assert.equal((await gatewayHandler(routes, middleware)(httpEvent('GET', '/topics'), lambdaContext())).statusCode, 500);
  }
});

suite('a route', () => {
  const routeThat = (end: () => Promise<void>, fail: boolean) =>
    gatewayHandler({
      'GET /topics': (request) => {
        request.responseHeaders['x-known'] = 'yes';
        request.onEnd(end);
        if (fail) throw new GatewayError('TopicNotFound', 'none');
        return { body: '[]' };
      },
    });

  for (const fail of [false, true]) {
    test(`can add headers to the response and have things done before it is handed over, ${fail ? 'when it fails' : 'when it succeeds'}`, async (t) => {
      captureLog(t);
      let ended = 0;
      const handler = routeThat(async () => {
        ended += 1;
      }, fail);

      const { statusCode, headers } = await handler(httpEvent('GET', '/topics'), lambdaContext());

      assert.deepEqual([statusCode, headers['x-known'], ended], [fail ? 404 : 200, 'yes', 1]);
    });
  }

  test('is not undone by what could not be done after it', async (t) => {
    const lines = captureLog(t);
    const handler = routeThat(() => Promise.reject(new Error('too late')), false);

    const { statusCode } = await handler(httpEvent('GET', '/topics'), lambdaContext());

    assert.equal(statusCode, 200);
    assert.match(JSON.stringify(lines[0]), /"WARN","event":"cleanup_failed".*too late/);
  });
});

test('a middleware that replaces the request is a fault', async (t) => {
  captureLog(t);
  const handler = gatewayHandler(
    { 'GET /topics': () => ({ body: '[]' }) },
    {
      before(request) {
        request.event = {};
      },
    },
  );

  assert.equal((await handler(httpEvent('GET', '/topics'), lambdaContext())).statusCode, 500);
});

test('a route that does not keep its deadline is answered for before Lambda stops', async (t) => {
  const lines = captureLog(t);
  const handler = gatewayHandler({ 'GET /topics': () => new Promise(() => {}) });

  const { statusCode, headers, body } = await handler(httpEvent('GET', '/topics'), lambdaContext(201));

  assert.equal(statusCode, 504);
  assert.equal(JSON.parse(body).error_code, 50401);
  assert.equal(headers['retry-after'], '1');
  assert.equal(lines.at(-1)?.error, 'DeadlineExceeded');
});

test('only a request that may have written is told so when its time ran out', async (t) => {
  captureLog(t);
  const never = () => new Promise<never>(() => {});
  const handler = gatewayHandler({ 'GET /topics': never, 'POST /records': never });

  const answers = await Promise.all(
    [httpEvent('GET', '/topics'), httpEvent('POST', '/records')].map((event) => handler(event, lambdaContext(201))),
  );

  assert.deepEqual(
    answers.map(({ statusCode, body }) => [statusCode, body.includes('written')]),
    [
      [504, false],
      [504, true],
    ],
  );
  assert.equal(JSON.parse(answers[0].body).message, 'The time for this request ran out: try again');
});

test('concurrent requests do not mix', async (t) => {
  captureLog(t);
  const waiting: (() => void)[] = [];
  const handler = gatewayHandler({
    'GET /topics/{topic}': async ({ path, requestId, query }) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { body: JSON.stringify([path.topic, requestId, query.get('n')]) };
    },
  });

  const answers = Array.from({ length: 20 }, (_, n) =>
    handler(httpEvent('GET', `/topics/t${n}`, { requestId: `id-${n}`, query: `n=${n}` }), lambdaContext()),
  );
  while (waiting.length < answers.length) await Promise.resolve();
  for (const resume of waiting.reverse()) resume();

  for (const [n, { headers, body }] of (await Promise.all(answers)).entries()) {
    assert.deepEqual(JSON.parse(body), [`t${n}`, `id-${n}`, [`${n}`]]);
    assert.equal(headers['x-request-id'], `id-${n}`);
  }
});

test('whatever the event, there is a response', async (t) => {
  captureLog(t);
  const handler = gatewayHandler({ 'GET /topics': () => ({ body: '[]' }) });
  const event = fc.oneof(
    fc.anything(),
    fc.record({
      rawPath: fc.anything(),
      headers: fc.anything(),
      requestContext: fc.record({ http: fc.anything(), requestId: fc.anything() }),
    }),
  );

  await fc.assert(
    fc.asyncProperty(event, async (given) => {
      const { statusCode, headers, body } = await handler(given, lambdaContext());

      assert.ok([200, 400, 404, 405].includes(statusCode), body);
      assert.match(headers['x-request-id'], /^[\w.:=+/-]{1,128}$/);
    }),
  );
});
