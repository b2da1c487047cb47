import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConsole } from '../../../lib/config/console.ts';

test('the console shows, and changes nothing, unless GATEWAY_CONSOLE says otherwise', () => {
  assert.deepEqual(readConsole({}), { mode: 'read', modes: [], hasSubscriptions: false, oidc: null, origins: [] });
  assert.equal(readConsole({ GATEWAY_CONSOLE: 'Write' }).mode, 'write');
  assert.equal(readConsole({ GATEWAY_PUSH: 'continuous' }).hasSubscriptions, true);
  assert.equal(readConsole({ GATEWAY_PUSH: 'continuous', GATEWAY_AUTH: 'passthrough' }).hasSubscriptions, false);
});

test('it may call the issuer of tokens, and what is named, by their origins', () => {
  const { origins } = readConsole({
    GATEWAY_JWT_ISSUER: 'https://issuer.example/realms/a, https://other.example',
    GATEWAY_CONSOLE_ORIGINS: 'https://login.example/token,https://issuer.example',
  });

  assert.deepEqual(origins, ['https://login.example', 'https://issuer.example']);
});

test('it signs in at the first issuer, as the client that is named', () => {
  const GATEWAY_JWT_ISSUER = 'https://issuer.example/realms/a,https://other.example';

  const { oidc } = readConsole({ GATEWAY_JWT_ISSUER, GATEWAY_CONSOLE_CLIENT_ID: 'console', GATEWAY_CONSOLE_AUDIENCE: 'kafka' });

  assert.deepEqual(oidc, { issuer: 'https://issuer.example/realms/a', clientId: 'console', scope: 'openid', audience: 'kafka' });
  assert.throws(
    () => readConsole({ GATEWAY_CONSOLE_CLIENT_ID: 'console' }),
    ({ cause }) => /GATEWAY_CONSOLE_CLIENT_ID needs GATEWAY_JWT_ISSUER/.test(String(cause)),
  );
});

test('an origin that is none is refused', () => {
  for (const one of ["'unsafe-inline'", 'data:x', '*']) {
    assert.throws(
      () => readConsole({ GATEWAY_CONSOLE_ORIGINS: one }),
      ({ cause }) => /GATEWAY_CONSOLE_ORIGINS/.test(String(cause)),
    );
  }
});
