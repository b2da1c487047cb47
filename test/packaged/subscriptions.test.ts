import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type SecretsManager, startSecretsManager } from '../harness/aws/secrets-manager.ts';
import { startTable, type TestTable } from '../harness/aws/table.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';
import { type Receiver, startReceiver } from '../harness/push/receiver.ts';
import { newSigningKey, PREFIX } from '../harness/push/signing.ts';
import { until } from '../harness/until.ts';

/**
 * More than other zips may have: these two always have the client of DynamoDB, of 50 kB, beside the one of Secrets Manager, as all zips
 * do of a deployment with limits. Both clients load when they are first needed.
 */
const MAX_ZIP_BYTES = 165_000;
const GATEWAY_PUSH = 'until-idle';

let framework: Serverless;
let table: TestTable;
let secrets: SecretsManager;
let receiver: Receiver;
let key: string;
let topic: string;

before(async () => {
  receiver = await startReceiver();
  key = newSigningKey();
  framework = await openServerless([], ['deliver', 'subscriptions']);
  [table, secrets] = await Promise.all([
    startTable(),
    startSecretsManager({ key, origin: receiver.origin }),
    framework.run(['package'], { GATEWAY_PUSH, GATEWAY_PUSH_TARGETS: receiver.origin }),
  ]);
});
after(async () => {
  await framework?.close();
  await secrets?.close();
  await receiver?.close();
  await table?.stop();
});
beforeEach(async () => {
  topic = await createTopic();
  receiver.script = () => 204;
});

type Name = 'deliver' | 'subscriptions';
const zipOf = (name: Name): string => join(framework.folder, `.serverless/${name}.zip`);

async function start(t: TestContext, name: Name): Promise<LambdaFunction> {
  const fn = await startFunction(zipOf(name), {
    env: {
      ...{ KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_PUSH, GATEWAY_PUSH_TARGETS: receiver.origin },
      ...table.environment,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    },
    freezeWhenIdle: true,
    instruments: ['modules'],
  });
  t.after(() => fn.stop());
  return fn;
}

/** Makes a subscription to the test's topic, by the function for it, and has it answer its ping. */
async function subscribe(fn: LambdaFunction, name: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const definition = { topics: [topic], url: receiver.url, signing: { secret: `${PREFIX}signing` }, format: 'raw' };
  const made = { route: 'PUT /subscriptions/{subscription}', target: `/subscriptions/${name}`, headers, body: JSON.stringify(definition) };
  assertOk(await send(fn, made));
  const verified = { route: 'POST /subscriptions/{subscription}/verify', target: `/subscriptions/${name}/verify`, headers, body: '{}' };
  assertOk(await send(fn, verified));
}

const received = () => receiver.receivedOf(topic);
const invoke = (fn: LambdaFunction) => fn.invoke({}, { deadlineMs: 80_000 });

for (const name of ['deliver', 'subscriptions'] as const) {
  test(`the zip of ${name} is as small as it can be with the clients of DynamoDB and of Secrets Manager`, async () => {
    const { size } = await stat(zipOf(name));

    assert.ok(size <= MAX_ZIP_BYTES, `${size} bytes`);
  });
}

test('a subscription that one zip makes, another delivers, also after a freeze; clients of AWS load when they are needed', async (t) => {
  const [subscriptions, deliver] = await Promise.all([start(t, 'subscriptions'), start(t, 'deliver')]);
  assert.deepEqual(await deliver.loadedModules(), ['functions/deliver.js']);
  await subscribe(subscriptions, 'packaged');

  await writeTopic(topic, [{ value: '"cold"' }]);
  const answer = await invoke(deliver);
  await writeTopic(topic, [{ value: '"thawed"' }]);
  await invoke(deliver);

  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.deepEqual(
    received().map(({ body }) => String(body)),
    ['"cold"', '"thawed"'],
  );
  const { headers, body } = received()[0];
  const texts = Object.fromEntries(Object.entries(headers).map(([one, value]) => [one, String(value)]));
  new Webhook(key).verify(body, texts);
  await deliver.thaw();
  assert.deepEqual((await deliver.loadedModules()).toSorted(), [
    'functions/deliver.js',
    'functions/dynamodb.cjs',
    'functions/secrets-manager.cjs',
  ]);
});

test('what an instance had under way when it was killed, the next one delivers under the same id', async (t) => {
  const [subscriptions, killed, next] = await Promise.all([start(t, 'subscriptions'), start(t, 'deliver'), start(t, 'deliver')]);
  await subscribe(subscriptions, 'killed');
  await writeTopic(topic, [{ value: 'once more' }]);
  const arrived = Promise.withResolvers<void>();
  receiver.script = () => () => arrived.resolve();
  const cut = assert.rejects(invoke(killed));
  await arrived.promise;

  await killed.stop();
  await cut;
  receiver.script = () => 204;
  // Until the lease of the one that was killed has ended, nobody delivers.
  await until(async () => {
    await invoke(next);
    return received().length === 2;
  });

  assert.equal(new Set(received().map(({ headers }) => headers['webhook-id'])).size, 1);
});
