import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AwsClient } from 'aws4fetch';
import { readTopic, writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type Receiver, startReceiver } from '../harness/push/receiver.ts';
import { newSigningKey, PREFIX } from '../harness/push/signing.ts';
import { until } from '../harness/until.ts';
import { alarmsOf, prepareAlarms, withAllAlarms } from './alarms.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { statementsOf } from './functions.ts';
import { call } from './request.ts';

const SIGNING = `${PREFIX}signing`;

let gateway: DeployedGateway;
let receiver: Receiver;
let logTopic: string;

before(async () => {
  receiver = await startReceiver();
  logTopic = await createTopic();
  gateway = await startDeployedGateway(
    {
      ...{ GATEWAY_PUSH: 'until-idle', GATEWAY_PUSH_TARGETS: receiver.origin },
      ...withAllAlarms,
      ...{ GATEWAY_LOG_TOPIC: logTopic, GATEWAY_LOG_GROUPS: 'access', GATEWAY_LOG_KEY: '$.ip' },
    },
    prepareAlarms,
  );
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

/** Asks EventBridge Scheduler, whose client nothing else needs. */
async function scheduler<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const { accessKeyId, secretAccessKey } = gateway.aws.credentials;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region: gateway.aws.region, service: 'scheduler', retries: 0 });
  const headers = { 'content-type': 'application/json' };
  const answer = await client.fetch(gateway.aws.endpoint + path, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

suite('the clock of the function that delivers', () => {
  test('has it deliver what is new, with the target that the template gives it', async () => {
    const topic = await createTopic();
    await request('PUT', '/subscriptions/clock', { topics: [topic], url: receiver.url, signing: { secret: SIGNING }, format: 'raw' });
    await request('POST', '/subscriptions/clock/verify');
    const { Schedules } = await scheduler<{ Schedules: { Name: string; GroupName: string }[] }>('GET', '/schedules');
    const named = Schedules.filter(({ Name }) => /deliver/i.test(Name));
    assert.equal(named.length, 1, JSON.stringify(Schedules));
    const [{ Name, GroupName }] = named;
    const { ScheduleExpression, State, Target } = await scheduler<{ ScheduleExpression: string; State: string; Target: object }>(
      'GET',
      `/schedules/${Name}?groupName=${GroupName}`,
    );
    assert.deepEqual([ScheduleExpression, State], ['rate(1 minute)', 'ENABLED']);

    await writeTopic(topic, [{ key: 'k', value: 'by the clock' }]);
    // Once more besides its minute, so that nobody waits for that.
    const now = new Date().toISOString().slice(0, 19);
    const once = { ScheduleExpression: `at(${now})`, FlexibleTimeWindow: { Mode: 'OFF' }, Target };
    await scheduler('POST', '/schedules/once', once);

    const delivered = () => receiver.receivedOf(topic);
    await until(() => delivered().length > 0);
    assert.equal(String(delivered()[0].body), 'by the clock');
  });
});

suite('an entry of the access log', () => {
  test('is brought to the topic for it by the subscription of the template', async () => {
    const logs = new CloudWatchLogsClient(gateway.aws);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand());
    const [logGroupName] = logGroups.map((one) => one.logGroupName ?? '').filter((name) => name.includes('http-api'));
    const logStreamName = 'stream';
    const message = JSON.stringify({ ip: '192.0.2.1', requestId: 'r-1' });
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));

    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message }] }));

    const written = async () => (await readTopic(logTopic)).filter(({ value }) => String(value) === message);
    await until(async () => (await written()).length > 0);
    assert.equal(String((await written())[0].key), '192.0.2.1');
  });
});

alarmsOf(() => gateway);

suite('the role of the function that delivers', () => {
  test('may read the secrets of subscriptions and the one for Kafka, and no others', async () => {
    const statements = await statementsOf(gateway.aws, gateway.functionName('deliver'));
    const secrets = statements.filter((statement) => JSON.stringify(statement).includes('secretsmanager:'));

    assert.equal(secrets.length, 2);
    assert.ok(secrets.some((statement) => JSON.stringify(statement).includes(`:secret:${PREFIX}*`)));
  });
});
