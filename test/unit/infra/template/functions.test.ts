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
    const events = Object.values(functionsFor({ GATEWAY_AUTH: auth })).flatMap(({ events = [] }) => events);

    for (const event of events) if ('httpApi' in event) assert.deepEqual(event.httpApi.authorizer, authorizer);
  }
});
