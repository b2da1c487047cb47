import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { zipNames, zipOf } from '../harness/lambda/deployed-function.ts';
import { filesOf } from '../harness/lambda/function-zip.ts';

const MAX_ZIP_BYTES = 115_000;

const TRACES = 'lib/telemetry/otlp.optional.ts';
/** A document of settings, which is read while the function runs. */
const DOCUMENT = 'lib/config/document-source.optional.ts';
/** Limits, without which nothing imports the client of DynamoDB, and ways to sign in. */
const KAFKA = ['AssumedRole', 'CallerClusters', 'aws-msk-iam-sasl-signer-js', 'lib/admission/limiter.optional.ts', DOCUMENT, TRACES];
/** The records that row filters leave to a caller. */
const ROWS = 'ClaimedRecords';
const IDEMPOTENCY = 'lib/admission/idempotency-key.optional.ts';
const SCHEMAS = ['lib/routes/schemas/encode-entries.optional.ts', 'lib/routes/schemas/encode-records.optional.ts'];

/** What each function uses in some deployment, and not in this one. */
const LEFT_OUT: Record<string, string[]> = {
  console: [DOCUMENT, TRACES],
  'consumer-groups': KAFKA,
  consumers: [...KAFKA, ROWS, 'lib/consumers/stored-coordinator.optional.ts', 'lib/routes/schemas/shown-formats.optional.ts'],
  'create-topic': KAFKA,
  'delete-topic': KAFKA,
  'fetch-from-offset': [...KAFKA, ROWS, 'lib/routes/schemas/shown-formats.optional.ts'],
  'list-offsets': KAFKA,
  openapi: [DOCUMENT, TRACES],
  produce: [...KAFKA, IDEMPOTENCY, ...SCHEMAS],
  pubsub: [...KAFKA, ROWS],
  'pubsub-socket': [...KAFKA.filter((name) => name !== TRACES), ROWS, 'lib/sockets/stored-subscriptions.optional.ts'],
  queues: [...KAFKA, 'lib/routes/schemas/shown-formats.optional.ts'],
  'read-topics': [...KAFKA, ROWS, 'lib/routes/schemas/shown-formats.optional.ts'],
  'stream-topics': [...KAFKA, ROWS],
  subscriptions: ['@aws-sdk/client-dynamodb', ...KAFKA],
  'topic-metadata': KAFKA,
};

for (const name of zipNames) {
  suite(`the zip of ${name}`, () => {
    test('is small', async () => {
      const { size } = await stat(zipOf(name));

      assert.ok(size <= MAX_ZIP_BYTES, `${size} bytes`);
    });

    test('holds its bundle, the client of Secrets Manager where it reads secrets, and nothing else', async () => {
      const files = await filesOf(zipOf(name));

      const secrets = name === 'openapi' || name === 'console' ? [] : ['functions/secrets-manager.cjs'];
      const expected = [`functions/${name}.js`, 'functions/package.json', ...secrets];
      assert.deepEqual(Object.keys(files).sort(), expected.sort());
    });

    test('says of what other deployments use that it is not in it', async () => {
      const bundle = Buffer.from((await filesOf(zipOf(name)))[`functions/${name}.js`]).toString();

      const leftOut = new Set(Array.from(bundle.matchAll(/"([^"]+) is not in this zip:/g), ([, left]) => left));
      assert.deepEqual([...leftOut].sort(), LEFT_OUT[name].toSorted());
    });
  });
}
