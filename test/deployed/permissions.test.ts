import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createTopic, withAdmin } from '../harness/kafka/topics.ts';
import { type DeployedGateway, OTHER_SECRET, SECRET, startDeployedGateway } from './deployed-gateway.ts';
import { logOf, reconfigure, statementsOf } from './functions.ts';
import { call } from './request.ts';

interface Call {
  path: string;
  body?: string;
  method?: string;
}

/** A request that each function needs Kafka for, of a topic that exists. */
const requests: Record<string, (topic: string) => Call | Promise<Call>> = {
  produce: (topic) => ({ path: `/topics/${topic}`, body: '"value"' }),
  'list-offsets': (topic) => ({ path: `/topics/${topic}/offsets` }),
  'fetch-from-offset': (topic) => ({ path: `/topics/${topic}/partitions/0/records?offset=earliest&timeout=0` }),
  'topic-metadata': (topic) => ({ path: `/topics/${topic}` }),
  'create-topic': (topic) => ({ path: '/admin/topics', body: JSON.stringify({ topic_name: `${topic}-more` }) }),
  'delete-topic': async (topic) => ({ path: `/v3/clusters/${await clusterId()}/topics/${topic}`, method: 'DELETE' }),
  'read-topics': (topic) => ({ path: `/topics/${topic}/records?timeout=0` }),
  'consumer-groups': () => ({ path: '/groups' }),
};

let gateway: DeployedGateway;

before(async () => {
  gateway = await startDeployedGateway();
});
after(async () => {
  await gateway?.stop();
});

for (const name of [...Object.keys(requests), 'pubsub', 'pubsub-socket']) {
  suite(`the role of ${name}`, () => {
    test('allows its own log group and the secret of the gateway, and nothing else', async () => {
      const statements = await statementsOf(gateway.aws, gateway.functionName(name));

      const logGroup = `log-group:/aws/lambda/${gateway.functionName(name)}:*`;
      assert.deepEqual(statements, [
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arn('logs', logGroup) },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arn('secretsmanager', `secret:${SECRET}-??????`) },
      ]);
    });
  });
}

for (const [name, requestOf] of Object.entries(requests)) {
  suite(`the role of ${name}`, () => {
    test('lets it reach Kafka with that secret', async () => {
      const { status, body } = await ask(requestOf);

      assert.ok(status >= 200 && status < 300, `${status} ${body}`);
    });

    test('denies it any other secret', async (t) => {
      await reconfigure(t, gateway, name, { KAFKA_SECRET_ID: OTHER_SECRET });

      const { status, body } = await ask(requestOf);

      assert.deepEqual([status, JSON.parse(body).error_code], [503, 50302]);
      assert.match(
        await logOf(gateway.aws, gateway.functionName(name)),
        /AccessDeniedException.*not authorized to perform: secretsmanager:GetSecretValue/,
      );
    });
  });
}

suite('the role of openapi', () => {
  test('allows its own log group, and nothing else', async () => {
    const statements = await statementsOf(gateway.aws, gateway.functionName('openapi'));

    const logGroup = `log-group:/aws/lambda/${gateway.functionName('openapi')}:*`;
    assert.deepEqual(statements, [
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arn('logs', logGroup) },
    ]);
  });
});

const arn = (service: string, resource: string) => `arn:aws:${service}:${gateway.aws.region}:000000000000:${resource}`;

const clusterId = () => withAdmin(undefined, async (admin) => (await admin.describeCluster()).clusterId);

async function ask(requestOf: (topic: string) => Call | Promise<Call>) {
  const { path, body, method = 'GET' } = await requestOf(await createTopic());
  const options = body === undefined ? { method } : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return call(gateway.aws, gateway.url + path, options);
}
