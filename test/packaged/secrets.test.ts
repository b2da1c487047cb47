import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { users } from '../../infra/local/properties.ts';
import { listenDuring } from '../harness/http/loopback.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { harmlessFunctions, mainRequest, startGateway } from '../harness/lambda/deployed-function.ts';

for (const name of harmlessFunctions) {
  test(`${name} loads nothing of the AWS SDK when no secret is configured`, async (t) => {
    const topic = await createTopic();
    const fn = await startGateway(t, name, { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() }, instruments: ['modules'] });

    const response = await send(fn, mainRequest(name, topic));

    assertOk(response);
    assert.deepEqual(await fn.loadedModules(), [`functions/${name}.js`]);
  });

  test(`${name} reads its credentials from Secrets Manager when a secret is configured`, async (t) => {
    const topic = await createTopic();
    const secretsManager = await startSecretsManager(t, { username: 'alice', password: users.alice });
    const env = {
      KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SECRET_ID: 'kafka/gateway',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    };
    const fn = await startGateway(t, name, { env, instruments: ['modules'] });

    const responses = [await send(fn, mainRequest(name, topic)), await send(fn, mainRequest(name, topic))];

    for (const response of responses) assertOk(response);
    assert.deepEqual(secretsManager.requests, [{ action: 'secretsmanager.GetSecretValue', secretId: 'kafka/gateway' }]);
    assert.deepEqual(await fn.loadedModules(), [`functions/${name}.js`, 'functions/secrets-manager.cjs']);
  });
}

/** Stands in for Secrets Manager, which holds one secret, for the time of a test. */
async function startSecretsManager(t: TestContext, secret: object) {
  const requests: { action: unknown; secretId: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const { SecretId }: { SecretId: string } = JSON.parse((await request.toArray()).join(''));
    requests.push({ action: request.headers['x-amz-target'], secretId: SecretId });
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Name: SecretId, SecretString: JSON.stringify(secret), VersionStages: ['AWSCURRENT'] }));
  });
  const url = await listenDuring(t, server);
  return { url, requests };
}
