import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functions } from '../../../../infra/functions.ts';
import type { Environment } from '../../../../infra/template/environment.ts';
import { pushResources, wakeProblem } from '../../../../infra/template/push.ts';
import { roleOf } from '../../../../infra/template/role.ts';

const KAFKA = { KAFKA_BOOTSTRAP_SERVERS: 'a:9096, b:9096', KAFKA_SASL_MECHANISM: ' scram-sha-512 ', GATEWAY_PUSH_WAKE_TOPICS: 'orders' };
const VPC = { VPC_SUBNET_IDS: 'subnet-1, subnet-2', VPC_SECURITY_GROUP_IDS: 'sg-1' };
const MSK = { KAFKA_MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:123456789012:cluster/gateway/uuid' };

const sourceIn = (environment: Environment) => pushResources(environment).DeliverSource1.Properties;
const roleIn = (environment: Environment): string => JSON.stringify(roleOf('deliver', functions.deliver, environment));

const credentials = { Type: 'SASL_SCRAM_512_AUTH', URI: { Ref: 'KafkaSecretId' } };

suite('the event source that wakes deliveries', () => {
  test('gets to brokers of its own with the credentials of the gateway', () => {
    const { SelfManagedEventSource, SourceAccessConfigurations } = sourceIn(KAFKA);

    assert.deepEqual(SelfManagedEventSource, { Endpoints: { KafkaBootstrapServers: ['a:9096', 'b:9096'] } });
    assert.deepEqual(SourceAccessConfigurations, { 'Fn::If': ['HasSecret', [credentials], { Ref: 'AWS::NoValue' }] });
  });

  test('joins the VPC of the functions, where those brokers are', () => {
    assert.deepEqual(sourceIn({ ...KAFKA, ...VPC }).SourceAccessConfigurations, [
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-2' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-1' },
      { 'Fn::If': ['HasSecret', credentials, { Ref: 'AWS::NoValue' }] },
    ]);
    assert.match(roleIn({ ...KAFKA, ...VPC }), /ec2:DescribeVpcs/);
  });

  test('knows the network of a cluster of Amazon MSK, and may find it', () => {
    const { EventSourceArn, SourceAccessConfigurations } = sourceIn({ ...KAFKA, ...VPC, ...MSK });
    const role = roleIn({ ...KAFKA, ...MSK });

    assert.equal(EventSourceArn, MSK.KAFKA_MSK_CLUSTER_ARN);
    assert.deepEqual(SourceAccessConfigurations, { 'Fn::If': ['HasSecret', [credentials], { Ref: 'AWS::NoValue' }] });
    for (const right of ['kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups']) {
      assert.ok(role.includes(`"${right}"`), right);
    }
  });

  test('is there once for a topic that is named twice', () => {
    const sources = Object.keys(pushResources({ ...KAFKA, GATEWAY_PUSH_WAKE_TOPICS: 'orders, orders' })).filter((id) =>
      /Source\d/.test(id),
    );

    assert.deepEqual(sources, ['DeliverSource1']);
  });

  test('gives the function no rights where there is none', () => {
    assert.doesNotMatch(roleIn({ ...KAFKA, ...MSK, GATEWAY_PUSH_WAKE_TOPICS: ' , ' }), /event-source|kafka:GetBootstrapBrokers/);
  });

  test('shows a secret only to brokers that ask for user and password', () => {
    for (const KAFKA_SASL_MECHANISM of ['AWS_MSK_IAM', undefined]) {
      const access = { ...KAFKA, KAFKA_SASL_MECHANISM };

      assert.deepEqual(sourceIn({ ...access, ...MSK }).SourceAccessConfigurations, { Ref: 'AWS::NoValue' });
      assert.doesNotMatch(JSON.stringify(sourceIn({ ...access, ...VPC }).SourceAccessConfigurations), /KafkaSecretId/);
    }
    assert.match(JSON.stringify(sourceIn({ ...KAFKA, KAFKA_SASL_MECHANISM: 'Plain' })), /"BASIC_AUTH"/);
  });

  const secret = {
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf',
  };
  for (const [what, variables, problem] of [
    ['a secret by its ARN', secret, null],
    ['IAM, whatever is in a secret', { KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_SECRET_ID: 'registry' }, null],
    ['a secret by its name', { ...secret, KAFKA_SECRET_ID: 'kafka' }, /set KAFKA_SECRET_ID to the whole ARN$/],
    ['tokens', { KAFKA_SASL_MECHANISM: 'OAUTHBEARER' }, /OAUTHBEARER/],
    ['passwords without TLS', { ...secret, KAFKA_SECURITY_PROTOCOL: 'sasl_plaintext' }, /TLS only/],
    ['a private CA', { ...secret, KAFKA_SSL_CA: 'pem' }, /KAFKA_SSL_CA/],
  ] as const) {
    test(`${problem === null ? 'gets' : 'does not get'} to a Kafka with ${what}`, () => {
      const found = wakeProblem(variables);

      if (problem === null) assert.equal(found, null);
      else assert.match(found ?? '', problem);
    });
  }
});
