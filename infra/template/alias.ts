import { type Resource, ref } from './cloudformation.ts';
import { frameworkName, ownName } from './names.ts';

/** Through this name of a function's versions everything calls it: the APIs, their authorizer, clocks, queues and logs. */
export const ALIAS = 'live';

/** The logical id of a function's alias, whose `Ref` is its ARN. */
export const aliasId = (name: string): string => `${ownName(name)}Live`;

/** The logical id of the CodeDeploy group that moves a function's alias. */
export const deploymentGroupId = (name: string): string => `${ownName(name)}Rollout`;

/** The logical id of the CodeDeploy application that all of these groups are in. */
export const ROLLOUT_APPLICATION = 'RolloutApplication';

/**
 * A function as it is deployed now, and what calls it by.
 *
 * @param version the logical id of the version: another one is another version
 * @param codeSha256 of the function's zip, in base64
 * @param isGradual whether CodeDeploy moves the alias, part by part; CloudFormation does it at once otherwise
 */
export function versionResources(
  name: string,
  { version, codeSha256, isGradual }: { version: string; codeSha256: string; isGradual: boolean },
): Record<string, Resource> {
  const FunctionName = ref(`${frameworkName(name)}LambdaFunction`);
  return {
    [version]: {
      Type: 'AWS::Lambda::Version',
      // The version before is what one goes back to. All of them go with the function.
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

/** An ARN of what the alias leads to, as IAM has it. */
export const aliasArnOf = (name: string): object => ({ 'Fn::Sub': `\${${frameworkName(name)}LambdaFunction.Arn}:${ALIAS}` });

/** What calls the function `socket-reader` by, for `Fn::Sub`: its name, since a role that had the function's ARN could not be its own. */
export const SOCKET_READER = `\${AWS::StackName}-socket-reader:${ALIAS}`;
