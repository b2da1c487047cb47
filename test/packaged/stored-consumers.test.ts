import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { filesOf } from '../harness/lambda/function-zip.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';

/** More than other zips may have: it has the client of DynamoDB, of 50 kB, beside what keeps groups, and the one of Secrets Manager. */
const MAX_ZIP_BYTES = 190_000;

let framework: Serverless;
let zip: string;

before(async () => {
  framework = await openServerless([], ['consumers']);
  await framework.run(['package'], { GATEWAY_CONSUMERS: 'dynamodb' });
  zip = join(framework.folder, '.serverless/consumers.zip');
});
after(() => framework?.close());

test('the zip of consumers that are kept in DynamoDB has the client of DynamoDB once, and is as small as it can be with that', async () => {
  const [{ size }, files] = await Promise.all([stat(zip), filesOf(zip)]);

  const clients = ['functions/dynamodb.cjs', 'functions/secrets-manager.cjs'];
  assert.deepEqual(Object.keys(files).sort(), ['functions/consumers.js', 'functions/package.json', ...clients].sort());
  assert.doesNotMatch(Buffer.from(files['functions/consumers.js']).toString(), /DynamoDB_20120810/);
  assert.ok(size <= MAX_ZIP_BYTES, `${size} bytes`);
});
