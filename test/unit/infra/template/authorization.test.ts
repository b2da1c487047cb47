import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { authorizationOf } from '../../../../infra/template/authorization.ts';

suite('the routes ask for', () => {
  for (const [auth, route] of [
    ['', { type: 'aws_iam' }],
    ['iam', { type: 'aws_iam' }],
    ['none', ''],
    ['passthrough', ''],
    ['basic', { name: 'authorizer', type: 'request' }],
    ['mtls,jwt', { name: 'authorizer', type: 'request' }],
    // What is wrong is told by the plugin; until then nobody is let in by mistake.
    ['open', { type: 'aws_iam' }],
    ['none,jwt', { type: 'aws_iam' }],
  ] as const) {
    test(`${JSON.stringify(route)} with GATEWAY_AUTH=${auth}`, () => {
      assert.deepEqual(authorizationOf({ GATEWAY_AUTH: auth }).route, route);
    });
  }
});

suite('API Gateway keeps the answers of the authorizer', () => {
  for (const [auth, source] of [
    ['jwt', '$request.header.Authorization'],
    ['basic', '$request.header.Authorization'],
    ['jwt,basic', '$request.header.Authorization'],
    ['api-key', '$request.header.x-api-key'],
  ]) {
    test(`by ${source} with GATEWAY_AUTH=${auth}`, () => {
      const { authorizer } = authorizationOf({ GATEWAY_AUTH: auth, GATEWAY_AUTH_CACHE_SECONDS: '7' }).authorizers;

      assert.deepEqual([authorizer?.identitySource, authorizer?.resultTtlInSeconds], [[source], 7]);
    });
  }

  for (const auth of ['jwt,api-key', 'basic,api-key', 'mtls', 'jwt,mtls', 'api-key,mtls']) {
    test(`not at all with GATEWAY_AUTH=${auth}, where no header is in every request`, () => {
      const { authorizer } = authorizationOf({ GATEWAY_AUTH: auth, GATEWAY_AUTH_CACHE_SECONDS: '7' }).authorizers;

      assert.deepEqual([authorizer?.identitySource, authorizer?.resultTtlInSeconds], [undefined, 0]);
    });
  }

  test('for a minute, unless something else is said', () => {
    assert.equal(authorizationOf({ GATEWAY_AUTH: 'jwt' }).authorizers.authorizer?.resultTtlInSeconds, 60);
  });
});

test('the address of the API itself is closed with mutual TLS', () => {
  assert.equal(authorizationOf({ GATEWAY_AUTH: 'jwt,mtls' }).disableDefaultEndpoint, true);
});

test('the address of the API itself is open without', () => {
  assert.equal(authorizationOf({ GATEWAY_AUTH: 'jwt' }).disableDefaultEndpoint, false);
});

suite('the WebSocket', () => {
  for (const [auth, socket, authorization] of [
    ['iam', 'deployed', 'iam'],
    ['none', 'deployed', 'none'],
    ['jwt,basic', 'deployed', 'authorizer'],
    ['api-key', 'deployed', 'authorizer'],
    ['jwt,mtls', 'none', 'none'],
    ['passthrough', 'none', 'none'],
    // What is wrong is told by the plugin; until then nobody is let in by mistake.
    ['open', 'deployed', 'iam'],
  ] as const) {
    test(`is ${socket} with GATEWAY_AUTH=${auth}, and asks ${authorization}`, () => {
      const { socket: deployed, socketAuthorization } = authorizationOf({ GATEWAY_AUTH: auth });

      assert.deepEqual([deployed, socketAuthorization], [socket, authorization]);
    });
  }
});
