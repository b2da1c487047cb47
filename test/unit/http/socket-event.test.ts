import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { receive } from '../../../lib/http/event.ts';
import { asHttpEvent, receiveSocketEvent } from '../../../lib/http/socket-event.ts';
import { connectEvent, messageEvent } from '../../harness/events/socket-event.ts';

suite('an event of a WebSocket', () => {
  test('is a handshake or a message', () => {
    assert.deepEqual(
      [connectEvent(), messageEvent('text')].map((event) => [receiveSocketEvent(event).type, receiveSocketEvent(event).text]),
      [
        ['CONNECT', ''],
        ['MESSAGE', 'text'],
      ],
    );
  });

  for (const [what, parts, expected] of [
    ['nobody', {}, null],
    ['nobody, by an authorizer that names none', { authorizer: { principalId: '' } }, null],
    ['an IAM user', { userArn: 'arn:aws:iam::123456789012:user/alice' }, { iam: { userArn: 'arn:aws:iam::123456789012:user/alice' } }],
    [
      'whom the authorizer says',
      { authorizer: { principalId: 'a' }, userArn: 'b' },
      { lambda: { integrationLatency: 42, principalId: 'a' } },
    ],
  ] as const) {
    test(`comes from ${what}`, () => {
      assert.deepEqual(receiveSocketEvent(messageEvent('', parts)).authorizer, expected);
    });
  }

  test('may be anything', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        const { type, text } = receiveSocketEvent({ requestContext: event, body: event });

        assert.deepEqual([typeof type, typeof text], ['string', 'string']);
      }),
    );
  });

  test('becomes one of an HTTP API', () => {
    const received = receiveSocketEvent(messageEvent('', { authorizer: { principalId: 'alice', grants: '[]' } }));

    const request = receive(asHttpEvent(received, { path: '/pubsub', contentType: 'text/plain', body: 'YQ==', isBase64Encoded: true }), {});

    assert.deepEqual(request, {
      method: 'POST',
      path: '/pubsub',
      stagePath: '',
      queryString: '',
      headers: { 'content-type': 'text/plain' },
      body: { text: 'YQ==', isBase64: true, contentEncoding: undefined },
      requestId: 'JPvBwH1SoAMFYdw=',
      routeKey: '$default',
      sourceAddress: '192.0.2.1',
      caller: { principal: 'alice', grants: [], expiresAt: null },
    });
  });
});
