import { listOf } from '../../lib/config/environment-reader.ts';
import { section } from '../../lib/config/section.ts';
import { GatewayError } from '../../lib/errors.ts';
import { isTopicName } from '../../lib/topic-name.ts';
import type { Environment } from './environment.ts';

/** The numbers of days that CloudWatch Logs knows. */
const RETENTIONS = [...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], ...[1096, 1827, 2192, 2557, 2922, 3288, 3653]];

/** Variables of one form. */
const FORMS: readonly (readonly [names: readonly string[], form: RegExp, what: string])[] = [
  [
    ['KAFKA_SECRET_KMS_KEY_ARN', 'GATEWAY_PUSH_KMS_KEY_ARN', 'GATEWAY_USERS_KMS_KEY_ARN'],
    /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/\S+$/,
    'the ARN of a key, and not of an alias',
  ],
  [['KAFKA_MSK_CLUSTER_ARN'], /^arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster\/[^/\s]+\/[^/\s]+$/, 'the ARN of an Amazon MSK cluster'],
  [['DOMAIN_CERTIFICATE_ARN'], /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/\S+$/, 'the ARN of a certificate'],
  [['ALARM_TOPIC_ARN'], /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+$/, 'the ARN of an SNS topic'],
  [['DOMAIN_NAME'], /^(?:\*|[a-z0-9-]+)(?:\.[a-z0-9-]+)+$/, 'a host name in lower case, such as kafka.example.com'],
  [['DOMAIN_TRUSTSTORE_URI'], /^s3:\/\/[^/\s]+\/\S+$/, 'the S3 URI of a file, such as s3://bucket/truststore.pem'],
];

/** Lists of values of one form. */
const LISTS: readonly (readonly [name: string, isOne: (text: string) => boolean, what: string])[] = [
  ['VPC_SUBNET_IDS', (text) => /^subnet-\w+$/.test(text), 'ids of subnets'],
  ['VPC_SECURITY_GROUP_IDS', (text) => /^sg-\w+$/.test(text), 'ids of security groups'],
  ['GATEWAY_PUSH_WAKE_TOPICS', isTopicName, 'names of topics'],
];

const readVariables = section((reader): void => {
  reader.oneOf('DASHBOARD', ['true', 'false'], 'true');
  reader.integer('LAG_ALARM_RECORDS', 100_000);
  // With 0, Lambda would run no function.
  reader.integer('RESERVED_CONCURRENCY', 1);
  if (!RETENTIONS.includes(reader.integer('LOG_RETENTION_DAYS', 30))) {
    reader.problem(`LOG_RETENTION_DAYS must be one of ${RETENTIONS.join(', ')}`, null);
  }
  for (const [names, form, what] of FORMS) {
    for (const name of names) {
      const text = reader.text(name);
      if (text !== null && !form.test(text)) reader.problem(`${name} must be ${what}`, null);
    }
  }
  for (const [name, isOne, what] of LISTS) {
    if (!listOf(reader.text(name) ?? '').every(isOne)) reader.problem(`${name} must be ${what}, separated by commas`, null);
  }
});

/**
 * Checks the variables that only the deployment reads, in words of their own: the framework would name a place in serverless.yml, and
 * CloudFormation a parameter, after minutes, or nobody anything.
 *
 * @throws {Error} that names every variable that is wrong, and says what it must be
 */
export function checkDeploymentVariables(environment: Environment): void {
  try {
    readVariables(environment);
  } catch (error) {
    if (!(error instanceof GatewayError) || !(error.cause instanceof Error)) throw error;
    throw new Error(error.cause.message.replace(/^Configuration: /, ''), { cause: error });
  }
}
