import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import Safeguards from '../../../../infra/plugins/safeguards.ts';
import { functionsFor } from '../../../../infra/template/functions.ts';

type Variables = Record<string, string | object | null>;

/** The plugin as the framework makes it, and the warnings it gives. */
function safeguards(
  environment: Variables = {},
  serviceDir = '',
  functions: Record<string, { name?: string; environment: Variables }> = {},
) {
  const warnings: string[] = [];
  const service = { provider: { environment }, functions, custom: { esbuild: { outputWorkFolder: 'build' } } };
  const { hooks } = new Safeguards({ serviceDir, service }, {}, { log: { warning: (text) => warnings.push(text) } });
  return { hooks, warnings };
}

/** The functions of a deployment, with the variables that the framework has read. */
const functionsIn = (variables: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(functionsFor(variables)).map(([name, { environment = {} }]) => [
      name,
      {
        environment: Object.fromEntries(
          Object.entries(environment).map(([one, value]) => [one, String(value).startsWith('${env:') ? (variables[one] ?? null) : value]),
        ),
      },
    ]),
  );

function setEnvironment(t: TestContext, variables: Record<string, string>): void {
  t.mock.property(process, 'env', variables);
}

suite('deploying', () => {
  const KAFKA_BOOTSTRAP_SERVERS = 'kafka.example.com:9096';

  const sasl = { KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };

  test('is quiet when all is well', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS });
    const table = { GATEWAY_IDEMPOTENCY: '24h', GATEWAY_TABLE: { 'Fn::If': [] }, GATEWAY_LOG_LEVEL: null };
    const { hooks, warnings } = safeguards({ ...sasl, ...table, GATEWAY_AUTH: 'iam', KAFKA_SECRET_ID: 'kafka' });

    await hooks['before:deploy:deploy']();

    assert.deepEqual(warnings, []);
  });

  test('refuses more variables than Lambda takes, and names the largest', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS });
    const deploy = async (GATEWAY_KEY: string) =>
      safeguards({ GATEWAY_AUTH: 'iam', KAFKA_BOOTSTRAP_SERVERS }, '', { produce: { environment: { GATEWAY_KEY } } }).hooks[
        'before:deploy:deploy'
      ]();

    await deploy('x'.repeat(3900));
    await assert.rejects(deploy('ü'.repeat(2100)), /^Error: The variables of produce have 4\d{3} bytes, most of them in GATEWAY_KEY, /);
  });

  for (const [what, variables, warned] of [
    ['a gradual rollout, but no metrics', { ROLLOUT: 'Canary10Percent5Minutes', GATEWAY_METRICS: 'None' }, 1],
    ['somebody told of alarms, but no lines of requests', { ALARM_TOPIC_ARN: 'arn', GATEWAY_LOG_LEVEL: 'warn' }, 1],
    ['neither alarms nor metrics', { GATEWAY_METRICS: 'none' }, 0],
  ] as const) {
    test(`warns of alarms that see nothing ${warned === 0 ? 'only where there are some' : 'of requests'}: ${what}`, async (t) => {
      setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, ...variables });
      const { hooks, warnings } = safeguards({ GATEWAY_AUTH: 'iam', KAFKA_BOOTSTRAP_SERVERS });

      await hooks['before:deploy:deploy']();

      assert.equal(warnings.filter((warning) => /alarms on requests without metrics/.test(warning)).length, warned);
    });
  }

  test('refuses a stage that makes the name of a function too long for Lambda', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS });
    const named = (stage: string) => ({ 'fetch-from-offset': { name: `kafka-http-gateway-${stage}-fetch-from-offset`, environment: {} } });
    const deploy = async (stage: string) =>
      safeguards({ GATEWAY_AUTH: 'iam', KAFKA_BOOTSTRAP_SERVERS }, '', named(stage)).hooks['before:deploy:deploy']();

    await deploy('s'.repeat(27));
    await assert.rejects(deploy('s'.repeat(30)), /Lambda allows 64 characters: choose a --stage with 3 fewer\.$/);
  });

  const accepted = { GATEWAY_AUTH: 'basic', GATEWAY_USERS_SECRET_ID: 'users' };
  for (const [what, variables] of [
    ['callers who sign', { GATEWAY_AUTH: 'iam' }],
    ['callers whom the authorizer knows, and a console that streams', accepted],
    ['the same, and pages of other origins', { ...accepted, CORS_ORIGINS: 'https://app.example.com' }],
    ['everything that has variables of its own', { ...accepted, GATEWAY_PUSH: 'continuous', GATEWAY_SOCKET_READERS: '1' }],
  ] as const) {
    test(`takes what it makes of variables itself: ${what}`, async (t) => {
      setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, ...variables });
      const provider = { ...sasl, ...variables, KAFKA_SECRET_ID: 'kafka', GATEWAY_TABLE: { 'Fn::If': [] } };
      const { hooks } = safeguards(provider, '', functionsIn(variables));

      await hooks['before:deploy:deploy']();
    });
  }

  test('is refused without a Kafka', (t) => {
    setEnvironment(t, {});
    const { hooks } = safeguards();

    assert.throws(() => hooks['before:deploy:deploy'](), /Set KAFKA_BOOTSTRAP_SERVERS/);
  });

  test('is refused with a mistake in the limits', (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, GATEWAY_LIMITS: '[{"kind":"concurrency","limit":1}]' });
    const { hooks } = safeguards();

    assert.throws(() => hooks['before:deploy:deploy'](), /GATEWAY_LIMITS\[0\]\.key must say/);
  });

  test('is refused with SASL but no secret', (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS });
    const { hooks } = safeguards({ KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' });

    assert.throws(() => hooks['before:deploy:deploy'](), /SASL_PLAINTEXT needs credentials.*KAFKA_SECRET_ID/);
  });

  test('is refused with a variable with which every request would fail', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, CORS_ORIGINS: 'https://app.example.com/' });
    const { hooks } = safeguards({ KAFKA_BOOTSTRAP_SERVERS, GATEWAY_LOG_LEVEL: 'trace', GATEWAY_ROW_FILTERS: 'orders' });

    await assert.rejects(
      async () => hooks['before:deploy:deploy'](),
      ({ message }: Error) => [/GATEWAY_LOG_LEVEL must be/, /GATEWAY_ROW_FILTERS: /, /CORS_ORIGINS must/].every((one) => one.test(message)),
    );
  });

  for (const [what, variables, message] of [
    ['readers of WebSockets', { GATEWAY_AUTH: 'none', GATEWAY_SOCKET_READERS: 'two' }, /GATEWAY_SOCKET_READERS must be a whole number/],
    ['the lag of groups', { GATEWAY_LAG_GROUPS: 'orders', GATEWAY_METRICS: 'none' }, /GATEWAY_LAG_GROUPS needs GATEWAY_METRICS=emf/],
    ['entries of logs', { GATEWAY_LOG_TOPIC: 'no topic', GATEWAY_LOG_GROUPS: 'access' }, /GATEWAY_LOG_TOPIC must be/],
  ] as const) {
    test(`is refused with a mistake in what only deployments have: ${what}`, async (t) => {
      setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, ...variables });
      const { hooks } = safeguards({ KAFKA_BOOTSTRAP_SERVERS, ...variables }, '', functionsIn(variables));

      await assert.rejects(async () => hooks['before:deploy:deploy'](), { message });
    });
  }

  test('needs no secret where callers bring their own credentials', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, GATEWAY_AUTH: 'passthrough' });
    const { hooks, warnings } = safeguards({ ...sasl, GATEWAY_AUTH: 'passthrough' });

    await hooks['before:deploy:deploy']();

    assert.deepEqual(warnings, []);
  });

  for (const protocol of ['PLAINTEXT', 'SSL', '']) {
    test(`is refused where callers bring their own credentials and Kafka asks for none: "${protocol}"`, (t) => {
      setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, GATEWAY_AUTH: 'passthrough' });
      const { hooks } = safeguards({ KAFKA_SECURITY_PROTOCOL: protocol });

      assert.throws(() => hooks['before:deploy:deploy'](), /GATEWAY_AUTH=passthrough.*KAFKA_SECURITY_PROTOCOL/);
    });
  }

  test('is refused with half a network', (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, VPC_SUBNET_IDS: 'subnet-1' });
    const { hooks } = safeguards();

    assert.throws(() => hooks['before:deploy:deploy'](), /VPC_SUBNET_IDS and VPC_SECURITY_GROUP_IDS go together/);
  });

  const users = { GATEWAY_AUTH: 'basic', GATEWAY_USERS_SECRET_ID: 'users' };
  const vpc = { VPC_SUBNET_IDS: 'subnet-1', VPC_SECURITY_GROUP_IDS: 'sg-1' };
  for (const [what, variables, message] of [
    ['users but no secret of theirs', { GATEWAY_AUTH: 'basic' }, /set GATEWAY_USERS_SECRET_ID/],
    ['tokens but no issuer', { GATEWAY_AUTH: 'jwt', GATEWAY_JWT_AUDIENCE: 'kafka' }, /set GATEWAY_JWT_ISSUER/],
    ['client certificates but no domain', { GATEWAY_AUTH: 'mtls' }, /set DOMAIN_NAME/],
    ['an authorizer and a function URL', { ...users, GATEWAY_STREAMS: 'url' }, /set GATEWAY_STREAMS=rest/],
    ['a function URL in a VPC', { ...vpc, GATEWAY_STREAMS: 'url' }, /does not stream in a VPC/],
    ['log groups but no topic', { GATEWAY_LOG_GROUPS: 'access' }, /GATEWAY_LOG_TOPIC and GATEWAY_LOG_GROUPS go together/],
    [
      'a log group that would fill itself',
      { GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_GROUPS: 'access, /aws/lambda/kafka-http-gateway-dev-push-logs' },
      /each would make others/,
    ],
    [
      'an event source for tokens, which Lambda does not know',
      { GATEWAY_PUSH: 'continuous', GATEWAY_PUSH_WAKE_TOPICS: 'orders' },
      /does not know OAUTHBEARER/,
    ],
    ['half a domain', { DOMAIN_NAME: 'kafka.example.com' }, /DOMAIN_CERTIFICATE_ARN go together/],
  ] as const) {
    test(`is refused with ${what}`, (t) => {
      setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, ...variables });
      const { hooks } = safeguards({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER' });

      assert.throws(() => hooks['before:deploy:deploy'](), message);
    });
  }

  test('warns of a gateway that is open to everyone', async (t) => {
    setEnvironment(t, { KAFKA_BOOTSTRAP_SERVERS, GATEWAY_AUTH: 'none' });
    const { hooks, warnings } = safeguards({ KAFKA_BOOTSTRAP_SERVERS, GATEWAY_AUTH: 'none' });

    await hooks['before:deploy:deploy']();

    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /OPEN TO THE WORLD/);
  });
});

test('packaging begins without the leftovers of a build that was killed', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'safeguards-'));
  t.after(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'build/functions'), { recursive: true });
  await writeFile(join(directory, 'build/functions/stale.js'), '');

  await safeguards({}, directory).hooks['before:package:cleanup']();

  assert.deepEqual(await readdir(directory), []);
});
