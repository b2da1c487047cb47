import { PUSH_SECRETS } from '../../lib/config/push.ts';
import type { FunctionRow } from '../functions.ts';
import { arnsOf } from './alias.ts';
import { arnOf, onlyIf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { logGroupId } from './names.ts';
import { wakeTopicsOf } from './push.ts';
import { LOGS_QUEUE } from './push-logs.ts';
import { secretArn } from './secret-arn.ts';

/**
 * The role of a function, with only the rights it needs: its own log group, its secret, network interfaces in a VPC, and its use of the
 * table of infra/stack/dynamodb.yml. For Amazon MSK with IAM access control, either the one role that it may assume, or its actions on the
 * cluster's topics and groups. By default, the framework would give all functions one role.
 */
export const roleOf = (name: string, row: FunctionRow, environment: Environment): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      policy('logs', allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(logGroupId(name)))),
      // A function that is open to everyone does not read it.
      ...(row.isOpen
        ? []
        : [onlyIf('HasConfigParameter', policy('configuration', allow('ssm:GetParameter', configParameter(environment))))]),
      ...row.secrets.flatMap((secret) => secretPolicies[secret](environment)),
      ...(row.asksKafka ? [onlyIf('HasMskRole', policy('msk-role', allow('sts:AssumeRole', ref('KafkaMskRoleArn'))))] : []),
      ...(row.msk ? [onlyIf('HasMskCluster', mskPolicy(row.msk, environment))] : []),
      ...(row.table.includes('idempotency') ? [onlyIf('HasIdempotency', tablePolicy('idempotency', ['GetItem', 'PutItem']))] : []),
      ...(row.table.includes('push')
        ? [onlyIf('HasPush', tablePolicy('push', ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem']))]
        : []),
      ...(row.table.includes('consumers') ? [onlyIf('HasStoredConsumers', tablePolicy('consumers', ['GetItem', 'PutItem']))] : []),
      ...(row.table.includes('limits') ? [onlyIf('HasLimits', tablePolicy('limits', ['BatchGetItem', 'UpdateItem']))] : []),
      ...(row.table.includes('sockets') ? [onlyIf('HasSockets', tablePolicy('sockets', ['DeleteItem', 'UpdateItem']))] : []),
      ...(row.wakesReader ? [onlyIf('HasSockets', policy('wake-reader', allow('lambda:InvokeFunction', reader)))] : []),
      ...(row.sendsOverSockets ? [policy('connections', allow('execute-api:ManageConnections', connections))] : []),
      ...(row.hasQueue ? [policy('queue', allow(prefixed('sqs', QUEUE_ACTIONS), arnOf(LOGS_QUEUE)))] : []),
      ...(row.asksKafka ? [onlyIf('InVpc', networkPolicy)] : []),
      ...(row.wokenByKafka && wakeTopicsOf(environment).length > 0 ? eventSourcePolicies(environment) : []),
    ],
  },
});

/** Lambda's actions in the function's name: it writes failed events to the queue, and reads them again. */
const QUEUE_ACTIONS = ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'];

const policy = (PolicyName: string, ...Statement: object[]): object => ({
  PolicyName,
  PolicyDocument: { Version: '2012-10-17', Statement },
});

const allow = (Action: string | readonly string[], Resource: unknown, rest: object = {}): object => ({
  Effect: 'Allow',
  Action: typeof Action === 'string' || Action.length > 1 ? Action : Action[0],
  Resource,
  ...rest,
});

const tablePolicy = (name: string, actions: readonly string[]): object =>
  policy(name, allow(prefixed('dynamodb', actions), arnOf('GatewayTable')));

/** Rights to the secret, and to the customer managed key that encrypts it. */
const secretPolicies: Record<FunctionRow['secrets'][number], (environment: Environment) => object[]> = {
  kafka: ({ KAFKA_SECRET_ID = '', KAFKA_SECRET_REGION }) => [
    onlyIf('HasSecret', policy('secret', allow('secretsmanager:GetSecretValue', secretArn(KAFKA_SECRET_ID, KAFKA_SECRET_REGION)))),
    onlyIf('HasSecretKey', policy('secret-key', decrypt('KafkaSecretKmsKeyArn'))),
  ],
  users: ({ GATEWAY_USERS_SECRET_ID = '' }) => [
    onlyIf('HasUsers', policy('users', allow('secretsmanager:GetSecretValue', secretArn(GATEWAY_USERS_SECRET_ID)))),
    onlyIf('HasUsersKey', policy('users-key', decrypt('GatewayUsersKmsKeyArn'))),
  ],
  push: ({ GATEWAY_PUSH_SECRETS = '' }) => [
    onlyIf(
      'HasPush',
      policy('push-secrets', allow('secretsmanager:GetSecretValue', pushSecrets(GATEWAY_PUSH_SECRETS.trim() || PUSH_SECRETS))),
    ),
    onlyIf('HasPushKey', policy('push-secrets-key', decrypt('GatewayPushKmsKeyArn'))),
  ],
};

