import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Broker, startBroker } from '../../../../infra/local/broker.ts';
import { users } from '../../../../infra/local/properties.ts';
import { type MiniStack, startMiniStack } from '../../../harness/aws/ministack.ts';
import { startSecretsManager } from '../../../harness/aws/secrets-manager.ts';
import { setPassword } from '../../../harness/kafka/java-clients.ts';
import { until } from '../../../harness/until.ts';
import { ask, assertRefused, causesOf, clusterFor } from './cluster-for.ts';

let aws: MiniStack;
let secrets: SecretsManagerClient;
let broker: Broker;

before(async () => {
  [aws, broker] = await Promise.all([startMiniStack(), startBroker({ listeners: ['SASL_PLAINTEXT', 'PLAINTEXT'] })]);
  secrets = new SecretsManagerClient(aws);
  const { accessKeyId, secretAccessKey } = aws.credentials;
  const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: aws.region };
  Object.assign(process.env, keys, { AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint });
});
after(async () => {
  await broker?.stop();
  await aws?.stop();
});

const secretOf = (password: string) => JSON.stringify({ username: 'alice', password });
const variables = (secretId: string) => ({
  KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SECRET_ID: secretId,
});

test('after a rotation, with the old password revoked, new connections are opened and no caller notices', async (t) => {
  await secrets.send(new CreateSecretCommand({ Name: 'rotated', SecretString: secretOf(users.alice) }));
  const cluster = clusterFor(t, variables('rotated'));
  const { brokers } = await ask(cluster);

  await setPassword('alice', 'rotated-secret', broker.address('PLAINTEXT'));
  await assertRefused(clusterFor(t, variables('rotated')), /Authentication failed/);
  await secrets.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString: secretOf('rotated-secret') }));
  cluster.close();

  assert.deepEqual((await ask(cluster)).brokers, brokers);
});

test('a password that Kafka has before the secret does is waited for, by one reader for all, and no caller notices', async (t) => {
  const secretsManager = await startSecretsManager({ username: 'admin', password: users.admin });
  t.after(() => secretsManager.close());
  t.mock.property(process, 'env', { ...process.env, AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url });
  const cluster = clusterFor(t, variables('kafka/gateway'));
  const { brokers } = await ask(cluster);
  await setPassword('admin', 'rotated-secret', broker.address('PLAINTEXT'));
  cluster.close();
  secretsManager.reads = 0;

  const callers = Promise.all(Array.from({ length: 10 }, () => ask(cluster)));
  await until(() => secretsManager.reads > 1);
  const readsBefore = secretsManager.reads;
  secretsManager.rotate({ username: 'admin', password: 'rotated-secret' });

  for (const answer of await callers) assert.deepEqual(answer.brokers, brokers);
  assert.deepEqual([readsBefore, secretsManager.reads], [2, 1]);
});

test('a secret that is not there is 503', async (t) => {
  const error = await ask(clusterFor(t, variables('missing'))).catch((error: unknown) => error);

  assert.match(causesOf(error), /^CredentialsUnavailable .*ResourceNotFoundException/s);
});

test('a secret that does not fit is 503, and the log holds nothing of it', async (t) => {
  await secrets.send(new CreateSecretCommand({ Name: 'malformed', SecretString: '{"user":"hunter2"}' }));

  const error = await ask(clusterFor(t, variables('malformed'))).catch((error: unknown) => error);

  assert.match(causesOf(error), /^CredentialsUnavailable .*malformed does not fit the configuration.*"username"/s);
  assert.doesNotMatch(causesOf(error), /hunter2/);
});
