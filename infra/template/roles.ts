import { join } from 'node:path';
import type { Resource } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { resourcesFor } from './resources.ts';

/** A deployment with every feature that needs rights. */
export const everything = {
  GATEWAY_AUTH: 'jwt,basic',
  GATEWAY_CONFIG_PARAMETER: '/kafka-gateway/dev',
  GATEWAY_CONSUMERS: 'dynamodb',
  GATEWAY_IDEMPOTENCY: '24h',
  GATEWAY_LAG_GROUPS: 'orders-*',
  GATEWAY_LOG_GROUPS: 'access',
  GATEWAY_LOG_TOPIC: 'logs',
  GATEWAY_LIMITS: '[{"kind":"concurrency","key":"principal","limit":10}]',
  GATEWAY_PUSH: 'continuous',
  GATEWAY_PUSH_KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:123456789012:key/push',
  GATEWAY_PUSH_WAKE_TOPICS: 'orders',
  GATEWAY_SOCKET_READERS: '1',
  GATEWAY_USERS_SECRET_ID: 'users',
  GATEWAY_USERS_KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:123456789012:key/users',
  ROLLOUT: 'Linear10PercentEvery1Minute',
  KAFKA_SECRET_ID: 'kafka',
  KAFKA_SECRET_KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:123456789012:key/kafka',
  KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::123456789012:role/kafka',
  KAFKA_MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:123456789012:cluster/gateway/01234567-89ab-cdef-0123-456789abcdef-2',
  VPC_SUBNET_IDS: 'subnet-0123456789abcdef0',
  VPC_SECURITY_GROUP_IDS: 'sg-0123456789abcdef0',
} satisfies Environment;

/** The roles among a stack's resources, by logical id. */
export const rolesAmong = (resources: Readonly<Record<string, Resource>>): Record<string, Resource> =>
  Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** The content of infra/stack/roles.snapshot.json: that deployment's roles, so that auditors can read them and reviews show changes. */
export const currentRoles = (): Record<string, Resource> => rolesAmong(resourcesFor(everything).Resources);

export const snapshotFile = join(import.meta.dirname, '../stack/roles.snapshot.json');
