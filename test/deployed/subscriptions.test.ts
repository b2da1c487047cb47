import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type Receiver, startReceiver } from '../harness/push/receiver.ts';
import { newSigningKey, PREFIX } from '../harness/push/signing.ts';
import { until } from '../harness/until.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { statementsOf } from './functions.ts';
import { call } from './request.ts';

const SIGNING = `${PREFIX}signing`;

let gateway: DeployedGateway;
let receiver: Receiver;

before(async () => {
  receiver = await startReceiver();
  gateway = await startDeployedGateway({ GATEWAY_PUSH: 'until-idle', GATEWAY_PUSH_TARGETS: receiver.origin });
  const SecretString = JSON.stringify({ key: newSigningKey(), origin: receiver.origin });
  await new SecretsManagerClient(gateway.aws).send(new CreateSecretCommand({ Name: SIGNING, SecretString }));
});
after(async () => {
  await receiver?.close();
  await gateway?.stop();
});

const request = (method: string, path: string, body?: object) =>
  call(gateway.aws, gateway.url + path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

suite('a subscription', () => {
  test('is delivered by the function for it, with the secret of Secrets Manager', async () => {
    const topic = await createTopic();
    const made = await request('PUT', '/subscriptions/hook', { topics: [topic], url: receiver.url, signing: { secret: SIGNING } });
    const verified = await request('POST', '/subscriptions/hook/verify');
    await writeTopic(topic, [{ key: 'k', value: 'delivered' }]);

    assert.deepEqual([made.status, verified.status], [201, 200], `${made.body} ${verified.body}`);
    const FunctionName = gateway.functionName('deliver');
    const { FunctionError, Payload } = await new LambdaClient(gateway.aws).send(new InvokeCommand({ FunctionName, Payload: '{}' }));

    assert.deepEqual([FunctionError, JSON.parse(Buffer.from(Payload ?? []).toString())], [undefined, { batchItemFailures: [] }]);
    await until(() => receiver.received.length === 1);
    assert.match(String(receiver.received[0].headers['webhook-signature']), /^v1,/);
  });
});

suite('the role of the function that delivers', () => {
  test('may read the secrets of subscriptions and the one for Kafka, and no others', async () => {
    const statements = await statementsOf(gateway.aws, gateway.functionName('deliver'));
    const secrets = statements.filter((statement) => JSON.stringify(statement).includes('secretsmanager:'));

    assert.equal(secrets.length, 2);
    assert.ok(secrets.some((statement) => JSON.stringify(statement).includes(`:secret:${PREFIX}*`)));
  });
});
