import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { readSchemaRegistry } from '../../../lib/config/schema-registry.ts';
import { GatewayError } from '../../../lib/errors.ts';

test('nothing need be set', () => {
  assert.deepEqual(readSchemaRegistry({}), { ca: null, credentials: null, autoRegister: true });
});

test('credentials are a user or a token', () => {
  const user = { SCHEMA_REGISTRY_USERNAME: 'u', SCHEMA_REGISTRY_PASSWORD: ' p' };

  assert.deepEqual(readSchemaRegistry(user).credentials, { username: 'u', password: ' p' });
  assert.deepEqual(readSchemaRegistry({ SCHEMA_REGISTRY_TOKEN: 't' }).credentials, { token: 't' });
});

test('a private CA is read, and schemas are not registered where that is switched off', () => {
  const [ca] = rootCertificates;

  const read = readSchemaRegistry({ SCHEMA_REGISTRY_SSL_CA: ca, SCHEMA_REGISTRY_AUTO_REGISTER: 'false' });

  assert.deepEqual([read.ca, read.autoRegister], [ca, false]);
});

for (const environment of [
  { SCHEMA_REGISTRY_USERNAME: 'user' },
  { SCHEMA_REGISTRY_PASSWORD: 'hunter2' },
  { SCHEMA_REGISTRY_USERNAME: 'user', SCHEMA_REGISTRY_PASSWORD: 'hunter2', SCHEMA_REGISTRY_TOKEN: 'hunter2' },
  { SCHEMA_REGISTRY_SSL_CA: 'hunter2' },
  { SCHEMA_REGISTRY_AUTO_REGISTER: 'hunter2' },
]) {
  test(`${Object.keys(environment).join(', ')} alone is a mistake that names them and no value`, () => {
    assert.throws(
      () => readSchemaRegistry(environment),
      (error) => {
        assert.ok(error instanceof GatewayError && error.cause instanceof Error);
        assert.match(error.cause.message, /SCHEMA_REGISTRY_/);
        assert.doesNotMatch(error.cause.message, /hunter2/);
        return true;
      },
    );
  });
}
