import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  GetAliasCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ALIAS } from '../../infra/template/alias.ts';
import { deployedRows } from '../../infra/template/functions.ts';
import { type MiniStack, startMiniStack } from '../harness/aws/ministack.ts';
import { deploy } from './deployment.ts';
import { call } from './request.ts';

test('a gateway is deployed open to everyone with a warning, and anew as other versions, and leaves nothing when it is removed', async (t) => {
  const aws = await startMiniStack();
  t.after(() => aws.stop());
  const empty = await inventory(aws);
  // Nothing listens on the discard port.
  const configuration = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', GATEWAY_AUTH: 'none' };
  const gateway = await deploy(aws, 'removed', configuration);
  t.after(() => gateway.close());
  const FunctionName = gateway.functionName('topic-metadata');

  const open = await call(aws, gateway.url, { credentials: null });
  const full = await inventory(aws);
  const before = await versionsOf(aws, FunctionName);
  const next = await deploy(aws, 'removed', { ...configuration, KAFKA_CLIENT_ID: 'next', ROLLOUT: 'Canary10Percent5Minutes' });
  t.after(() => next.close());
  const after = await versionsOf(aws, FunctionName);
  await makeLatestFail(aws, FunctionName);
  const byAlias = await call(aws, next.url, { credentials: null });
  await next.remove();

  assert.match(gateway.output, /OPEN TO THE WORLD/);
  assert.equal(open.status, 200, open.body);
  assert.deepEqual(
    full.functions.sort(),
    deployedRows(configuration)
      .map(([name]) => gateway.functionName(name))
      .sort(),
  );
  assert.deepEqual(before, { live: '1', clientIds: { $LATEST: undefined, 1: undefined } });
  assert.deepEqual(after, { live: '2', clientIds: { $LATEST: 'next', 1: undefined, 2: 'next' } });
  assert.equal(byAlias.status, 200, byAlias.body);
  assert.deepEqual(await inventory(aws), empty);
});

/** Which version of a function the alias leads to, and a variable of each. */
async function versionsOf(aws: MiniStack, FunctionName: string) {
  const lambda = new LambdaClient(aws);
  const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name: ALIAS }));
  const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  return {
    live: FunctionVersion,
    clientIds: Object.fromEntries(Versions.map(({ Version, Environment }) => [Version, Environment?.Variables?.KAFKA_CLIENT_ID])),
  };
}

/** Takes from a function, but from none of its versions, what it cannot answer without. */
async function makeLatestFail(aws: MiniStack, FunctionName: string): Promise<void> {
  const Environment = { Variables: { GATEWAY_AUTH: 'nobody' } };
  await new LambdaClient(aws).send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
}

/** Names of all that a deployment creates. */
async function inventory(aws: MiniStack) {
  const { Functions = [] } = await new LambdaClient(aws).send(new ListFunctionsCommand());
  const { Roles = [] } = await new IAMClient(aws).send(new ListRolesCommand());
  const { Policies = [] } = await new IAMClient(aws).send(new ListPoliciesCommand({ Scope: 'Local' }));
  const { logGroups = [] } = await new CloudWatchLogsClient(aws).send(new DescribeLogGroupsCommand());
  const { Items = [] } = await new ApiGatewayV2Client(aws).send(new GetApisCommand());
  const restApis = await call(aws, `${aws.endpoint}/restapis`);
  const { Buckets = [] } = await new S3Client({ ...aws, forcePathStyle: true }).send(new ListBucketsCommand());
  const { Stacks = [] } = await new CloudFormationClient(aws).send(new DescribeStacksCommand());
  return {
    functions: Functions.map(({ FunctionName }) => FunctionName),
    roles: Roles.map(({ RoleName }) => RoleName),
    policies: Policies.map(({ PolicyName }) => PolicyName),
    logGroups: logGroups.map(({ logGroupName }) => logGroupName),
    apis: Items.map(({ Name }) => Name),
    restApis: JSON.parse(restApis.body),
    buckets: Buckets.map(({ Name }) => Name),
    stacks: Stacks.map(({ StackName }) => StackName),
  };
}
