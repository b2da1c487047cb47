import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { receiveSocketEvent } from '../../../lib/events/websocket.ts';
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
    ['an IAM user', { userArn: 'arn:aws:iam::123456789012:user/alice' }, 'arn:aws:iam::123456789012:user/alice'],
    ['whom the authorizer says', { authorizer: { principalId: 'a' }, userArn: 'b' }, 'a'],
  ] as const) {
    test(`comes from ${what}`, () => {
      assert.equal(receiveSocketEvent(messageEvent('', parts)).caller.principal, expected);
    });
  }

  test('says by which mode its caller is known', () => {
    const modeOf = (parts: object) => receiveSocketEvent(messageEvent('', parts)).caller.mode;

    assert.deepEqual([modeOf({ authorizer: { principalId: 'a', mode: 'jwt' } }), modeOf({ userArn: 'arn:a' })], ['jwt', 'iam']);
  });

  test('may be anything', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        const { type, text } = receiveSocketEvent({ requestContext: event, body: event });

        assert.deepEqual([typeof type, typeof text], ['string', 'string']);
      }),
    );
  });

  test('has its caller with grants, its id and its address', () => {
    const received = receiveSocketEvent(messageEvent('{}', { authorizer: { principalId: 'alice', grants: '[]' } }));

    assert.deepEqual(received, {
      type: 'MESSAGE',
      connectionId: 'JPu9ydwJoAMCJFg=',
      text: '{}',
      requestId: 'JPvBwH1SoAMFYdw=',
      sourceAddress: '192.0.2.1',
      caller: { principal: 'alice', grants: [], expiresAt: null },
    });
  });
});
