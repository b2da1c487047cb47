import { allocator } from './allocator.ts';
import { authorizationOf } from './authorization.ts';
import { checkDeploymentVariables } from './deployment-variables.ts';
import { type Environment, trimmed } from './environment.ts';
import { functionsFor } from './functions.ts';
import { resourcesFor } from './resources.ts';

/**
 * The generated parts of serverless.yml, which infra/template/template.cjs passes on.
 *
 * @throws {Error} that names a variable of the deployment that is wrong, and says what it must be
 */
export const templateFor = (variables: Environment) => {
  const environment = trimmed(variables);
  checkDeploymentVariables(environment);
  return {
    functions: functionsFor(environment),
    resources: resourcesFor(environment),
    authorization: authorizationOf(environment),
    allocator,
    defaults: defaultsFor(environment),
    /** Which part of infra/stack/custom-domain.yml is deployed. */
    domain: environment.DOMAIN_NAME ? 'deployed' : 'none',
  };
};

/** The variables that are parameters of the stack. */
const PARAMETERS = [
  'ALARM_TOPIC_ARN',
  'CORS_ORIGINS',
  'DOMAIN_CERTIFICATE_ARN',
  'DOMAIN_NAME',
  'DOMAIN_TRUSTSTORE_URI',
  'DOMAIN_TRUSTSTORE_VERSION',
  'GATEWAY_CONFIG_PARAMETER',
  'GATEWAY_IDEMPOTENCY',
  'GATEWAY_LAG_GROUPS',
  'GATEWAY_LIMITS',
  'GATEWAY_PUSH_KMS_KEY_ARN',
  'GATEWAY_SOCKET_READERS',
  'GATEWAY_USERS_KMS_KEY_ARN',
  'GATEWAY_USERS_SECRET_ID',
  'KAFKA_MSK_CLUSTER_ARN',
  'KAFKA_MSK_ROLE_ARN',
  'KAFKA_SECRET_ID',
  'KAFKA_SECRET_KMS_KEY_ARN',
  'ROLLOUT',
  'VPC_SECURITY_GROUP_IDS',
  'VPC_SUBNET_IDS',
];

/** What the framework fills in: its own defaults are for unset variables only, not for empty ones. Words are in the case that conditions compare. */
const defaultsFor = (environment: Environment): Record<string, string> => ({
  ...Object.fromEntries(PARAMETERS.map((name) => [name, environment[name] ?? ''])),
  GATEWAY_AUTH: environment.GATEWAY_AUTH ?? 'iam',
  GATEWAY_CONSUMERS: environment.GATEWAY_CONSUMERS?.toLowerCase() ?? '',
  GATEWAY_PUSH: environment.GATEWAY_PUSH?.toLowerCase() ?? '',
  LAG_ALARM_RECORDS: environment.LAG_ALARM_RECORDS ?? '100000',
  LOG_RETENTION_DAYS: environment.LOG_RETENTION_DAYS ?? '30',
});
