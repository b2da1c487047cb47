import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationOf, registryCredentialsIn } from '../../../../lib/schemas/registry/credentials.ts';

test('credentials become a header', () => {
  assert.equal(authorizationOf({ username: 'u', password: 'p:ü' }), `Basic ${Buffer.from('u:p:ü').toString('base64')}`);
  assert.equal(authorizationOf({ token: 't' }), 'Bearer t');
});

test('a secret holds a user, a token or neither', () => {
  const user = { schema_registry_username: 'u', schema_registry_password: 'p' };

  assert.deepEqual(registryCredentialsIn({ username: 'kafka', password: 'k', ...user }), { username: 'u', password: 'p' });
  assert.deepEqual(registryCredentialsIn({ schema_registry_token: 't' }), { token: 't' });
  assert.equal(registryCredentialsIn({ username: 'kafka', password: 'k' }), null);
});

for (const members of [
  { schema_registry_username: 'u' },
  { schema_registry_token: '' },
  { schema_registry_username: 'u', schema_registry_password: 5 },
]) {
  test(`${JSON.stringify(members)} are none`, () => {
    assert.throws(() => registryCredentialsIn(members), { message: /^it must hold/ });
  });
}