/** A hierarchical name begins with a slash, but the ARN has only one there. */
const configParameter = ({ GATEWAY_CONFIG_PARAMETER = '' }: Environment) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${GATEWAY_CONFIG_PARAMETER.trim().replace(/^\//, '')}`,
});

const [, reader] = arnsOf('socket-reader');

/** Messages to connections of the gateway's own WebSocket API. */
const connections = {
  'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${WebsocketsApi}/pubsub/POST/@connections/*`,
};

/** Subscriptions' secrets share a prefix; `*` also covers the dash and six characters that Secrets Manager appends. */
const pushSecrets = (prefix: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${prefix}*`,
});

const decrypt = (key: string): object =>
  allow('kms:Decrypt', ref(key), { Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.*' } } });

function mskPolicy({ cluster = [], topics, groups }: NonNullable<FunctionRow['msk']>, { KAFKA_MSK_CLUSTER_ARN }: Environment): object {
  // Without a cluster, the condition drops this value.
  const all = (what: 'topic' | 'group') =>
    KAFKA_MSK_CLUSTER_ARN ? `${KAFKA_MSK_CLUSTER_ARN.replace(':cluster/', `:${what}/`)}/*` : ref('KafkaMskClusterArn');
  return policy(
    'msk-topics',
    allow(prefixed('kafka-cluster', ['Connect', ...cluster]), ref('KafkaMskClusterArn')),
    allow(prefixed('kafka-cluster', topics), all('topic')),
    ...(groups ? [allow(prefixed('kafka-cluster', groups), all('group'))] : []),
  );
}

const prefixed = (service: string, actions: readonly string[]): string[] => actions.map((action) => `${service}:${action}`);

const networkPolicy = policy(
  'network',
  // Lambda itself needs these in the function's name to join a VPC, and needs them on all resources.
  allow(
    prefixed('ec2', [
      'AssignPrivateIpAddresses',
      'CreateNetworkInterface',
      'DeleteNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'UnassignPrivateIpAddresses',
    ]),
    '*',
  ),
  denyToCode('ec2:*'),
);

/** What the function's own code must not do, though Lambda itself does it in the function's name. */
function denyToCode(Action: string | readonly string[]): object {
  const Condition = { ArnLike: { 'lambda:SourceFunctionArn': { 'Fn::Sub': `arn:\${AWS::Partition}:lambda:*:*:function:*` } } };
  return { Effect: 'Deny', Action, Resource: '*', Condition };
}

/**
 * What pollers of Lambda's Kafka event source need in the function's name: to find an Amazon MSK cluster and its brokers, and to join its
 * VPC, or that of the functions.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
function eventSourcePolicies({ KAFKA_MSK_CLUSTER_ARN, VPC_SUBNET_IDS }: Environment): object[] {
  if (!KAFKA_MSK_CLUSTER_ARN && !VPC_SUBNET_IDS) return [];
  const describe = ['NetworkInterfaces', 'SecurityGroups', 'Subnets', 'Vpcs'].map((what) => `Describe${what}`);
  const join = allow(prefixed('ec2', ['CreateNetworkInterface', 'DeleteNetworkInterface', ...describe]), '*');
  const cluster = KAFKA_MSK_CLUSTER_ARN
    ? [
        allow('kafka:DescribeClusterV2', KAFKA_MSK_CLUSTER_ARN),
        // It cannot be limited to a cluster.
        allow('kafka:GetBootstrapBrokers', '*'),
        allow('kafka-cluster:DescribeClusterDynamicConfiguration', KAFKA_MSK_CLUSTER_ARN),
      ]
    : [];
  return [onlyIf('HasPush', policy('event-source', join, ...cluster, denyToCode(['ec2:*', 'kafka:*'])))];
}
