import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import type { Plugin } from 'esbuild';
import { slimDependencies } from '../../../../infra/bundle/slim-dependencies.ts';
import { bundle, bundledFiles, temporaryDirectory } from './bundling.ts';

const connection = `
  import Connection from 'kafkajs/src/network/connection.js';
  export const handler = () => Connection;
`;
const secrets = `export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';`;

/** Names of methods, and of classes, as they stand in sources. */
const METHOD = /^ {2}(?:static |async )*(\w+)\(.*\{$/gm;
const CLASS = /^class (\w+) extends/gm;

/** As an update of a library would: has an empty module in the place of one. */
const without = (filter: RegExp): Plugin => ({
  name: 'without',
  setup({ onLoad }) {
    onLoad({ filter }, () => ({ contents: 'module.exports = class {};' }));
  },
});

suite('kafkajs in a bundle', () => {
  test('has the requests of its authentication, and no other', async () => {
    const files = bundledFiles(await bundle(connection, [slimDependencies]));

    const requests = files.map((file) => /protocol\/requests\/(\w+)\//.exec(file)?.[1]).filter((name) => name !== undefined);
    assert.deepEqual([...new Set(requests)].sort(), ['saslAuthenticate', 'saslHandshake']);
  });

  test('has the errors of its authentication, and no other', async () => {
    const { outputFiles = [] } = await bundle(connection, [slimDependencies]);

    const [{ text }] = outputFiles;
    for (const type of ['UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE', 'UNSUPPORTED_VERSION', 'SASL_AUTHENTICATION_FAILED']) {
      assert.ok(text.includes(`"${type}"`), type);
    }
    assert.ok(!text.includes('"OFFSET_OUT_OF_RANGE"'));
  });

  test('fails the build when its errors are not where they were', async (t) => {
    const file = join(await temporaryDirectory(t), 'kafkajs/src/protocol/error.js');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'exports.errorCodes = new Array();');

    await assert.rejects(bundle(`export { errorCodes } from '${file}';`, [slimDependencies]), /does not have its codes where they were/);
  });

  for (const [file, part] of [
    ['protocol/encoder', METHOD],
    ['protocol/decoder', METHOD],
    ['utils/long', METHOD],
    ['errors', CLASS],
  ] as const) {
    test(`has of ${file} what is used, and no more`, async () => {
      const { outputFiles = [] } = await bundle(connection, [slimDependencies], { minify: false });
      const source = await readFile(createRequire(import.meta.url).resolve(`kafkajs/src/${file}.js`), 'utf8');
      const names = Array.from(source.matchAll(part), ([, name]) => name);

      const [{ text }] = outputFiles;
      const left = Array.from(
        text.matchAll(/^ +(?:static |async |class |var )*(\w+)(?:\(.*\)| = class.*| extends .*) \{\}?$/gm),
        ([, name]) => name,
      );
      const others = names.filter((name) => !left.includes(name));
      const isUsed = (name: string) => ['.%(', 'new %(', 'extends % ', 'instanceof %'].some((use) => text.includes(use.replace('%', name)));
      assert.ok(others.length > 5, others.join());
      assert.deepEqual(others.filter(isUsed), []);
    });
  }

  test('fails the build when its methods are not where they were', async (t) => {
    const file = join(await temporaryDirectory(t), 'kafkajs/src/protocol/encoder.js');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'module.exports = class Encoder { writeVarInt() {} }');

    await assert.rejects(bundle(`export { default } from '${file}';`, [slimDependencies]), /does not have its lines where they were/);
  });

  test('fails the build when something needs another request', async () => {
    const broker = `export { default } from 'kafkajs/src/broker/index.js';`;

    await assert.rejects(bundle(broker, [slimDependencies]), /of kafkajs's requests, the bundle holds only those of its authentication/);
  });

  test('fails the build when another request gets in on its own', async () => {
    const fetch = `export { default } from 'kafkajs/src/protocol/requests/fetch/index.js';`;

    await assert.rejects(bundle(fetch, [slimDependencies]), /holds \d+ files that nothing here needs, such as .*requests\/fetch\//);
  });

  test('fails the build when its connections look requests up elsewhere', async () => {
    const changed = without(/saslAuthenticator\/index\.js$/);

    await assert.rejects(bundle(connection, [changed, slimDependencies]), /network.*connection.* no longer comes with .*requests/);
  });
});

suite('the AWS SDK in a bundle', () => {
  test('has no way to credentials but the environment, and no event streams', async () => {
    const files = bundledFiles(await bundle(secrets, [slimDependencies]));

    const providers = files.map((file) => /credential-provider-\w+/.exec(file)?.[0]).filter((name) => name !== undefined);
    assert.deepEqual([...new Set(providers)], ['credential-provider-env']);
    assert.deepEqual(
      files.filter((file) => file.includes('/event-streams/')),
      [],
    );
  });

  test('has nothing of S3, of files in a home directory, of the metadata of EC2, of event streams, of REST, of logs and of extensions', async () => {
    const { outputFiles = [] } = await bundle(secrets, [slimDependencies]);

    const [{ text }] = outputFiles;
    for (const left of [
      'ARN buckets',
      'USERPROFILE',
      'instance metadata service',
      'setTimeoutFn',
      'memberBindings:',
      'Europe (Frankfurt)',
      'loadEventStreamCapability',
      'NodeVersionSupportWarning',
      'SensitiveInformation',
      'dynamoDbDocumentClientOptions',
      'setHttpAuthScheme',
      'string method on a Uint8Array',
    ]) {
      assert.ok(!text.includes(left), left);
    }
  });

  test('fails the build when another way gets in', async () => {
    const fromFiles = `export { fromIni } from '@aws-sdk/credential-provider-ini';`;

    await assert.rejects(bundle(fromFiles, [slimDependencies]), /holds \d+ files that nothing here needs, such as .*credential-provider-/);
  });

  test('fails the build when a client does not ask for the provider that is replaced', async () => {
    const changed = without(/client-secrets-manager\/.*\/runtimeConfig\.js$/);

    await assert.rejects(bundle(secrets, [changed, slimDependencies]), /client-.* no longer comes with .*environment-credentials/);
  });
});
