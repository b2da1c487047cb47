import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { ApiGatewayV2Client, GetApiMappingsCommand, GetDomainNameCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { users } from '../../infra/users/command.ts';
import { inSecret } from '../../infra/users/stores.ts';
import { readCaller } from '../../lib/access/caller.ts';
import { type MiniStack, startMiniStack } from '../harness/aws/ministack.ts';
import { authorizerEvent, clientCert } from '../harness/events/authorizer-event.ts';
import { basicHeader } from '../harness/events/presented.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../harness/kafka/token-issuer.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type Deployment, deploy } from './deployment.ts';
import { statementsOf } from './functions.ts';
import { call } from './request.ts';

const USERS_SECRET = 'gateway/users';

let aws: MiniStack;
let issuer: TokenIssuer;
let granted: string;
let other: string;
let password: string;
let apiKey: string;
const deployments: Deployment[] = [];

before(async () => {
  [aws, issuer, granted, other] = await Promise.all([startMiniStack(), startTokenIssuer(), createTopic(), createTopic()]);
  password = await usersCommand('add', 'alice', '--groups', 'analysts');
  apiKey = await usersCommand('add', 'sensor-1', '--api-key');
});
after(async () => {
  for (const deployment of deployments) await deployment.close();
  await aws?.stop();
  await issuer?.stop();
});

/** Runs `npm run users` on the account's secret; the password or key that it prints. */
async function usersCommand(...parameters: string[]): Promise<string> {
  const output = await users(parameters, { GATEWAY_USERS_SECRET_ID: USERS_SECRET }, (id) => inSecret(id, aws));
  return output.split('\n')[0];
}

async function deployWith(stage: string, configuration: Record<string, string>): Promise<Deployment> {
  const deployment = await deploy(aws, stage, {
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT'),
    GATEWAY_JWT_ISSUER: ISSUER,
    GATEWAY_JWT_JWKS_URL: issuer.jwksUrl,
    GATEWAY_JWT_AUDIENCE: AUDIENCE,
    GATEWAY_USERS_SECRET_ID: USERS_SECRET,
    GATEWAY_GRANTS: JSON.stringify([
      { group: 'analysts', operations: ['describe'], topics: [granted] },
      { scope: 'kafka', operations: ['describe'], topics: [granted] },
      { principal: 'sensor-1', operations: ['describe'], topics: [granted] },
    ]),
    ...configuration,
  });
  deployments.push(deployment);
  return deployment;
}

const ask = (gateway: Deployment, path: string, headers: Record<string, string>) =>
  call(aws, gateway.url + path, { headers, credentials: null });

/** Statuses of requests for the topic that is granted, for one that is not, and for the list of topics. */
async function statusesWith(gateway: Deployment, headers: Record<string, string>): Promise<number[]> {
  const answers = [];
  for (const path of [`/topics/${granted}`, `/topics/${other}`, '/topics']) answers.push(await ask(gateway, path, headers));
  if (answers[2].status === 200) assert.equal(answers[2].body, JSON.stringify([granted]));
  return answers.map(({ status }) => status);
}

async function timesJudged(gateway: Deployment, principal: string): Promise<number> {
  const logs = new CloudWatchLogsClient(aws);
  const logGroupName = `/aws/lambda/${gateway.functionName('authorizer')}`;
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  return events.filter(({ message }) => message?.includes(`"principal":"${principal}"`)).length;
}

suite('deployed with tokens and passwords, both in the header Authorization,', () => {
  let gateway: Deployment;
  before(async () => {
    gateway = await deployWith('one', { GATEWAY_AUTH: 'jwt,basic' });
  });

  test('the gateway lets a token do what is granted', async () => {
    const headers = { authorization: `Bearer ${await issuer.token({ subject: 'token-user' })}` };

    assert.deepEqual(await statusesWith(gateway, headers), [200, 403, 200]);
  });

  test('the gateway lets a user do what is granted', async () => {
    assert.deepEqual(await statusesWith(gateway, { authorization: basicHeader('alice', password) }), [200, 403, 200]);
  });

  test('API Gateway keeps what the authorizer has said', async () => {
    const headers = { authorization: `Bearer ${await issuer.token({ subject: `kept-${randomUUID()}` })}` };
    const { sub } = JSON.parse(Buffer.from(headers.authorization.split('.')[1], 'base64url').toString());

    await statusesWith(gateway, headers);

    assert.equal(await timesJudged(gateway, sub), 1);
  });

  test('API Gateway answers 401 by itself without the header', async () => {
    const { status, body } = await ask(gateway, '/topics', {});

    assert.deepEqual([status, JSON.parse(body)], [401, { message: 'Unauthorized' }]);
  });

  test('API Gateway answers 403 to whatever is wrong, alike', async () => {
    const wrong = [
      basicHeader('alice', 'wrong'),
      basicHeader('nobody', password),
      'Bearer abc',
      `Bearer ${await issuer.token({ forged: true })}`,
      `Bearer ${await issuer.token({ lifeS: -100 })}`,
      `Bearer ${await issuer.token({ audience: 'other' })}`,
      'Negotiate abc',
    ];

    for (const authorization of wrong) {
      const { status, body } = await ask(gateway, '/topics', { authorization });
      assert.deepEqual([status, JSON.parse(body)], [403, { message: 'Forbidden' }], authorization.slice(0, 20));
    }
  });

  test('the role of the authorizer allows its own log group and the secret of users, and nothing else', async () => {
    const statements = await statementsOf(aws, gateway.functionName('authorizer'));

    const arn = (service: string, resource: string) => `arn:aws:${service}:${aws.region}:000000000000:${resource}`;
    assert.deepEqual(statements, [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: arn('logs', `log-group:/aws/lambda/${gateway.functionName('authorizer')}:*`),
      },
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arn('secretsmanager', `secret:${USERS_SECRET}-??????`) },
    ]);
  });
});

