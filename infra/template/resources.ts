import { isWord } from '../../lib/config/environment-reader.ts';
import { type AlarmEvent, functions } from '../functions.ts';
import { onlyIf, type Resource, ref } from './cloudformation.ts';
import { dashboardOf } from './dashboard.ts';
import type { Environment } from './environment.ts';
import { deployedRows, hasSubscriptions, measuresLag } from './functions.ts';
import { frameworkName, logGroupId, ownName, roleId } from './names.ts';
import { pushResources } from './push.ts';
import { pushesLogs, pushLogsResources } from './push-logs.ts';
import { roleOf } from './role.ts';
import { rolloutResources } from './rollout.ts';
import { scheduleOf } from './schedule.ts';
import { streamResources } from './streams.ts';

/** The metric that counts each event of the log. infra/stack/alarms.yml has the alarms. */
export const METRICS: Record<AlarmEvent, { id: string; condition: string; metric: string }> = {
  authorizer_failed: { id: 'FailedFilter', condition: 'HasAlarmTopic', metric: 'AuthorizerFailed' },
  dead_letter_failed: { id: 'DeadLetterFilter', condition: 'HasAlarmTopic', metric: 'DeadLettersFailed' },
  queue_sessions_used_up: { id: 'QueueSessionsFilter', condition: 'HasAlarmTopic', metric: 'QueueSessionsUsedUp' },
  logs_not_pushed: { id: 'NotPushedFilter', condition: 'HasAlarmTopic', metric: 'LogsNotPushed' },
  limits_unavailable: { id: 'LimitsFilter', condition: 'HasLimits', metric: 'LimitsUnavailable' },
  socket_table_unavailable: { id: 'SocketTableFilter', condition: 'HasSocketAlarm', metric: 'SocketTableUnavailable' },
  subscription_disabled: { id: 'SubscriptionDisabledFilter', condition: 'HasPush', metric: 'SubscriptionDisabled' },
  subscriptions_unavailable: { id: 'SubscriptionsUnavailableFilter', condition: 'HasPush', metric: 'SubscriptionsUnavailable' },
  subscription_stalled: { id: 'SubscriptionStalledFilter', condition: 'HasPush', metric: 'SubscriptionStalled' },
};

/** The functions' network to Kafka: a VPC if VpcSubnetIds is set, else the internet. */
const IN_VPC = {
  Properties: {
    VpcConfig: onlyIf('InVpc', { SubnetIds: ref('VpcSubnetIds'), SecurityGroupIds: ref('VpcSecurityGroupIds') }),
  },
};

/** Resources in addition to the functions: roles, log filters for alarms, the VPC, streams, rollouts, the dashboard. */
export function resourcesFor(environment: Environment): {
  Resources: Record<string, Resource>;
  Outputs: Record<string, object>;
  extensions: Record<string, object>;
} {
  const deployed = deployedRows(environment);
  const filters = deployed.flatMap(([name, { alarms }]) => alarms.map((event) => filterOf(name, event)));
  const streams = streamResources(environment);
  return {
    Outputs: streams.Outputs,
    Resources: Object.fromEntries([
      ...deployed.map(([name, row]): [string, Resource] => [roleId(name), roleOf(name, row, environment)]),
      ...filters,
      ...Object.entries(streams.Resources),
      ...Object.entries(
        rolloutResources(
          deployed.map(([name]) => name),
          environment,
        ),
      ),
      ...Object.entries(hasSubscriptions(environment) ? pushResources(environment) : {}),
      ...Object.entries(pushesLogs(environment) ? pushLogsResources(environment, functions['push-logs'].timeout) : {}),
      ...Object.entries(measuresLag(environment) ? scheduleOf('measure-lag') : {}),
      ...(isWord(environment.DASHBOARD, 'false')
        ? []
        : [['GatewayDashboard', dashboardOf(deployed, environment)] satisfies [string, Resource]]),
    ]),
    extensions: Object.fromEntries(
      deployed.filter(([, { asksKafka }]) => asksKafka).map(([name]) => [`${frameworkName(name)}LambdaFunction`, IN_VPC]),
    ),
  };
}

function filterOf(name: string, event: AlarmEvent): [string, Resource] {
  const { id, condition, metric } = METRICS[event];
  const filter = {
    Type: 'AWS::Logs::MetricFilter',
    Condition: condition,
    Properties: {
      LogGroupName: ref(logGroupId(name)),
      FilterPattern: `{ $.event = "${event}" }`,
      MetricTransformations: [{ MetricNamespace: ref('AWS::StackName'), MetricName: metric, MetricValue: '1', Unit: 'Count' }],
    },
  };
  return [`${ownName(name)}${id}`, filter];
}
