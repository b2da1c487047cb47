import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { startTable, type TestTable } from '../harness/aws/table.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { harmlessFunctions, mainRequest, type ZipName } from '../harness/lambda/deployed-function.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';

/** By the topic, as each test has one of its own. */
const GATEWAY_LIMITS = JSON.stringify([{ kind: 'sliding-window', key: 'topic', limit: 3, window: 3600 }]);
/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:1';
let framework: Serverless;
let table: TestTable;

before(async () => {
  framework = await openServerless();
  [table] = await Promise.all([startTable(), framework.run(['package'], { GATEWAY_LIMITS })]);
});
after(async () => {
  await framework?.close();
  await table?.stop();
});

async function startInstance(t: TestContext, name: ZipName, env: Record<string, string> = {}): Promise<LambdaFunction> {
  const fn = await startFunction(join(framework.folder, `.serverless/${name}.zip`), {
    env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_LIMITS, GATEWAY_RECEIPT_KEY: 'of the tests', ...table.environment, ...env },
    instruments: ['modules'],
  });
  t.after(() => fn.stop());
  return fn;
}

// To make an instance of a consumer names no topic.
for (const name of harmlessFunctions.filter((one) => one !== 'consumers')) {
  test(`${name} says what is left of a limit, and loads the client of DynamoDB for that`, async (t) => {
    const fn = await startInstance(t, name);

    const response = await send(fn, mainRequest(name, await createTopic()));

    assertOk(response);
    assert.deepEqual([response.headers['x-ratelimit-limit'], response.headers['x-ratelimit-remaining']], ['3', '2']);
    assert.deepEqual(await fn.loadedModules(), [`functions/${name}.js`, 'functions/dynamodb.cjs']);
  });
}

test('instances of several functions count together', async (t) => {
  const topic = await createTopic();
  const [one, other, third] = await Promise.all([
    startInstance(t, 'produce'),
    startInstance(t, 'produce'),
    startInstance(t, 'list-offsets'),
  ]);

  const answers = [
    await send(one, mainRequest('produce', topic)),
    await send(other, mainRequest('produce', topic)),
    await send(third, mainRequest('list-offsets', topic)),
    await send(one, mainRequest('produce', topic)),
  ];

  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers['x-ratelimit-remaining']]),
    [
      [200, '2'],
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ],
  );
});

test('a caller that no limit is about has nothing loaded for it', async (t) => {
  const fn = await startInstance(t, 'topic-metadata');

  const response = await send(fn, { route: 'GET /brokers', target: '/brokers' });

  assertOk(response);
  assert.deepEqual(await fn.loadedModules(), ['functions/topic-metadata.js']);
});

for (const [onFailure, status] of [
  ['allow', 200],
  ['deny', 503],
] as const) {
  test(`without DynamoDB, ${onFailure} makes that ${status}, and the log says why`, async (t) => {
    const fn = await startInstance(t, 'produce', { AWS_ENDPOINT_URL: NOWHERE, GATEWAY_LIMITS_ON_FAILURE: onFailure });

    const response = await send(fn, mainRequest('produce', await createTopic()));
    await fn.stop();

    assert.equal(response.status, status);
    assert.match(fn.logs.join('\n'), /"event":"limits_unavailable".*ECONNREFUSED/);
  });
}
