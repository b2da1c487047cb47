import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { deployedRows } from '../../infra/template/functions.ts';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { logOf, reconfigure, statementsOf } from './functions.ts';
import { call } from './request.ts';

const configuration = { GATEWAY_IDEMPOTENCY: '24h' };

let gateway: DeployedGateway;
let dynamodb: DynamoDBClient;
let table: string;

before(async () => {
  gateway = await startDeployedGateway(configuration);
  dynamodb = new DynamoDBClient(gateway.aws);
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand());
  [table] = TableNames;
});
after(async () => {
  dynamodb?.destroy();
  await gateway?.stop();
});

const send = (topic: string, key: string) =>
  call(gateway.aws, `${gateway.url}/topics/${topic}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'idempotency-key': key },
    body: 'value',
  });

test('a request with the same key gets the first answer again', async () => {
  const topic = await createTopic();
  const key = randomUUID();

  const [first, again] = [await send(topic, key), await send(topic, key)];

  assert.equal(first.status, 200, first.body);
  assert.deepEqual([again.status, again.body, again.headers['idempotency-replayed']], [200, first.body, 'true']);
  assert.equal((await readTopic(topic)).length, 1);
});

test('the table is made as the gateway needs it', async () => {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));

  assert.deepEqual(Table?.KeySchema, [{ AttributeName: 'pk', KeyType: 'HASH' }]);
  assert.equal(Table?.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
});

test('the role of produce alone may use the table, and only as it does', async () => {
  const ofTables = async (name: string) =>
    (await statementsOf(gateway.aws, gateway.functionName(name))).filter((statement) => JSON.stringify(statement).includes('dynamodb:'));

  const Resource = `arn:aws:dynamodb:${gateway.aws.region}:000000000000:table/${table}`;
  assert.deepEqual(await ofTables('produce'), [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource }]);
  for (const [name, { table: uses }] of deployedRows(configuration))
    if (!uses.includes('idempotency')) assert.deepEqual(await ofTables(name), [], name);
});

test('the role of produce may not use another table', async (t) => {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'another',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  await reconfigure(t, gateway, 'produce', { GATEWAY_TABLE: 'another' });

  const { status, body } = await send(await createTopic(), randomUUID());

  assert.deepEqual([status, JSON.parse(body).error_code], [503, 50303]);
  assert.match(
    await logOf(gateway.aws, gateway.functionName('produce')),
    /AccessDeniedException.*not authorized to perform: dynamodb:PutItem/,
  );
});
