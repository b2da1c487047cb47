import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { readSchemaRegistry } from '../../../lib/config/schema-registry.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { problemsOf, type Variables } from './problems.ts';

const url = { SCHEMA_REGISTRY_URL: 'https://registry.example' };
const read = (variables: Variables) => readSchemaRegistry({ ...url, ...variables }) ?? assert.fail('there is a registry');

test('nothing need be set but its address', () => {
  assert.deepEqual(read({}), { urls: ['https://registry.example'], ca: null, credentials: null, autoRegister: true });
});

test('without an address there is none, whatever else is set', () => {
  assert.equal(readSchemaRegistry({}), null);
  assert.equal(readSchemaRegistry({ SCHEMA_REGISTRY_URL: ' ', SCHEMA_REGISTRY_USERNAME: 'user' }), null);
});

test('a schema registry may have several addresses', () => {
  const urls = 'https://one.example, http://two.example:8081/base';

  assert.deepEqual(read({ SCHEMA_REGISTRY_URL: urls }).urls, ['https://one.example', 'http://two.example:8081/base']);
  assert.match(
    problemsOf(readSchemaRegistry, { SCHEMA_REGISTRY_URL: 'https://user:secret@one.example' }),
    /^Configuration: SCHEMA_REGISTRY_URL must be/,
  );
  assert.match(problemsOf(readSchemaRegistry, { SCHEMA_REGISTRY_URL: 'https://one.example,two' }), /SCHEMA_REGISTRY_URL must be/);
});

test('credentials are a user or a token', () => {
  const user = { SCHEMA_REGISTRY_USERNAME: 'u', SCHEMA_REGISTRY_PASSWORD: ' p' };

  assert.deepEqual(read(user).credentials, { username: 'u', password: ' p' });
  assert.deepEqual(read({ SCHEMA_REGISTRY_TOKEN: 't' }).credentials, { token: 't' });
});

test('a private CA is read, and schemas are not registered where that is switched off', () => {
  const [ca] = rootCertificates;

  const registry = read({ SCHEMA_REGISTRY_SSL_CA: ca, SCHEMA_REGISTRY_AUTO_REGISTER: 'false' });

  assert.deepEqual([registry.ca, registry.autoRegister], [ca, false]);
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
      () => read(environment),
      (error) => {
        assert.ok(error instanceof GatewayError && error.cause instanceof Error);
        assert.match(error.cause.message, /SCHEMA_REGISTRY_/);
        assert.doesNotMatch(error.cause.message, /hunter2/);
        return true;
      },
    );
  });
}
