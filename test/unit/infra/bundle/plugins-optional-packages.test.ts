import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import plugins from '../../../../infra/bundle/plugins.ts';
import { startSts } from '../../../harness/aws/sts.ts';
import { bundle, bundledFiles, temporaryDirectory } from './bundling.ts';

const readsSecret = `
  export async function handler() {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient({ region: 'eu-west-1' });
    return { credentials: await client.config.credentials(), command: new GetSecretValueCommand({ SecretId: 'one' }).input };
  }
`;

suite('a package that a function imports by import()', () => {
  test('is loaded when it is first needed', async (t) => {
    const load = await bundled(t, readsSecret);
    const loaded = () => Object.keys(load.cache).filter((file) => file.endsWith('secrets-manager.cjs')).length;

    const { handler } = load('./stdin.js');
    const before = loaded();
    await handler();

    assert.deepEqual([before, loaded()], [0, 1]);
  });

  test('works, with the credentials of the environment', async (t) => {
    const load = await bundled(t, readsSecret);

    const { credentials, command } = await load('./stdin.js').handler();

    assert.deepEqual([credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken], ['id', 'key', 'token']);
    assert.deepEqual(command, { SecretId: 'one' });
  });
});

suite('the signer of Amazon MSK and the client of STS', () => {
  const signsIn = `
    export async function handler() {
      const { generateAuthTokenFromCredentialsProvider } = await import('aws-msk-iam-sasl-signer-js');
      const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
      const client = new STSClient({ region: 'eu-west-1', maxAttempts: 1 });
      const credentials = await client.config.credentials();
      const { token } = await generateAuthTokenFromCredentialsProvider({ region: 'eu-west-1', awsCredentialsProvider: async () => credentials });
      const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn: 'role', RoleSessionName: 'gateway' }));
      client.destroy();
      return { url: Buffer.from(token, 'base64url').toString(), assumed: Credentials };
    }
  `;
  const keys = { AWS_ACCESS_KEY_ID: 'ASIAROLE', AWS_SECRET_ACCESS_KEY: 'secret of the role', AWS_SESSION_TOKEN: 'token of the role' };

  test('work in the zips of a deployment that uses them', async (t) => {
    const sts = await startSts(t, keys, 3600);
    const require = await bundled(t, signsIn, {
      KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
      KAFKA_MSK_ROLE_ARN: 'role',
      AWS_ENDPOINT_URL_STS: sts.url,
    });

    const { url, assumed } = await require('./stdin.js').handler();

    assert.match(url, /^https:\/\/kafka\.eu-west-1\.amazonaws\.com\/\?.*X-Amz-Credential=id%2F/);
    const { AccessKeyId, SecretAccessKey, SessionToken } = assumed;
    assert.deepEqual([AccessKeyId, SecretAccessKey, SessionToken], Object.values(keys));
  });

  test('tell why a role cannot be assumed', async (t) => {
    const sts = await startSts(t, keys, null);
    const require = await bundled(t, signsIn, {
      KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
      KAFKA_MSK_ROLE_ARN: 'role',
      AWS_ENDPOINT_URL_STS: sts.url,
    });

    await assert.rejects(require('./stdin.js').handler(), { name: 'AccessDenied', message: 'not authorized to perform: sts:AssumeRole' });
  });

  test('are not in those of another, which say so', async (t) => {
    const require = await bundled(t, signsIn);

    await assert.rejects(require('./stdin.js').handler(), /aws-msk-iam-sasl-signer-js is not in this zip: deploy with the variables/);
  });
});

suite('the client of DynamoDB', () => {
  const keepsItem = `
    export async function handler() {
      const { DynamoDBClient, PutItemCommand } = await import('@aws-sdk/client-dynamodb');
      const credentials = await new DynamoDBClient({ region: 'eu-west-1' }).config.credentials();
      return { credentials, command: new PutItemCommand({ TableName: 'table', Item: {} }).input };
    }
  `;

  for (const [variable, value] of [
    ['GATEWAY_IDEMPOTENCY', '24h'],
    ['GATEWAY_LIMITS', '[]'],
    ['GATEWAY_CONSUMERS', 'dynamodb'],
  ]) {
    test(`works in the zips of a deployment with ${variable}`, async (t) => {
      const require = await bundled(t, keepsItem, { [variable]: value });

      const { credentials, command } = await require('./stdin.js').handler();

      assert.equal(credentials.accessKeyId, 'id');
      assert.deepEqual(command, { TableName: 'table', Item: {} });
    });
  }

  test('is not in those of another', async (t) => {
    const require = await bundled(t, keepsItem);

    await assert.rejects(require('./stdin.js').handler(), /client-dynamodb is not in this zip/);
  });
});

