import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { receive } from '../../../lib/events/http-api.ts';
import { httpEvent } from '../../harness/events/http-event.ts';

test('an event of API Gateway is read', () => {
  const event = httpEvent('POST', '/topics/orders', {
    query: 'acks=all',
    headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
    body: 'YWJj',
    isBase64Encoded: true,
  });

  assert.deepEqual(receive(event, {}), {
    method: 'POST',
    path: '/topics/orders',
    stagePath: '',
    queryString: 'acks=all',
    headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
    body: { text: 'YWJj', isBase64: true, contentEncoding: 'gzip' },
    requestId: 'JKJaXmPLvHcESHA=',
    arrivedAt: null,
    routeKey: '$default',
    caller: { principal: null, grants: null, expiresAt: null },
    sourceAddress: '192.0.2.1',
  });
});

test('the time of arrival is what API Gateway says, if that can be', () => {
  const now = Date.now();
  const arrivalOf = (timeEpoch: number) => receive(httpEvent('GET', '/topics', { timeEpoch }), {}).arrivedAt;

  assert.deepEqual([now - 5000, now + 10_000, now - 60_000, now + 60_000].map(arrivalOf), [now - 5000, now + 10_000, null, null]);
});

test('the maps that an emulator sends as null count as absent', () => {
  const event = {
    ...httpEvent('GET', '/topics'),
    rawQueryString: null,
    queryStringParameters: null,
    pathParameters: null,
    headers: null,
    body: null,
    isBase64Encoded: null,
  };

  const { queryString, headers, body } = receive(event, {});

  assert.equal(queryString, '');
  assert.deepEqual(headers, {});
  assert.deepEqual(body, { text: '', isBase64: false, contentEncoding: undefined });
});

test('an event written by hand may have just a method and a path', () => {
  const { method, path, requestId } = receive({ requestContext: { http: { method: 'GET', path: '/topics' } } }, {});

  assert.equal(method, 'GET');
  assert.equal(path, '/topics');
  assert.match(requestId, /^[0-9a-f-]{36}$/);
});

test('a base64 mark that is no boolean does not count', () => {
  assert.equal(receive({ ...httpEvent('POST', '/records'), isBase64Encoded: 'false' }, {}).body.isBase64, false);
});

test('the request id is that of API Gateway, else that of Lambda', () => {
  const event = httpEvent('GET', '/');
  const context = { awsRequestId: '6bc28136-xmpl-4365' };

  assert.equal(receive(event, context).requestId, 'JKJaXmPLvHcESHA=');
  assert.equal(receive({ ...event, requestContext: {} }, context).requestId, '6bc28136-xmpl-4365');
});

test('a request id that could break out of a header is replaced', () => {
  for (const requestId of ['a\r\nset-cookie: b', 'a b', '', 'ü', 'x'.repeat(129), 'a\u2028b']) {
    assert.match(receive(httpEvent('GET', '/', { requestId }), {}).requestId, /^[0-9a-f-]{36}$/);
  }
});

test('the request id that a client sends is not taken for ours', () => {
  assert.equal(receive(httpEvent('GET', '/', { headers: { 'x-request-id': 'forged' } }), {}).requestId, 'JKJaXmPLvHcESHA=');
});

for (const [stage, path, expected, stagePath] of [
  ['$default', '/topics', '/topics', ''],
  ['dev', '/dev/topics', '/topics', '/dev'],
  ['dev', '/dev', '/', '/dev'],
  ['dev', '/dev/', '/', '/dev'],
  ['dev', '/topics', '/topics', ''],
  ['dev', '/devices', '/devices', ''],
  ['dev', '/dev/dev/topics', '/dev/topics', '/dev'],
  ['', '/topics', '/topics', ''],
]) {
  test(`on the stage ${JSON.stringify(stage)} the path ${path} is ${expected}`, () => {
    const received = receive(httpEvent('GET', path, { stage }), {});

    assert.deepEqual([received.path, received.stagePath], [expected, stagePath]);
  });
}

test('header names are put in lower case, and what is no text is left out', () => {
  const { headers } = receive(
    httpEvent('GET', '/', { headers: { 'Content-Type': 'text/plain', Accept: null, 'X-Number': 1, host: 'a' } }),
    {},
  );

  assert.deepEqual({ ...headers }, { 'content-type': 'text/plain', host: 'a' });
  assert.equal(receive(httpEvent('GET', '/', { headers: { accept: null } }), {}).headers.accept, undefined);
});

test('a header named __proto__ is one like any other', () => {
  const { headers } = receive(httpEvent('GET', '/', { headers: JSON.parse('{"__proto__":"a","Accept":"b"}') }), {});

  assert.deepEqual(Object.keys(headers), ['__proto__', 'accept']);
  assert.equal(headers.toString, undefined);
});

test('parsed parameters serve where the raw query is missing', () => {
  const event = {
    ...httpEvent('GET', '/'),
    rawQueryString: '',
    queryStringParameters: { 'a b': 'c&d', e: '', f: null, g: [], '\ud800': '\udc00' },
  };

  assert.equal(receive(event, {}).queryString, 'a+b=c%26d&e=&%EF%BF%BD=%EF%BF%BD');
});

test('the caller is who the authorizer says', () => {
  const principal = (authorizer: unknown) => receive(httpEvent('GET', '/', { authorizer }), {}).caller.principal;

  assert.equal(principal({ iam: { userArn: 'arn:aws:iam::123456789012:user/a' } }), 'arn:aws:iam::123456789012:user/a');
  assert.equal(principal({ jwt: { claims: { sub: 'b' }, scopes: null } }), 'b');
  assert.equal(principal({ lambda: { principalId: 'c' } }), 'c');
  assert.equal(principal({ lambda: null }), null);
  assert.equal(principal({ jwt: { claims: { sub: 1 } } }), null);
});

test('whatever the event, it is received', () => {
  const field = fc.constantFrom(
    'rawPath',
    'rawQueryString',
    'headers',
    'requestContext',
    'http',
    'method',
    'body',
    'queryStringParameters',
    'authorizer',
  );
  const event = fc.oneof(fc.anything(), fc.dictionary(field, fc.oneof(fc.anything(), fc.dictionary(field, fc.anything()))));

  fc.assert(
    fc.property(event, (given) => {
      const { method, path, requestId } = receive(given, {});
      assert.equal(typeof method, 'string');
      assert.equal(typeof path, 'string');
      assert.match(requestId, /^[\w.:=+/-]{1,128}$/);
    }),
  );
});
