import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { claimsOf } from '../../../lib/clusters/token-claims.ts';

const tokenOf = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;

test('the claims of a JWT are read', () => {
  assert.deepEqual(claimsOf(tokenOf('{"sub":"größe","exp":1}')), { sub: 'größe', exp: 1 });
});

test('a token that is no JWT has none', () => {
  for (const token of ['', 'opaque', 'a.b', 'a.b.c', '..', tokenOf(''), tokenOf('null'), tokenOf('"text"'), tokenOf('{')]) {
    assert.equal(claimsOf(token).sub, undefined);
  }
});

test('whatever is in a token, it does no harm', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json().map(tokenOf)), (token) => typeof claimsOf(token) === 'object'));
});
