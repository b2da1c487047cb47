import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';

const ARN = 'arn:aws:iam::1:user/ann';
const grants = [
  { principal: ARN, operations: ['read'], topics: ['orders'] },
  { principal: 'arn:aws:iam::1:user/bob', operations: ['*'], topics: ['*'] },
];
configure('127.0.0.1:9', { GATEWAY_AUTH: 'iam', GATEWAY_GRANTS: JSON.stringify(grants) });

test('a caller is told its name, and the grants that its name has, and no other', async () => {
  const { status, json } = await call('GET', '/whoami', { authorizer: { iam: { userArn: ARN } } });

  assert.equal(status, 200);
  assert.deepEqual(json, {
    ...{ principal: ARN, mode: 'iam' },
    grants: [{ operations: ['read'], topics: ['orders'], consumer_groups: [] }],
  });
});

test('a caller whose name has no grants may do nothing', async () => {
  const { json } = await call<{ grants: unknown }>('GET', '/whoami', { authorizer: { iam: { userArn: `${ARN}e` } } });

  assert.deepEqual(json.grants, []);
});

test('nobody is told of who is not known', async () => {
  assert.equal((await call('GET', '/whoami')).status, 401);
});
