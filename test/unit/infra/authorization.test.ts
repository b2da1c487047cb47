import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, type TestContext, test } from 'node:test';
import AuthorizerFunction from '../../../infra/plugins/authorizer-function.ts';

const require = createRequire(import.meta.url);
const file = require.resolve('../../../infra/authorization.cjs');

function authorizationFor(t: TestContext, environment: Record<string, string>) {
  t.mock.property(process, 'env', environment);
  delete require.cache[file];
  return require(file);
}

/** The functions that are left, and what is wrong. */
function functionsFor(t: TestContext, environment: Record<string, string>): { functions: string[]; problem: string | null } {
  t.mock.property(process, 'env', environment);
  const functions = { produce: {}, authorizer: {} };
  const { hooks } = new AuthorizerFunction({ service: { functions } });
  try {
    hooks.initialize();
    return { functions: Object.keys(functions), problem: null };
  } catch (error) {
    return { functions: Object.keys(functions), problem: String(error) };
  }
}

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
    test(`${JSON.stringify(route)} with GATEWAY_AUTH=${auth}`, (t) => {
      assert.deepEqual(authorizationFor(t, { GATEWAY_AUTH: auth }).route, route);
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
    test(`by ${source} with GATEWAY_AUTH=${auth}`, (t) => {
      const { authorizer } = authorizationFor(t, { GATEWAY_AUTH: auth, GATEWAY_AUTH_CACHE_SECONDS: '7' }).authorizers;

      assert.deepEqual([authorizer.identitySource, authorizer.resultTtlInSeconds], [[source], 7]);
    });
  }

  for (const auth of ['jwt,api-key', 'basic,api-key', 'mtls', 'jwt,mtls', 'api-key,mtls']) {
    test(`not at all with GATEWAY_AUTH=${auth}, where no header is in every request`, (t) => {
      const { authorizer } = authorizationFor(t, { GATEWAY_AUTH: auth, GATEWAY_AUTH_CACHE_SECONDS: '7' }).authorizers;

      assert.deepEqual([authorizer.identitySource, authorizer.resultTtlInSeconds], [undefined, 0]);
    });
  }

  test('for a minute, unless something else is said', (t) => {
    assert.equal(authorizationFor(t, { GATEWAY_AUTH: 'jwt' }).authorizers.authorizer.resultTtlInSeconds, 60);
  });
});

test('the address of the API itself is closed with mutual TLS', (t) => {
  assert.equal(authorizationFor(t, { GATEWAY_AUTH: 'jwt,mtls' }).disableDefaultEndpoint, true);
});

test('the address of the API itself is open without', (t) => {
  assert.equal(authorizationFor(t, { GATEWAY_AUTH: 'jwt' }).disableDefaultEndpoint, false);
});

suite('the authorizer', () => {
  for (const auth of ['jwt', 'basic', 'api-key', 'mtls']) {
    test(`is deployed with GATEWAY_AUTH=${auth}`, (t) => {
      assert.deepEqual(functionsFor(t, { GATEWAY_AUTH: auth }), { functions: ['produce', 'authorizer'], problem: null });
    });
  }

  for (const auth of ['', 'iam', 'none', 'passthrough']) {
    test(`is left out with GATEWAY_AUTH=${auth}`, (t) => {
      assert.deepEqual(functionsFor(t, { GATEWAY_AUTH: auth }), { functions: ['produce'], problem: null });
    });
  }
});

suite('no command goes on', () => {
  for (const [what, environment, problem] of [
    ['with an unknown mode', { GATEWAY_AUTH: 'open' }, /^Error: GATEWAY_AUTH must be/],
    ['with modes that exclude each other', { GATEWAY_AUTH: 'iam,jwt' }, /^Error: GATEWAY_AUTH: iam excludes/],
    ['with grants that are none', { GATEWAY_GRANTS: '[1]' }, /^Error: GATEWAY_GRANTS: \[0\] must be an object/],
    ['with a time that is none', { GATEWAY_AUTH_CACHE_SECONDS: 'long' }, /^Error: GATEWAY_AUTH_CACHE_SECONDS must be/],
  ] as const) {
    test(what, (t) => {
      assert.match(functionsFor(t, environment).problem ?? '', problem);
    });
  }
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
    test(`is ${socket} with GATEWAY_AUTH=${auth}, and asks ${authorization}`, (t) => {
      const { socket: deployed, socketAuthorization, socketEvents } = authorizationFor(t, { GATEWAY_AUTH: auth });

      const [connect, message] = socketEvents;
      assert.deepEqual([deployed, socketAuthorization], [socket, authorization]);
      assert.equal(
        connect.websocket.authorizer?.name,
        auth === 'iam' || auth === 'none' || auth === 'open' || auth === 'passthrough' ? undefined : 'authorizer',
      );
      assert.deepEqual(message.websocket, { route: '$default', routeResponseSelectionExpression: '$default' });
    });
  }
});
