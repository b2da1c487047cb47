import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ALIAS } from '../../infra/template/alias.ts';
import type { MiniStack } from '../harness/aws/ministack.ts';
import type { DeployedGateway } from './deployed-gateway.ts';

/** All that the policies of a function's role say. */
export async function statementsOf(aws: MiniStack, FunctionName: string): Promise<unknown[]> {
  const iam = new IAMClient(aws);
  const { Role = '' } = await new LambdaClient(aws).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const RoleName = Role.slice(Role.lastIndexOf('/') + 1);

  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(AttachedPolicies, []);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
  return policies.flatMap(({ PolicyDocument = '' }) => JSON.parse(decodeURIComponent(PolicyDocument)).Statement);
}

/** Changes a function's environment variables for the time of a test, each time by a new version. */
export async function reconfigure(t: TestContext, gateway: DeployedGateway, name: string, changes: Record<string, string>): Promise<void> {
  t.after(await change(gateway, name, changes));
}

/** Changes a function's environment variables. @returns what makes them as they were */
export async function change(gateway: DeployedGateway, name: string, changes: Record<string, string>): Promise<() => Promise<unknown>> {
  const lambda = new LambdaClient(gateway.aws);
  const FunctionName = gateway.functionName(name);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const set = async (Variables: Record<string, string>) => {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    const { Version: FunctionVersion } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new UpdateAliasCommand({ FunctionName, Name: ALIAS, FunctionVersion }));
  };

  const variables = Environment?.Variables ?? {};
  await set({ ...variables, ...changes });
  return () => set(variables);
}

/** All that a function has logged. */
export async function logOf(aws: MiniStack, functionName: string): Promise<string> {
  const logs = new CloudWatchLogsClient(aws);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }));
  return events.map(({ message }) => message).join('\n');
}
