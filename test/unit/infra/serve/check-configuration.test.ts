import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { checkConfiguration } from '../../../../infra/serve/check-configuration.ts';

const KAFKA = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092', GATEWAY_AUTH: 'none' };

test('a configuration that works has no problems', async () => {
  await checkConfiguration(KAFKA);
});

test('every origin of a page may be allowed', async () => {
  for (const CORS_ORIGINS of ['*', 'https://app.example.com', 'http://localhost:5173,capacitor://localhost', 'http://[::1]:3000', '']) {
    await checkConfiguration({ ...KAFKA, CORS_ORIGINS });
  }
});

suite('a wrong configuration is refused; the message names the variable and says what to do', () => {
  for (const [what, environment, problem] of [
    ['a mode without its settings', { GATEWAY_AUTH: 'jwt', GATEWAY_JWT_AUDIENCE: 'a' }, /set GATEWAY_JWT_ISSUER to the issuer/],
    ['modes that exclude each other', { GATEWAY_AUTH: 'none,basic' }, /GATEWAY_AUTH: none excludes every other mode: only jwt/],
    ['a mode without users', { GATEWAY_AUTH: 'basic' }, /set GATEWAY_USERS_SECRET_ID/],
    ['a file of users that is not there', { GATEWAY_AUTH: 'basic', GATEWAY_USERS: '/none/users.json' }, /GATEWAY_USERS must be .*ENOENT/],
    ['users that are none', { GATEWAY_AUTH: 'basic', GATEWAY_USERS: '{"users":{"alice":1}}' }, /GATEWAY_USERS must be .*"alice"/],
    ['users that are not JSON', { GATEWAY_AUTH: 'basic', GATEWAY_USERS: '{users' }, /GATEWAY_USERS must be .*not a JSON object/],
    ['an unknown mode', { GATEWAY_AUTH: 'open' }, /GATEWAY_AUTH must be/],
    ['passthrough without SASL', { GATEWAY_AUTH: 'passthrough' }, /needs KAFKA_SECURITY_PROTOCOL SASL_SSL/],
    ['a bad grant', { GATEWAY_GRANTS: '[1]' }, /GATEWAY_GRANTS: \[0\] must be an object/],
    ['credentials that are missing', { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN' }, /set KAFKA_SECRET_ID/],
    ['a feature without its table', { GATEWAY_IDEMPOTENCY: '24h' }, /GATEWAY_IDEMPOTENCY needs GATEWAY_TABLE/],
    ['a bad limit', { GATEWAY_LIMITS: '[{}]', GATEWAY_TABLE: 'gateway' }, /GATEWAY_LIMITS\[0\]/],
    ['a bad address of a registry', { SCHEMA_REGISTRY_URL: 'registry:8081' }, /SCHEMA_REGISTRY_URL must be/],
    ['an origin that no page has', { CORS_ORIGINS: 'https://a.example, https://b.example/' }, /CORS_ORIGINS must be .*without a slash/],
    ['an origin without its scheme', { CORS_ORIGINS: 'a.example' }, /CORS_ORIGINS must be origins such as https:/],
    ['dead letters without a receipt key', { GATEWAY_QUEUES_DEAD_LETTER: '{topic}-dlq' }, /set GATEWAY_RECEIPT_KEY/],
    ['an age of the document that is no number', { GATEWAY_CONFIG_SECONDS: '30s' }, /GATEWAY_CONFIG_SECONDS must be a whole number/],
    ['a file of variables that is not there', { GATEWAY_CONFIG_FILE: '/none/variables.json' }, /GATEWAY_CONFIG_FILE: .*ENOENT/],
  ] as const) {
    test(what, async () => {
      const check = checkConfiguration({ ...KAFKA, ...environment });

      await assert.rejects(check, ({ message }: Error) => message.split('\n').length === 2 && problem.test(message));
    });
  }
});

test('users that are quoted, as Docker keeps them in a file of variables, are not told of with their hashes', async () => {
  const users = JSON.stringify({ users: { alice: { hashes: ['scrypt$16384$8$1$c2FsdA$aGFzaA'] } } });
  for (const [GATEWAY_USERS, problem] of [
    [`'${users}'`, /GATEWAY_USERS must be .*: it has quotes around it: leave them out$/],
    [`"${users}"`, /GATEWAY_USERS must be .*: it has quotes around it: leave them out$/],
    [`export ${users}`, /GATEWAY_USERS must be .*: it is not a JSON object$/],
    [users.slice(1), /GATEWAY_USERS must be .*: it is not a JSON object$/],
  ] as const) {
    const check = checkConfiguration({ ...KAFKA, GATEWAY_AUTH: 'basic', GATEWAY_USERS });

    await assert.rejects(check, ({ message }: Error) => problem.test(message) && !/alice|scrypt/.test(message));
  }
});

test('all problems are found at once, each one once, on a line of its own', async () => {
  const environment = { ...KAFKA, GATEWAY_GRANTS: '[1]', GATEWAY_LOG_LEVEL: 'loud', GATEWAY_AUTH: 'jwt,basic' };

  const check = checkConfiguration(environment);

  await assert.rejects(check, {
    message: [
      'The gateway cannot work with this configuration:',
      'GATEWAY_GRANTS: [0] must be an object',
      'GATEWAY_LOG_LEVEL must be one of debug, info, warn, error',
      'set GATEWAY_JWT_ISSUER to the issuer of the tokens',
      'set GATEWAY_JWT_AUDIENCE: without it, tokens for anything else would be taken, too',
      'set GATEWAY_USERS_SECRET_ID to the secret that `npm run users` writes, or locally GATEWAY_USERS to its file',
    ].join('\n- '),
  });
});

test('a file of variables is judged as the gateway would', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'variables-'));
  t.after(() => rm(directory, { recursive: true }));
  const GATEWAY_CONFIG_FILE = join(directory, 'variables.json');
  await writeFile(GATEWAY_CONFIG_FILE, '{"GATEWAY_GRANTS":[1]}');

  const check = checkConfiguration({ ...KAFKA, GATEWAY_CONFIG_FILE: ` ${GATEWAY_CONFIG_FILE} ` });

  await assert.rejects(check, /\n- GATEWAY_CONFIG_FILE: GATEWAY_GRANTS: \[0\] must be an object$/);
});
