import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConsole } from '../../../lib/config/console.ts';

test('the console shows, and changes nothing, unless GATEWAY_CONSOLE says otherwise', () => {
  assert.deepEqual(readConsole({}), { mode: 'read', modes: [], hasSubscriptions: false, origins: [] });
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

test('an origin that is none is refused', () => {
  for (const one of ["'unsafe-inline'", 'data:x', '*']) {
    assert.throws(
      () => readConsole({ GATEWAY_CONSOLE_ORIGINS: one }),
      ({ cause }) => /GATEWAY_CONSOLE_ORIGINS/.test(String(cause)),
    );
  }
});
