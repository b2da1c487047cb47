import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authModes, needAuthorizer, parseModes } from '../../../lib/access/modes.ts';

test('each mode may stand alone', () => {
  for (const mode of authModes) assert.deepEqual(parseModes(mode), [mode]);
});

test('those of the authorizer may stand together, in any order and case', () => {
  assert.deepEqual(parseModes(' MTLS, jwt ,api-key,Basic'), ['jwt', 'basic', 'api-key', 'mtls']);
});

test('every other mode excludes all others', () => {
  for (const alone of ['iam', 'none', 'passthrough']) {
    assert.throws(() => parseModes(`jwt,${alone}`), { message: new RegExp(`^GATEWAY_AUTH: ${alone} excludes every other mode`) });
  }
});

test('anything else is none', () => {
  for (const text of ['', ',', 'jwt,', 'open', 'jwt,nobody', '__proto__']) {
    assert.throws(() => parseModes(text), { message: /^GATEWAY_AUTH must be iam, jwt, / }, text);
  }
});

test('an authorizer is needed for its own modes', () => {
  const needed = authModes.filter((mode) => needAuthorizer([mode]));

  assert.deepEqual(needed, ['jwt', 'basic', 'api-key', 'mtls']);
  assert.equal(needAuthorizer([]), false);
});
