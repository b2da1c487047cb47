import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functionsFor } from '../../../../infra/template/functions.ts';

suite('the authorizer', () => {
  for (const auth of ['jwt', 'basic', 'api-key', 'mtls']) {
    test(`is deployed with GATEWAY_AUTH=${auth}`, () => {
      assert.ok('authorizer' in functionsFor({ GATEWAY_AUTH: auth }));
    });
  }

  for (const auth of ['', 'iam', 'none', 'passthrough']) {
    test(`is left out with GATEWAY_AUTH=${auth}`, () => {
      assert.ok(!('authorizer' in functionsFor({ GATEWAY_AUTH: auth })));
    });
  }

  test('has no variables but its own, is answered for in time, and scales whatever others reserve', () => {
    const { authorizer } = functionsFor({ GATEWAY_AUTH: 'jwt' });

    assert.equal(authorizer.timeout, 10);
    assert.equal(authorizer.reservedConcurrency, undefined);
    assert.equal(authorizer.events, undefined);
    assert.equal(authorizer.environment?.GATEWAY_JWT_ISSUER, ['$', '{env:GATEWAY_JWT_ISSUER, null}'].join(''));
  });
});

suite('the function of the WebSocket', () => {
  for (const [auth, name] of [
    ['iam', undefined],
    ['none', undefined],
    ['open', undefined],
    ['jwt,basic', 'authorizer'],
    ['api-key', 'authorizer'],
  ] as const) {
    test(`is called with messages, and of ${name ?? 'nobody'} API Gateway asks who connects, with GATEWAY_AUTH=${auth}`, () => {
      const { events } = functionsFor({ GATEWAY_AUTH: auth })['pubsub-socket'];

      const authorizer = name && { authorizer: { name, identitySource: ['none'] } };
      assert.deepEqual(events, [
        { websocket: { route: '$connect', ...authorizer } },
        { websocket: { route: '$default', routeResponseSelectionExpression: '$default' } },
      ]);
    });
  }

  for (const auth of ['jwt,mtls', 'passthrough']) {
    test(`is left out with GATEWAY_AUTH=${auth}, which a WebSocket API knows nothing of`, () => {
      assert.ok(!('pubsub-socket' in functionsFor({ GATEWAY_AUTH: auth })));
    });
  }
});

test('every route asks who is calling, as GATEWAY_AUTH says', () => {
  for (const [auth, authorizer] of [
    ['iam', { type: 'aws_iam' }],
    ['jwt', { name: 'authorizer', type: 'request' }],
    ['none', ''],
  ] as const) {
    const { console: page, ...others } = functionsFor({ GATEWAY_AUTH: auth });
    const authorizersOf = ({ events = [] }: typeof page) =>
      events.flatMap((event) => ('httpApi' in event ? [event.httpApi.authorizer] : []));

    for (const one of Object.values(others).flatMap(authorizersOf)) assert.deepEqual(one, authorizer);
    // It has the form to sign in; but what is signed with AWS credentials, no form can ask for.
    for (const one of authorizersOf(page)) assert.deepEqual(one, auth === 'iam' ? authorizer : '');
  }
});

test('a deployment without a console has no function for it', () => {
  assert.ok(!('console' in functionsFor({ GATEWAY_CONSOLE: 'off' })));
});
