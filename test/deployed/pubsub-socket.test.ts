import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { AwsV4Signer } from 'aws4fetch';
import { users } from '../../infra/users/command.ts';
import { inSecret } from '../../infra/users/stores.ts';
import { type MiniStack, startMiniStack } from '../harness/aws/ministack.ts';
import { basicHeader } from '../harness/events/presented.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { openSocket, type SocketClient } from '../harness/pubsub/socket.ts';
import { decodeByStock, encodeByStock } from '../harness/pubsub/stock-runtime.ts';
import { openSubscriber } from '../harness/pubsub/subscriber.ts';
import { until } from '../harness/until.ts';
import { type Deployment, deploy } from './deployment.ts';
import { statementsOf } from './functions.ts';
import { userWho } from './iam-user.ts';
import { type Credentials, call } from './request.ts';

const USERS_SECRET = 'gateway/users';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let aws: MiniStack;
let topic: string;
const deployments: Deployment[] = [];

before(async () => {
  [aws, topic] = await Promise.all([startMiniStack(), createTopic({ configs: { 'retention.ms': '-1' } })]);
});
after(async () => {
  for (const deployment of deployments) await deployment.close();
  await aws?.stop();
});

async function deployWith(stage: string, configuration: Record<string, string>): Promise<Deployment> {
  const deployment = await deploy(aws, stage, { KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT'), ...configuration });
  deployments.push(deployment);
  return deployment;
}

async function openSigned(url: string, credentials: Credentials): Promise<SocketClient> {
  const http = url.replace(/^ws/, 'http');
  const { headers } = await new AwsV4Signer({
    ...credentials,
    url: http,
    method: 'GET',
    region: aws.region,
    service: 'execute-api',
  }).sign();
  return openSocket(url, Object.fromEntries(headers));
}

suite('deployed with IAM,', () => {
  let gateway: Deployment;
  let credentials: Credentials;
  before(async () => {
    gateway = await deployWith('iam', {});
    credentials = await userWho(aws, 'execute-api:Invoke', 'arn:aws:execute-api:*:*:*/pubsub/*');
  });

  test('the WebSocket obeys a caller with AWS credentials', async (t) => {
    const socket = await openSigned(gateway.socketUrl, credentials);
    t.after(() => socket.close());

    const produced = await socket.command({
      sequence: 1,
      cmdKafkaProduce: { topic, records: [{ value: base64('value'), timestamp: 1000 }] },
    });
    const fetched = JSON.parse(await socket.exchange(JSON.stringify({ sequence: 2, cmdKafkaFetch: { topic } })));

    assert.deepEqual(produced, { sequence: '1', kafkaProduceResp: { results: [{ timestamp: '1000' }] } });
    assert.deepEqual(fetched.kafkaFetchResp.messages, [{ timestamp: '1000', value: base64('value') }]);
  });

  test('the WebSocket lets in nobody else', async () => {
    await assert.rejects(openSocket(gateway.socketUrl), /the handshake was refused/);
    const others = await userWho(aws, 'execute-api:Invoke', 'arn:aws:execute-api:*:*:*/other/*');
    for (const wrong of [others, { ...credentials, secretAccessKey: 'wrong' }]) {
      await assert.rejects(openSigned(gateway.socketUrl, wrong), /the handshake was refused/);
    }
  });

  test('POST /pubsub takes the same', async () => {
    const options = { method: 'POST', headers: { 'content-type': 'application/x-protobuf' } };
    const body = encodeByStock({ sequence: 3, cmdKafkaListOffset: { topic: 'not-exist' } });

    const { status, body: answer } = await call(aws, `${gateway.url}/pubsub`, { ...options, body });
    const unsigned = await call(aws, `${gateway.url}/pubsub`, { ...options, body, credentials: null });

    assert.deepEqual([status, unsigned.status], [200, 403]);
    assert.match(answer, /err: not found topic/);
  });
});

suite('deployed with passwords,', () => {
  let gateway: Deployment;
  let password: string;
  let pushed: string;
  before(async () => {
    pushed = await createTopic();
    const output = await users(['add', 'alice', '--groups', 'analysts'], { GATEWAY_USERS_SECRET_ID: USERS_SECRET }, (id) =>
      inSecret(id, aws),
    );
    [password] = output.split('\n');
    gateway = await deployWith('basic', {
      GATEWAY_AUTH: 'basic',
      GATEWAY_USERS_SECRET_ID: USERS_SECRET,
      GATEWAY_GRANTS: JSON.stringify([
        { group: 'analysts', operations: ['describe'], topics: [topic] },
        { group: 'analysts', operations: ['read'], topics: [pushed] },
      ]),
      GATEWAY_SOCKET_READERS: '1',
    });
  });

  test('the WebSocket obeys a user so far as is granted, message by message', async (t) => {
    const socket = await openSocket(gateway.socketUrl, { authorization: basicHeader('alice', password) });
    t.after(() => socket.close());

    const described = await socket.command({ sequence: 1, cmdKafkaListOffset: { topic, timestamp: -2 } });
    const text = await socket.exchange(encodeByStock({ sequence: 2, cmdKafkaFetch: { topic } }).toString('base64'));

    assert.deepEqual(described, { sequence: '1', kafkaListOffsetResp: { timestamp: '-1' } });
    const refused = decodeByStock(Buffer.from(text, 'base64'));
    assert.match(
      JSON.stringify(refused),
      /"sequence":"2","errorResp":\{"code":29,"message":"failed to fetch message, .*err: TOPIC_AUTHORIZATION_FAILED"/,
    );
  });

  test('the WebSocket lets in nobody else', async () => {
    for (const headers of [{}, { authorization: basicHeader('alice', 'wrong') }]) {
      await assert.rejects(openSocket(gateway.socketUrl, headers), /the handshake was refused/);
    }
  });

  suite('a subscription of the WebSocket', () => {
    test('is sent records by a function of its own, as far as there is credit, and is forgotten with its connection', async () => {
      const dynamodb = new DynamoDBClient(aws);
      const { TableNames: [TableName] = [] } = await dynamodb.send(new ListTablesCommand());
      const items = async () => (await dynamodb.send(new ScanCommand({ TableName }))).Items ?? [];
      const shard = async () => (await items()).find(({ pk }) => pk.S === 'socket##0');
      const subscribe = (one: string) => ({ cmdKafkaSubscribe: { topics: [one], credit: 10, valueFormat: 'FORMAT_TEXT' } });
      const values = Array.from({ length: 15 }, (_, i) => `v${i}`);
      const one = await openSubscriber(gateway.socketUrl, { authorization: basicHeader('alice', password) });

      const refused = await one.command({ sequence: 1, ...subscribe(topic) });
      const begun = await one.command({ sequence: 2, ...subscribe(pushed) });
      assert.ok(begun.kafkaSubscribeResp?.cursor, begun.errorResp?.detail);
      await writeTopic(
        pushed,
        values.map((value) => ({ value })),
      );
      await until(() => one.records().length >= 10);
      const before = one.records().length;
      await one.command({ sequence: 3, cmdKafkaCredit: { subscription: 2, credit: 10 } });
      await until(() => one.records().length >= 15);
      const held = await items();
      one.close();
      await until(async () => (await items()).every(({ pk }) => pk.S === 'socket##0'));
      await until(async () => (await shard())?.holder === undefined);

      assert.match(refused.errorResp?.detail ?? '', /no grant to read/);
      assert.ok(begun.kafkaSubscribeResp?.cursor, begun.errorResp?.detail);
      assert.equal(before, 10);
      assert.deepEqual(
        one.records().map(({ valueText }) => valueText),
        values,
      );
      assert.equal(held.length, 2);
      assert.ok(!JSON.stringify(held).includes(password));
      assert.equal((await shard())?.connections, undefined);
    });

    test('is read by a role that may send over connections of this WebSocket API alone', async () => {
      const statements = await statementsOf(aws, gateway.functionName('socket-reader'));

      const [sends, ...others] = statements.filter((statement) => JSON.stringify(statement).includes('execute-api:'));
      assert.deepEqual(others, []);
      assert.match(JSON.stringify(sends), /"execute-api:ManageConnections".*:[a-z0-9]+\/pubsub\/POST\/@connections\/\*"/);
    });
  });
});

test("with callers' own Kafka credentials there is no WebSocket", async () => {
  const gateway = await deployWith('passthrough', {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
  });

  assert.equal(gateway.socketUrl, '');
});
