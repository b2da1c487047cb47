import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { CloudWatchLogsClient, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { deployedRows } from '../../infra/template/functions.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { logOf, reconfigure, statementsOf } from './functions.ts';
import { call } from './request.ts';

const rules = [
  { kind: 'fixed-window', key: 'topic', limit: 2, window: 86_400 },
  { kind: 'concurrency', key: 'principal', limit: 10 },
  { kind: 'leaky-bucket', key: 'principal', rate: 1000, burst: 1000 },
];
const configuration = { GATEWAY_LIMITS: JSON.stringify(rules), GATEWAY_LIMITS_ON_FAILURE: 'deny' };
/** The functions that count. */
const functions = deployedRows(configuration)
  .filter(([, { table }]) => table.includes('limits'))
  .map(([name]) => name);

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

const request = (path: string, body?: string) =>
  call(gateway.aws, gateway.url + path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'text/plain' }, body });

test('functions count together, and the one request too many is 429', async () => {
  const topic = await createTopic();

  const answers = [
    await request(`/topics/${topic}`, 'value'),
    await request(`/topics/${topic}/offsets`),
    await request(`/topics/${topic}`),
  ];

  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]),
    [
      [200, '2', '1'],
      [200, '2', '0'],
      [429, '2', '0'],
    ],
  );
  assert.ok(Number(answers[2].headers['retry-after']) > 0);
});

test('nothing of who calls is in the table', async () => {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: table }));

  assert.ok(Items.length > 0);
  for (const { pk } of Items) assert.match(pk.S ?? '', /^limits:[\w-]{27}$/);
});

suite('the role of a function', () => {
  test('may count in the table, and do nothing else with it', async () => {
    for (const name of functions) {
      const statements = (await statementsOf(gateway.aws, gateway.functionName(name))).filter((statement) =>
        JSON.stringify(statement).includes('dynamodb:'),
      );

      const Resource = `arn:aws:dynamodb:${gateway.aws.region}:000000000000:table/${table}`;
      assert.deepEqual(statements, [{ Effect: 'Allow', Action: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], Resource }], name);
    }
  });

  test('may not use another table', async (t) => {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'another',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    await reconfigure(t, gateway, 'list-offsets', { GATEWAY_TABLE: 'another' });

    const { status, body } = await request(`/topics/${await createTopic()}/offsets`);

    assert.deepEqual([status, JSON.parse(body).error_code], [503, 50304]);
    assert.match(
      await logOf(gateway.aws, gateway.functionName('list-offsets')),
      /AccessDeniedException.*not authorized to perform: dynamodb:/,
    );
  });
});

test('an alarm looks for what the functions log when they cannot count', async () => {
  const { metricFilters = [] } = await new CloudWatchLogsClient(gateway.aws).send(new DescribeMetricFiltersCommand());

  const groups = metricFilters.map(({ logGroupName }) => logGroupName).sort();
  assert.deepEqual(groups, functions.map((name) => `/aws/lambda/${gateway.functionName(name)}`).sort());
  const [, event = 'none'] = /^\{ \$\.event = "(.*)" \}$/.exec(metricFilters[0].filterPattern ?? '') ?? [];
  assert.ok((await logOf(gateway.aws, gateway.functionName('list-offsets'))).includes(`"event":"${event}"`), event);
});
