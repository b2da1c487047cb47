import { type Resource, ref } from './cloudformation.ts';
import { frameworkName, ownName } from './names.ts';

/** The alias by which everything invokes a function: the APIs, their authorizer, schedules, queues and logs. */
export const ALIAS = 'live';

/** The logical id of a function's alias, whose `Ref` is its ARN. */
export const aliasId = (name: string): string => `${ownName(name)}Live`;

/** The logical id of the CodeDeploy group that shifts a function's alias. */
export const deploymentGroupId = (name: string): string => `${ownName(name)}Rollout`;

/** The logical id of the CodeDeploy application of all these groups. */
export const ROLLOUT_APPLICATION = 'RolloutApplication';

/**
 * A function's version and the alias that points to it.
 *
 * @param version the logical id of the version: a new id makes a new version
 * @param codeSha256 of the function's zip, in base64
 * @param isGradual true: CodeDeploy shifts the alias step by step; false: CloudFormation shifts it at once
 */
export function versionResources(
  name: string,
  { version, codeSha256, isGradual }: { version: string; codeSha256: string; isGradual: boolean },
): Record<string, Resource> {
  const FunctionName = ref(`${frameworkName(name)}LambdaFunction`);
  return {
    [version]: {
      Type: 'AWS::Lambda::Version',
      // The previous version is kept to go back to. Deleting the function deletes all versions.
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName, CodeSha256: codeSha256 },
    },
    [aliasId(name)]: {
      Type: 'AWS::Lambda::Alias',
      ...(isGradual && {
        UpdatePolicy: {
          CodeDeployLambdaAliasUpdate: { ApplicationName: ref(ROLLOUT_APPLICATION), DeploymentGroupName: ref(deploymentGroupId(name)) },
        },
      }),
      Properties: { Name: ALIAS, FunctionName, FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] } },
    },
  };
}

/** The ARN of a function's alias, for IAM. */
export const aliasArnOf = (name: string): object => ({ 'Fn::Sub': `\${${frameworkName(name)}LambdaFunction.Arn}:${ALIAS}` });

/** How `socket-reader` is invoked, for `Fn::Sub`: by name, because its own role cannot refer to the function's ARN (a cycle). */
export const SOCKET_READER = `\${AWS::StackName}-socket-reader:${ALIAS}`;
