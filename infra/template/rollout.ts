import { ALIAS, arnsOf, deploymentGroupId, ROLLOUT_APPLICATION } from './alias.ts';
import { arnOf, onlyIf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { frameworkName, ownName } from './names.ts';

const AT_ONCE = 'AllAtOnce';

/** How CodeDeploy shifts an alias: its names after `CodeDeployDefault.Lambda`. */
const WAYS = [
  AT_ONCE,
  ...['5Minutes', '10Minutes', '15Minutes', '30Minutes'].map((time) => `Canary10Percent${time}`),
  ...['1Minute', '2Minutes', '3Minutes', '10Minutes'].map((time) => `Linear10PercentEvery${time}`),
];

/** The alarms of infra/stack/alarms.yml that roll every function back. */
const ALARMS_OF_ALL = ['FaultsAlarm', 'ApiFaultsAlarm'];

const ROLE = 'RolloutRole';

/**
 * How requests are shifted to a new version.
 *
 * @throws {Error} for a name that CodeDeploy does not know
 */
function rolloutOf({ ROLLOUT }: Environment): string {
  const way = ROLLOUT || AT_ONCE;
  if (!WAYS.includes(way)) throw new Error(`ROLLOUT must be one of ${WAYS.join(', ')}.`);
  return way;
}

/**
 * Whether requests are shifted step by step.
 *
 * @throws {Error} like {@link rolloutOf}
 */
export const isGradual = (environment: Environment): boolean => rolloutOf(environment) !== AT_ONCE;

/** The resources that shift the functions' aliases step by step, and roll them back when an alarm goes off. */
export function rolloutResources(names: readonly string[], environment: Environment): Record<string, Resource> {
  if (!isGradual(environment)) return {};
  return {
    [ROLLOUT_APPLICATION]: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
    [ROLE]: roleFor(names),
    ...Object.fromEntries(names.map((name) => [deploymentGroupId(name), groupOf(name, environment)])),
  };
}

const groupOf = (name: string, environment: Environment): Resource => ({
  Type: 'AWS::CodeDeploy::DeploymentGroup',
  Properties: {
    ApplicationName: ref(ROLLOUT_APPLICATION),
    ServiceRoleArn: arnOf(ROLE),
    DeploymentConfigName: `CodeDeployDefault.Lambda${rolloutOf(environment)}`,
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    AlarmConfiguration: {
      Enabled: true,
      Alarms: [...ALARMS_OF_ALL.map((id) => onlyIf('HasFaultsAlarms', { Name: ref(id) })), { Name: ref(errorsAlarmId(name)) }],
    },
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
  },
});

/** The logical id of the alarm on a function's new version. */
const errorsAlarmId = (name: string): string => `${ownName(name)}ErrorsAlarm`;

/**
 * An alarm on one version of a function while it gets part of the requests: it crashes, or runs out of time or memory. The alarms of all
 * functions miss errors of a function whose result nobody waits for, or that is rarely called.
 *
 * @param version the logical id of the version
 */
export const errorsAlarmOf = (name: string, version: string): Record<string, Resource> => ({
  [errorsAlarmId(name)]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: `The new version of ${name} crashes, or is out of time or memory. Runbook, docs/operate/runbook.md#a-version-is-taken-back`,
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [
        { Name: 'FunctionName', Value: ref(`${frameworkName(name)}LambdaFunction`) },
        { Name: 'Resource', Value: { 'Fn::Sub': `\${${frameworkName(name)}LambdaFunction}:${ALIAS}` } },
        { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [version, 'Version'] } },
      ],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  },
});

/** CodeDeploy's role: it may shift these functions' aliases and watch alarms, and nothing else. */
const roleFor = (names: readonly string[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'rollout',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
              // To update an alias, CodeDeploy needs the right on the function itself, too.
              Resource: names.flatMap(arnsOf),
            },
            {
              Effect: 'Allow',
              Action: 'cloudwatch:DescribeAlarms',
              Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:*` },
            },
          ],
        },
      },
    ],
  },
});
