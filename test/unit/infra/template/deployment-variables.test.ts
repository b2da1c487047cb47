import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkDeploymentVariables } from '../../../../infra/template/deployment-variables.ts';

const ofAccount = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

/** For each variable of the deployment: what is right, and what is not. */
const cases: readonly (readonly [name: string, right: readonly string[], wrong: readonly string[]])[] = [
  ['DASHBOARD', ['false', 'True'], ['no', '0', 'off']],
  ['RESERVED_CONCURRENCY', ['1', '1000'], ['0', '-1', 'many', '1.5']],
  ['LAG_ALARM_RECORDS', ['1'], ['0', '1e6', 'x']],
  ['LOG_RETENTION_DAYS', ['1', '365', '3653'], ['0', '45', 'x', '10000']],
  ['KAFKA_SECRET_KMS_KEY_ARN', [ofAccount('kms', 'key/01234567')], ['01234567', ofAccount('kms', 'alias/kafka')]],
  ['GATEWAY_PUSH_KMS_KEY_ARN', [ofAccount('kms', 'key/mrk-1')], ['alias/push']],
  ['GATEWAY_USERS_KMS_KEY_ARN', ['arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1'], ['users']],
  ['KAFKA_MSK_CLUSTER_ARN', [ofAccount('kafka', 'cluster/gateway/uuid-s1')], ['gateway', ofAccount('kafka', 'topic/gateway/uuid/t')]],
  ['DOMAIN_CERTIFICATE_ARN', [ofAccount('acm', 'certificate/1')], ['kafka.example.com']],
  ['ALARM_TOPIC_ARN', [ofAccount('sns', 'alarms.fifo')], ['alarms', ofAccount('sqs', 'alarms')]],
  [
    'DOMAIN_NAME',
    ['kafka.example.com', '*.example.com'],
    ['https://kafka.example.com', 'Kafka.example.com', 'kafka.example.com/', 'localhost'],
  ],
  ['DOMAIN_TRUSTSTORE_URI', ['s3://bucket/path/truststore.pem'], ['s3://bucket', 'https://bucket.s3.amazonaws.com/truststore.pem']],
  ['VPC_SUBNET_IDS', ['subnet-01, subnet-02'], ['sg-01', 'subnet-01 subnet-02']],
  ['VPC_SECURITY_GROUP_IDS', ['sg-01'], ['default']],
  ['GATEWAY_PUSH_WAKE_TOPICS', ['orders, a.b_c'], ['orders*']],
];

for (const [name, right, wrong] of cases) {
  suite(name, () => {
    for (const value of ['', ' ', ...right]) test(`may be ${JSON.stringify(value)}`, () => checkDeploymentVariables({ [name]: value }));

    for (const value of wrong) {
      test(`may not be ${JSON.stringify(value)}`, () => {
        assert.throws(() => checkDeploymentVariables({ [name]: value }), new RegExp(`^Error: ${name} must be `));
      });
    }
  });
}

test('all that is wrong is told of at once', () => {
  const problems = /^Error: DASHBOARD must be one of true, false; RESERVED_CONCURRENCY must be a whole number above 0$/;

  assert.throws(() => checkDeploymentVariables({ DASHBOARD: 'no', RESERVED_CONCURRENCY: '0' }), problems);
});