for (const [what, variable, file] of [
  ['what keeps idempotency keys', 'GATEWAY_IDEMPOTENCY', 'lib/idempotency/once.ts'],
  ['what counts against limits', 'GATEWAY_LIMITS', 'lib/limits/limiter.ts'],
]) {
  test(`${what} is in the bundle of a deployment that does, and of no other`, async (t) => {
    const isIn = async (configuration: Record<string, string>) => {
      t.mock.property(process, 'env', { ...process.env, GATEWAY_IDEMPOTENCY: '', GATEWAY_LIMITS: '', ...configuration });
      const result = await bundle(`export { handler } from '../../../../functions/produce.ts'`, plugins, {
        outdir: await temporaryDirectory(t),
      });
      t.mock.restoreAll();
      return bundledFiles(result).some((path) => path.endsWith(file));
    };

    assert.equal(await isIn({ [variable]: 'something' }), true);
    assert.equal(await isIn({}), false);
  });
}

test('what keeps groups of consumers in a table is in the bundle of a deployment that does, and of no other', async (t) => {
  const isIn = async (GATEWAY_CONSUMERS: string) => {
    t.mock.property(process, 'env', { ...process.env, GATEWAY_CONSUMERS });
    const result = await bundle(`export { handler } from '../../../../functions/consumers.ts'`, plugins, {
      outdir: await temporaryDirectory(t),
    });
    t.mock.restoreAll();
    return bundledFiles(result).some((path) => path.endsWith('lib/consumers/stored-consumer.ts'));
  };

  assert.deepEqual([await isIn('dynamodb'), await isIn('kafka'), await isIn('')], [true, false, false]);
});

test('what formats with schemas need is beside the bundle of a deployment with a registry, and of no other', async (t) => {
  const filesOf = async (configuration: Record<string, string>) => {
    const outdir = await temporaryDirectory(t);
    t.mock.property(process, 'env', { ...process.env, SCHEMA_REGISTRY_URL: '', ...configuration });
    const result = await bundle(`export { handler } from '../../../../functions/produce.ts'`, plugins, { outdir, write: true });
    t.mock.restoreAll();
    const hasCodecs = bundledFiles(result).some((file) => file.endsWith('lib/schemas/avro/codec.ts'));
    return [hasCodecs, (await readdir(outdir)).filter((file) => /metaschemas|bufbuild/.test(file))];
  };

  assert.deepEqual(await filesOf({ SCHEMA_REGISTRY_URL: 'https://registry.example' }), [true, ['bufbuild.cjs', 'metaschemas.cjs']]);
  assert.deepEqual(await filesOf({}), [false, []]);
});

suite('a build fails', () => {
  test('when a function imports a client of the AWS SDK statically', async () => {
    const source = `export { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';`;

    await assert.rejects(bundle(source, plugins), /must load @aws-sdk\/client-secrets-manager by import\(\)/);
  });

  test('when it is not said which part of a client is used', async () => {
    const source = `export const handler = () => import('@aws-sdk/client-lambda');`;

    await assert.rejects(bundle(source, plugins), /infra\/bundle must know of it/);
  });
});

/** Builds a function and gives what loads it, with credentials and what else is configured in the environment. */
async function bundled(t: TestContext, source: string, configuration: Record<string, string> = {}): Promise<NodeJS.Require> {
  const outdir = await temporaryDirectory(t);
  const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'token' };
  t.mock.property(process, 'env', { ...process.env, ...credentials, ...configuration });
  await bundle(source, plugins, { outdir, write: true });
  return createRequire(join(outdir, 'any.cjs'));
}
