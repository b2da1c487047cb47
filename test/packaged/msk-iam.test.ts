import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Broker } from '../../infra/local/broker.ts';
import { certificates } from '../../infra/local/certificates.ts';
import { startMskIamBroker } from '../harness/kafka/msk-iam-broker.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { mainRequest } from '../harness/lambda/deployed-function.ts';
import { lambdaEnvironment } from '../harness/lambda/lambda-environment.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { startFunction } from '../harness/lambda/start-function.ts';

const REGION = 'eu-west-1';
const iam = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_MSK_REGION: REGION };
let broker: Broker;
let framework: Serverless;

before(async () => {
  const lambda = lambdaEnvironment({ functionName: '', handler: '', taskRoot: '', memory: 256, runtimeApi: '' });
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = lambda;
  broker = await startMskIamBroker(REGION, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN });
  framework = await openServerless([], ['produce']);
  await framework.run(['package'], iam);
});
after(async () => {
  await framework?.close();
  await broker?.stop();
});

test('a function that is packaged for MSK IAM signs in with the keys of its role, and loads nothing of the AWS SDK', async (t) => {
  const topic = await createTopic({ bootstrapServers: broker.address('PLAINTEXT') });
  const { ca } = await certificates();
  const fn = await startFunction(join(framework.folder, '.serverless/produce.zip'), {
    env: { ...iam, KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers, KAFKA_SSL_CA: ca },
    instruments: ['modules'],
  });
  t.after(() => fn.stop());

  const response = await send(fn, mainRequest('produce', topic));

  assertOk(response);
  assert.deepEqual(await fn.loadedModules(), ['functions/produce.js', 'functions/msk-iam.cjs']);
});