suite('deployed with API keys alone,', () => {
  let gateway: Deployment;
  before(async () => {
    gateway = await deployWith('keys', { GATEWAY_AUTH: 'api-key' });
  });

  test('the gateway lets a key do what is granted', async () => {
    assert.deepEqual(await statusesWith(gateway, { 'x-api-key': apiKey }), [200, 403, 200]);
  });

  test('API Gateway refuses a wrong key, and a request without one', async () => {
    const wrong = await ask(gateway, '/topics', { 'x-api-key': 'sensor-1.wrong' });
    const missing = await ask(gateway, '/topics', { authorization: basicHeader('alice', password) });

    assert.deepEqual([wrong.status, missing.status], [403, 401]);
  });
});

suite('deployed with all modes,', () => {
  let gateway: Deployment;
  before(async () => {
    gateway = await deployWith('all', {
      GATEWAY_AUTH: 'jwt,basic,api-key,mtls',
      DOMAIN_NAME: 'kafka.example.com',
      DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:us-east-1:000000000000:certificate/01234567-89ab-cdef-0123-456789abcdef',
      DOMAIN_TRUSTSTORE_URI: 's3://example-bucket/truststore.pem',
    });
  });

  test('the gateway takes any of them', async () => {
    const headers = [
      { authorization: `Bearer ${await issuer.token()}` },
      { authorization: basicHeader('alice', password) },
      { 'x-api-key': apiKey },
    ];

    for (const one of headers) assert.deepEqual(await statusesWith(gateway, one), [200, 403, 200]);
  });

  test('the authorizer is asked every time, as there is no header that API Gateway could keep its answers by', async () => {
    const headers = { 'x-api-key': apiKey };
    const before = await timesJudged(gateway, 'sensor-1');

    await statusesWith(gateway, headers);

    assert.equal((await timesJudged(gateway, 'sensor-1')) - before, 3);
  });

  test('nobody comes in without credentials', async () => {
    const { status } = await ask(gateway, '/topics', {});

    assert.equal(status, 403);
  });

  test('the authorizer knows a client by the certificate that API Gateway has checked', async () => {
    const { Payload } = await new LambdaClient(aws).send(
      new InvokeCommand({ FunctionName: gateway.functionName('authorizer'), Payload: JSON.stringify(authorizerEvent({ clientCert })) }),
    );

    const { isAuthorized, context } = JSON.parse(Buffer.from(Payload ?? []).toString());
    assert.equal(isAuthorized, true);
    assert.equal(readCaller({ lambda: context }).principal, clientCert.subjectDN);
  });

  test('its domain asks for client certificates of the truststore, and leads to the API', async () => {
    const api = new ApiGatewayV2Client(aws);

    const domain = await api.send(new GetDomainNameCommand({ DomainName: 'kafka.example.com' }));
    const { Items = [] } = await api.send(new GetApiMappingsCommand({ DomainName: 'kafka.example.com' }));

    assert.equal(domain.MutualTlsAuthentication?.TruststoreUri, 's3://example-bucket/truststore.pem');
    const mapped = new Map(Items.map(({ ApiMappingKey = '', ApiId, Stage }) => [ApiMappingKey, { ApiId, Stage }]));
    assert.deepEqual([...mapped.keys()].sort(), ['', 'streams']);
    assert.deepEqual(mapped.get(''), { ApiId: new URL(gateway.url).hostname.split('.')[0], Stage: '$default' });
    assert.equal(mapped.get('streams')?.Stage, 'streams');
  });
});
