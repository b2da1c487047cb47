import { listOf } from '../../lib/config/environment-reader.ts';
import { ALIAS, aliasId } from './alias.ts';
import { arnOf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { frameworkName, logGroupId } from './names.ts';

const NAME = 'push-logs';
const FUNCTION = `${frameworkName(NAME)}LambdaFunction`;
const LIVE = ref(aliasId(NAME));
/** Stands for the HTTP API's access log in GATEWAY_LOG_GROUPS. */
const ACCESS_LOG = 'access';
const DAYS = 24 * 3600;

/** The queue for entries that could not be written. */
export const LOGS_QUEUE = 'UnpushedLogs';

/** The log groups whose entries go to a topic, in the order of the variable, each once: a second subscription would write them twice. */
export const logGroupsOf = ({ GATEWAY_LOG_GROUPS }: Environment): string[] => [...new Set(listOf(GATEWAY_LOG_GROUPS))];

/** Whether log entries are written to a topic. */
export const pushesLogs = ({ GATEWAY_LOG_TOPIC }: Environment): boolean => Boolean(GATEWAY_LOG_TOPIC);

/**
 * What invokes the function `push-logs`: a subscription of each log group; Lambda, which retries twice; and then a queue, which retries
 * every few minutes for 14 days.
 */
export function pushLogsResources(environment: Environment, timeout: number): Record<string, Resource> {
  const subscriptions = logGroupsOf(environment).map((group, i): [string, Resource] => [
    `LogsSubscription${i + 1}`,
    {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: ['LogsPermission'],
      Properties: {
        LogGroupName: group === ACCESS_LOG ? ref('HttpApiLogGroup') : group,
        FilterPattern: '',
        DestinationArn: LIVE,
      },
    },
  ]);
  return {
    LogsPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: LIVE,
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
        SourceAccount: ref('AWS::AccountId'),
        SourceArn: { 'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:*` },
      },
    },
    ...Object.fromEntries(subscriptions),
    [LOGS_QUEUE]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        MessageRetentionPeriod: 14 * DAYS,
        // AWS recommends six times the function's timeout.
        VisibilityTimeout: 6 * timeout,
        SqsManagedSseEnabled: true,
      },
    },
    LogsRetries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      DependsOn: [aliasId(NAME)],
      Properties: {
        FunctionName: ref(FUNCTION),
        Qualifier: ALIAS,
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: arnOf(LOGS_QUEUE) } },
      },
    },
    LogsRedelivery: {
      Type: 'AWS::Lambda::EventSourceMapping',
      DependsOn: [logGroupId(NAME)],
      Properties: { FunctionName: LIVE, EventSourceArn: arnOf(LOGS_QUEUE), BatchSize: 1 },
    },
  };
}
