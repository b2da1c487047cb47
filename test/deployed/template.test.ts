import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { rows } from '../../infra/functions.ts';
import { allocator } from '../../infra/template/allocator.ts';
import type { Resource } from '../../infra/template/cloudformation.ts';
import { CONSOLE_ORIGIN, consoleStreams } from '../../infra/template/console.ts';
import { frameworkName, logGroupId, ownName, roleId } from '../../infra/template/names.ts';
import { everything as everyRight, rolesAmong, snapshotFile } from '../../infra/template/roles.ts';
import { streamUrl } from '../../infra/template/streams.ts';
import { openWithoutCode, type Serverless } from '../harness/lambda/serverless.ts';
import { python } from '../harness/python/python.ts';

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
  ROLLOUT: 'Linear10PercentEvery1Minute',
  GATEWAY_CONSUMERS: 'dynamodb',
  GATEWAY_IDEMPOTENCY: '24h',
  GATEWAY_LIMITS: '[{"kind":"concurrency","key":"principal","limit":10}]',
  ALARM_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:alarms',
  GATEWAY_COMPRESSION: 'gzip',
  GATEWAY_TOPIC: 'orders',
};

const mskIam = {
  KAFKA_BOOTSTRAP_SERVERS: 'b-1.gateway.abc123.c2.kafka.eu-west-1.amazonaws.com:9098',
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
  KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::123456789012:role/kafka',
  KAFKA_MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:123456789012:cluster/gateway/01234567-89ab-cdef-0123-456789abcdef-2',
};

const authorizer = {
  GATEWAY_AUTH: 'jwt,basic',
  GATEWAY_JWT_ISSUER: 'https://issuer.example.com',
  GATEWAY_JWT_AUDIENCE: 'kafka',
  GATEWAY_USERS_SECRET_ID: 'gateway/users',
};

const mutualTls = {
  ...mskIam,
  GATEWAY_AUTH: 'api-key,mtls',
  GATEWAY_USERS_SECRET_ID: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:users-AbCdEf',
  GATEWAY_USERS_KMS_KEY_ARN: 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
  GATEWAY_GRANTS: '[{"principal": "*", "operations": ["read"], "topics": ["public.*"]}]',
  DOMAIN_NAME: 'kafka.example.com',
  DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
  DOMAIN_TRUSTSTORE_URI: 's3://bucket/truststore.pem',
  DOMAIN_TRUSTSTORE_VERSION: 'abc',
};

/** The variables that some functions have and others lack. */
const ownVariables = new Set(rows.flatMap(([, { variables = [] }]) => variables));

