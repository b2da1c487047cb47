import assert from 'node:assert/strict';
import { GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiniStack } from './ministack.ts';

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
