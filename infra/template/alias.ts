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

/** A function's name, for `Fn::Sub`. */
const nameOf = (name: string): string => `\${AWS::StackName}-${name}`;

/**
 * The ARNs of a function and its alias, for IAM. By name, because a role that refers to a function cannot belong to anything that the
 * function refers to (a cycle): itself, or what is in front of streams.
 */
export const arnsOf = (name: string): [ofFunction: object, ofAlias: object] => {
  const arn = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${nameOf(name)}`;
  return [{ 'Fn::Sub': arn }, { 'Fn::Sub': `${arn}:${ALIAS}` }];
};

/** How `socket-reader` is invoked, for `Fn::Sub`. */
export const SOCKET_READER = `${nameOf('socket-reader')}:${ALIAS}`;
