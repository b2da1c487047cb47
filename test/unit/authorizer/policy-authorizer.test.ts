import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { authorizer } from '../../../lib/authorizer/authorizer.ts';
import { withPolicies } from '../../../lib/authorizer/policy-authorizer.ts';
import { hashPassword } from '../../../lib/authorizer/secret-hash.ts';
import { receiveSocketEvent } from '../../../lib/events/websocket.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { authorizerEvent } from '../../harness/events/authorizer-event.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { basicHeader } from '../../harness/events/presented.ts';
import { handshakeEvent, messageEvent } from '../../harness/events/socket-event.ts';

const PASSWORD = 'correct horse';
const users = { alice: { hashes: [await hashPassword(PASSWORD)], groups: [] } };
const authorize = withPolicies(
  authorizer({
    GATEWAY_AUTH: 'basic',
    GATEWAY_USERS: JSON.stringify({ users, keys: {} }),
    GATEWAY_GRANTS: JSON.stringify([{ principal: 'alice', operations: ['read'], topics: ['orders'] }]),
  }),
);
const right = { Authorization: basicHeader('alice', PASSWORD) };
const policy = (Effect: string) => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: handshakeEvent().methodArn }],
});

beforeEach(() => setLogLevel('error'));

suite('a handshake of the WebSocket', () => {
  test('is allowed for who may come in, and each of its messages tells who that is', async () => {
    const result = await authorize(handshakeEvent(right));

    assert.ok('policyDocument' in result);
    assert.deepEqual([result.principalId, result.policyDocument], ['alice', policy('Allow')]);
    const { caller: told } = receiveSocketEvent(messageEvent('', { authorizer: { principalId: result.principalId, ...result.context } }));
    assert.equal(told.principal, 'alice');
    assert.match(JSON.stringify(told.grants), /"topics":\["orders"\]/);
  });

  test('is denied to everyone else', async () => {
    for (const headers of [{}, { Authorization: basicHeader('alice', 'wrong') }]) {
      assert.deepEqual(await authorize(handshakeEvent(headers)), { principalId: 'nobody', policyDocument: policy('Deny') });
    }
  });

  test('is logged with the address that it comes from', async (t) => {
    setLogLevel('info');
    const lines = captureLog(t);

    await authorize(handshakeEvent(right));

    assert.deepEqual(
      lines.map(({ event, principal, address }) => [event, principal, address]),
      [['authorizer', 'alice', '192.0.2.1']],
    );
  });
});

test('what a REST API keeps of the answer is right for whatever the caller asks it next', async () => {
  const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abc/streams/GET/topics/orders/records';

  const result = await authorize({ ...handshakeEvent(right), methodArn });

  assert.ok('policyDocument' in result);
  assert.deepEqual(result.policyDocument.Statement, [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/streams/*' },
  ]);
});

test('a request of the HTTP API is answered as before', async () => {
  const result = await authorize(authorizerEvent({ headers: { authorization: right.Authorization } }));

  assert.ok('isAuthorized' in result && result.isAuthorized);
});
