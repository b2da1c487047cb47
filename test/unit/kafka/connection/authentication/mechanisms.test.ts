import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPasswordMechanism, mechanisms } from '../../../../../lib/kafka/connection/authentication/mechanisms.ts';

const credentials = { username: 'gateway', password: 'p4ssword' };

test('every mechanism turns a user into the SASL settings of that mechanism', () => {
  const settings = Object.entries(mechanisms).map(([name, toSasl]) => [name, toSasl(credentials).mechanism]);

  assert.deepEqual(settings, [
    ['PLAIN', 'plain'],
    ['SCRAM-SHA-256', 'scram-sha-256'],
    ['SCRAM-SHA-512', 'scram-sha-512'],
  ]);
});

test('only these names are mechanisms', () => {
  for (const name of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) assert.equal(isPasswordMechanism(name), true);
  for (const name of ['', 'plain', 'GSSAPI', 'SCRAM-SHA-1', 'toString', '__proto__', 'constructor'])
    assert.equal(isPasswordMechanism(name), false);
});
