import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { python } from './python.ts';
import { openServerless, type Serverless } from './serverless.ts';

interface Properties extends Record<string, unknown> {
  Environment?: { Variables: Record<string, unknown> };
}

interface Template {
  Resources: Record<string, { Type: string; Condition?: string; Properties: Properties }>;
}

const CFN_LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())';
/** A dependency that is said twice; the framework does so everywhere. */
const IGNORED = 'W3005';

const minimal = {};
const everything = {
  KAFKA_BOOTSTRAP_SERVERS: 'b-1.example.com:9096,b-2.example.com:9096',
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_gateway-AbCdEf',
  KAFKA_SECRET_KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
  VPC_SUBNET_IDS: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  VPC_SECURITY_GROUP_IDS: 'sg-0123456789abcdef0',
  CORS_ORIGINS: 'https://one.example.com,https://two.example.com',
  LOG_RETENTION_DAYS: '7',
  RESERVED_CONCURRENCY: '10',
  GATEWAY_IDEMPOTENCY: '24h',
};

const mskIam = {
  KAFKA_BOOTSTRAP_SERVERS: 'b-1.gateway.abc123.c2.kafka.eu-west-1.amazonaws.com:9098',
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
  KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::123456789012:role/kafka',
  KAFKA_MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:123456789012:cluster/gateway/01234567-89ab-cdef-0123-456789abcdef-2',
};

for (const [name, configuration] of Object.entries({ minimal, everything, mskIam })) {
  suite(`the template of a deployment with ${name} configured`, () => {
    let framework: Serverless;
    let file: string;
    let resources: Template['Resources'][string][];

    before(async () => {
      framework = await openServerless();
      await framework.run(['package'], configuration);
      file = join(framework.folder, '.serverless/cloudformation-template-update-stack.json');
      const template: Template = JSON.parse(await readFile(file, 'utf8'));
      resources = Object.values(template.Resources);
    });
    after(async () => {
      await framework?.close();
    });

    test('has no fault that cfn-lint knows', async () => {
      const lint = spawnSync(await python(), ['-c', CFN_LINT, '--ignore-checks', IGNORED, '--', file], { encoding: 'utf8' });

      assert.equal(lint.stdout + lint.stderr, '');
      assert.equal(lint.status, 0);
    });

    test('requires IAM authorization on every route', () => {
      const routes = resources.filter(
        ({ Type, Properties }) => Type === 'AWS::ApiGatewayV2::Route' && Properties.RouteKey !== 'OPTIONS /{rest+}',
      );

      assert.ok(routes.some(({ Properties }) => Properties.RouteKey === '$default'));
      for (const { Properties } of routes) assert.equal(Properties.AuthorizationType, 'AWS_IAM', String(Properties.RouteKey));
    });

    test('makes a table only for what is kept there', () => {
      const tables = resources.filter(({ Type }) => Type === 'AWS::DynamoDB::Table');
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');

      assert.deepEqual(
        tables.map(({ Condition }) => Condition),
        ['HasTable'],
      );
      // MiniStack does not take this over from a template.
      assert.deepEqual(tables[0].Properties.TimeToLiveSpecification, { AttributeName: 'expiresAt', Enabled: true });
      const whereThereIsOne = { 'Fn::If': ['HasTable', { Ref: 'GatewayTable' }, { Ref: 'AWS::NoValue' }] };
      for (const { Properties } of functions) assert.deepEqual(Properties.Environment?.Variables.GATEWAY_TABLE, whereThereIsOne);
    });

    test('gives each function a role of its own', () => {
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');

      const roles = new Set(functions.map(({ Properties }) => JSON.stringify(Properties.Role)));
      assert.equal(roles.size, 7);
    });
  });
}

suite("the template of a deployment that passes callers' own credentials on", () => {
  test('has no fault that cfn-lint knows, and asks for nothing at API Gateway', async (t) => {
    const framework = await openServerless();
    t.after(() => framework.close());
    const configuration = { GATEWAY_AUTH: 'passthrough', KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };

    await framework.run(['package'], configuration);

    const file = join(framework.folder, '.serverless/cloudformation-template-update-stack.json');
    const lint = spawnSync(await python(), ['-c', CFN_LINT, '--ignore-checks', IGNORED, '--', file], { encoding: 'utf8' });
    assert.deepEqual([lint.stdout + lint.stderr, lint.status], ['', 0]);
    const template: Template = JSON.parse(await readFile(file, 'utf8'));
    const resources = Object.values(template.Resources);
    for (const { Type, Properties } of resources) {
      if (Type === 'AWS::ApiGatewayV2::Route') assert.equal(Properties.AuthorizationType ?? 'NONE', 'NONE', String(Properties.RouteKey));
    }
  });
});

test('a word for GATEWAY_AUTH that is none fails the packaging, rather than open the gateway', async (t) => {
  const framework = await openServerless();
  t.after(() => framework.close());

  await assert.rejects(framework.run(['package'], { GATEWAY_AUTH: 'nobody' }), { code: 1, stdout: /httpApi\.authorizer.*Value not found/ });
});