for (const [name, configuration] of Object.entries({ minimal, everything, mskIam, authorizer, mutualTls })) {
  const hasAuthorizer = 'GATEWAY_AUTH' in configuration;

  suite(`the template of a deployment with ${name} configured`, () => {
    let framework: Serverless;
    let file: string;
    let template: Template;
    let resources: Template['Resources'][string][];

    before(async () => {
      framework = await openWithoutCode();
      await framework.run(['package'], configuration);
      file = join(framework.folder, '.serverless/cloudformation-template-update-stack.json');
      template = JSON.parse(await readFile(file, 'utf8'));
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

    test('requires authorization on every route', () => {
      // Of a WebSocket API, the handshake alone can be asked who it is.
      const routes = resources.filter(
        ({ Type, Properties }) =>
          Type === 'AWS::ApiGatewayV2::Route' && Properties.RouteKey !== 'OPTIONS /{rest+}' && !isMessageRoute(Properties),
      );

      assert.ok(routes.some(({ Properties }) => Properties.RouteKey === '$default'));
      assert.equal(
        routes.some(({ Properties }) => Properties.RouteKey === '$connect'),
        name !== 'mutualTls',
      );
      for (const { Properties } of routes) {
        const key = String(Properties.RouteKey);
        // The page where callers say who they are is for everyone, where a browser can say so at all.
        const withAuthorizer = key.includes(' /console') ? undefined : 'CUSTOM';
        assert.equal(Properties.AuthorizationType, hasAuthorizer ? withAuthorizer : 'AWS_IAM', key);
      }
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

    test('has the C library give back what large requests took', () => {
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');

      for (const { Properties } of functions) {
        const { MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ } = Properties.Environment?.Variables ?? {};
        assert.deepEqual({ MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ }, allocator);
      }
    });

    test('has an alarm, fed by every function that counts, only where limits are configured', () => {
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
      // All but the authorizer, the description of the API and the console's page.
      const counting = functions.length - (hasAuthorizer ? 3 : 2);
      const watched = resources.filter(
        ({ Type, Condition }) => /^AWS::(CloudWatch|Logs::MetricFilter)/.test(Type) && Condition === 'HasLimits',
      );

      assert.equal(watched.length, counting + 1);
    });

    test('gives each function a role of its own', () => {
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');

      const roles = new Set(functions.map(({ Properties }) => JSON.stringify(Properties.Role)));
      assert.equal(roles.size, functions.length);
    });

    for (const [functionName, row] of rows) {
      const isDeployed =
        functionName === 'authorizer'
          ? hasAuthorizer
          : row.calledAs !== 'schedule' && row.onlyWith !== 'sockets' && (functionName !== 'pubsub-socket' || name !== 'mutualTls');

      test(`${isDeployed ? 'has' : 'lacks'} ${functionName}, as its row says`, () => {
        const { Properties } = template.Resources[`${frameworkName(functionName)}LambdaFunction`] ?? {};
        const filter = template.Resources[`${ownName(functionName)}LimitsFilter`];
        if (!isDeployed) return assert.deepEqual([Properties, filter, template.Resources[roleId(functionName)]], Array(3).fill(undefined));

        const { Role, MemorySize, Timeout, VpcConfig, Environment } = Properties;
        assert.deepEqual(Role, { 'Fn::GetAtt': [roleId(functionName), 'Arn'] });
        assert.equal(template.Resources[roleId(functionName)].Type, 'AWS::IAM::Role');
        assert.deepEqual([MemorySize, Timeout], [row.memory.size, row.timeout ?? 29]);
        const inVpc = { SubnetIds: { Ref: 'VpcSubnetIds' }, SecurityGroupIds: { Ref: 'VpcSecurityGroupIds' } };
        assert.deepEqual(VpcConfig, row.asksKafka ? { 'Fn::If': ['InVpc', inVpc, { Ref: 'AWS::NoValue' }] } : undefined);
        const known = {
          GATEWAY_RECEIPT_KEY: { Ref: 'AWS::StackId' },
          GATEWAY_STREAM_URL: streamUrl(configuration),
          ...(consoleStreams(configuration) && { CORS_ORIGINS: CONSOLE_ORIGIN }),
        };
        const own = Object.entries({ ...known, ...configuration }).filter(([variable]) => ownVariables.has(variable));
        const handed = Object.entries(Environment?.Variables ?? {}).filter(([variable]) => ownVariables.has(variable));
        assert.deepEqual(handed.sort(), own.filter(([variable]) => row.variables?.includes(variable)).sort());
        assert.deepEqual(
          [filter?.Properties.LogGroupName, filter?.Properties.FilterPattern],
          row.alarms.includes('limits_unavailable')
            ? [{ Ref: logGroupId(functionName) }, '{ $.event = "limits_unavailable" }']
            : [undefined, undefined],
        );
      });
    }

    test('asks who is calling for a stream, too, but for what a browser asks beforehand', () => {
      const methods = resources.filter(({ Type }) => Type === 'AWS::ApiGateway::Method');

      assert.deepEqual(Object.fromEntries(methods.map(({ Properties }) => [Properties.HttpMethod, Properties.AuthorizationType])), {
        GET: hasAuthorizer ? 'CUSTOM' : 'AWS_IAM',
        HEAD: hasAuthorizer ? 'CUSTOM' : 'AWS_IAM',
        OPTIONS: 'NONE',
      });
    });

    test('lets nobody but its own API call the function of the WebSocket, and the authorizer for it', () => {
      const permissions = resources.filter(({ Properties }) => JSON.stringify(Properties.SourceArn ?? '').includes('WebsocketsApi'));
      const open = resources.filter(({ Type, Properties }) => Type === 'AWS::Lambda::Permission' && Properties.SourceArn === undefined);

      assert.equal(permissions.length, name === 'mutualTls' ? 0 : hasAuthorizer ? 2 : 1);
      assert.deepEqual(open, []);
    });
  });
}

const isMessageRoute = ({ ApiId, RouteKey }: Properties): boolean =>
  JSON.stringify(ApiId) === '{"Ref":"WebsocketsApi"}' && RouteKey === '$default';

suite("the template of a deployment that passes callers' own credentials on", () => {
  test('has no fault that cfn-lint knows, and asks for nothing at API Gateway', async (t) => {
    const framework = await openWithoutCode();
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

test('a template with a function URL for streams, and a gradual rollout, has no fault that cfn-lint knows, and is open where the gateway is', async (t) => {
  const framework = await openWithoutCode();
  t.after(() => framework.close());

  await framework.run(['package'], { GATEWAY_AUTH: 'none', GATEWAY_STREAMS: 'url', ROLLOUT: 'Canary10Percent5Minutes' });

  const file = join(framework.folder, '.serverless/cloudformation-template-update-stack.json');
  const lint = spawnSync(await python(), ['-c', CFN_LINT, '--ignore-checks', IGNORED, '--', file], { encoding: 'utf8' });
  assert.deepEqual([lint.stdout + lint.stderr, lint.status], ['', 0]);
  const { Resources }: Template = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(
    [Resources.StreamUrl.Properties.InvokeMode, Resources.StreamUrl.Properties.AuthType, Resources.StreamApi],
    ['RESPONSE_STREAM', 'NONE', undefined],
  );
});

test('the stack of the web function has no fault that cfn-lint knows, which does not know web functions', async () => {
  const lint = spawnSync(await python(), ['-c', CFN_LINT, '--ignore-checks', 'E3006', '--', 'infra/web/stack.yml'], { encoding: 'utf8' });

  assert.deepEqual([lint.stdout + lint.stderr, lint.status], ['', 0]);
});

test('the roles of a deployment with every right are those that were reviewed, and the framework adds none', async (t) => {
  const framework = await openWithoutCode();
  t.after(() => framework.close());

  await framework.run(['package'], everyRight);

  const template: { Resources: Record<string, Resource> } = JSON.parse(
    await readFile(join(framework.folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8'),
  );
  assert.deepEqual(rolesAmong(template.Resources), JSON.parse(await readFile(snapshotFile, 'utf8')));
});

test('a word for GATEWAY_AUTH that is none fails the packaging, rather than open the gateway', async (t) => {
  const framework = await openWithoutCode();
  t.after(() => framework.close());

  await assert.rejects(framework.run(['package'], { GATEWAY_AUTH: 'nobody' }), { code: 1, stdout: /Error: GATEWAY_AUTH must be iam, jwt/ });
});

test('another way to know callers is a new deployment of the WebSocket API, whose routes would stay as they were', async (t) => {
  const framework = await openWithoutCode();
  t.after(() => framework.close());
  const deployments = [];

  for (const GATEWAY_AUTH of ['iam', 'none']) {
    await framework.run(['package'], { GATEWAY_AUTH });
    const template: Template = JSON.parse(
      await readFile(join(framework.folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8'),
    );
    deployments.push(template.Resources.WebsocketsDeploymentStage.Properties.DeploymentId);
    assert.equal(template.Resources.WebsocketsDeploymentStage.Properties.StageName, 'pubsub');
  }

  assert.notDeepEqual(deployments[0], deployments[1]);
});

test('an API that asks for client certificates is not reached by its own address, which asks for none', async (t) => {
  const framework = await openWithoutCode();
  t.after(() => framework.close());

  await framework.run(['package'], mutualTls);

  const template: Template = JSON.parse(
    await readFile(join(framework.folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8'),
  );
  assert.equal(template.Resources.HttpApi.Properties.DisableExecuteApiEndpoint, true);
  const { IdentitySource, AuthorizerResultTtlInSeconds } = template.Resources.HttpApiAuthorizerAuthorizer.Properties;
  assert.deepEqual([IdentitySource, AuthorizerResultTtlInSeconds], [[], 0]);
});
