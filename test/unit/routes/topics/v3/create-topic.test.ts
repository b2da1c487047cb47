import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler } from '../../../../../functions/create-topic.ts';
import { createTopicsAnswer, keys, readCreateTopics } from '../../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../../gateway.ts';

const grants = [{ principal: '*', operations: ['create'], topics: ['orders'] }];
const { kafkaHas, send } = gatewayWith(handler, { GATEWAY_GRANTS: JSON.stringify(grants) });

/** Kafka that creates the topic `orders`, or refuses to; collects what it is asked for. */
function creating(error = 0) {
  const asked: object[] = [];
  kafkaHas({ clusterId: 'c-1', topics: [topicOn('orders', 1, 1, 1)] }, ({ key, body }) => {
    assert.equal(key, keys.createTopics);
    const { timeoutMs, ...rest } = readCreateTopics(body);
    asked.push(rest);
    return createTopicsAnswer('orders', error, null);
  });
  return asked;
}

const post = (t: TestContext, body: unknown, cluster = 'c-1') =>
  send(t, 'POST', `/v3/clusters/${cluster}/topics`, {
    headers: { 'content-type': 'application/json', host: 'gateway.example', 'x-forwarded-proto': 'https' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const defaults = { name: 'orders', partitions: -1, replicationFactor: -1, configs: {}, validateOnly: false };

test('a topic is created as asked, and the answer is the topic with its place', async (t) => {
  const asked = creating();

  const { status, headers, body } = await post(t, {
    topic_name: 'orders',
    partitions_count: 3,
    replication_factor: 1,
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'retention.ms', value: 5 },
      { name: 'segment.ms', value: null },
    ],
  });

  assert.equal(status, 201);
  assert.deepEqual(asked, [
    { ...defaults, partitions: 3, replicationFactor: 1, configs: { 'cleanup.policy': 'compact', 'retention.ms': '5' } },
  ]);
  assert.deepEqual([body.kind, body.topic_name, body.partitions_count, body.replication_factor], ['KafkaTopic', 'orders', 3, 1]);
  assert.equal(headers.location, 'https://gateway.example/v3/clusters/c-1/topics/orders');
  assert.equal(body.metadata.self, headers.location);
});

test('replicas may be placed; the counts follow from them', async (t) => {
  const asked = creating();

  await post(t, { topic_name: 'orders', partitions_count: 9, replicas_assignments: { 0: [1, 2], 1: [2, 1] } });

  const replicas = [
    { partition: 0, brokers: [1, 2] },
    { partition: 1, brokers: [2, 1] },
  ];
  assert.deepEqual(asked, [{ ...defaults, replicas }]);
});

test('with validate_only nothing is created', async (t) => {
  const asked = creating();

  const { status, headers, body } = await post(t, { topic_name: 'orders', validate_only: true });

  assert.deepEqual([status, headers.location, body.topic_name], [200, undefined, 'orders']);
  assert.deepEqual(asked, [{ ...defaults, validateOnly: true }]);
});

for (const [body, status, code, message] of [
  ['', 422, 42206, 'Payload error. Request body is empty. Data is required.'],
  ['{}', 400, 400, 'topic_name must be a string'],
  ['[]', 422, 422, 'The body must be a JSON object with topic_name'],
  ['{"topic_name":', 400, 400, 'The request body is not valid JSON'],
  [{ topic_name: 'a b' }, 422, 42206, 'Payload error. Invalid topic name.'],
  [{ topic_name: 'orders', partitions: 1 }, 422, 422, 'Unrecognized field: "partitions"'],
  [{ topic_name: 'orders', '\u202e\n': 1 }, 422, 422, 'Unrecognized field: "??"'],
  [{ topic_name: 'orders', ['x'.repeat(1000)]: 1 }, 422, 422, /^Unrecognized field: "x{80}\.\.\."$/],
  [{ topic_name: 'orders', partitions_count: 0 }, 422, 422, 'partitions_count must be an integer from 1 to 2147483647'],
  [{ topic_name: 'orders', validate_only: 'yes' }, 422, 422, 'validate_only must be true or false'],
  [{ topic_name: 'orders', configs: { a: 'b' } }, 422, 422, 'configs must be an array of {"name", "value"}'],
  ...[5, { value: 'a' }, { name: 'a', value: {} }, { name: 'a', value: 'b', more: 1 }].map(
    (config) =>
      [{ topic_name: 'orders', configs: [config] }, 422, 422, 'configs must be an array of {"name": string, "value": string}'] as const,
  ),
  ...[[], { x: [1] }, { 0: 1 }, { 0: ['a'] }, { '-1': [1] }].map(
    (replicas_assignments) => [{ topic_name: 'orders', replicas_assignments }, 422, 422, /^replicas_assignments must (be|have)/] as const,
  ),
  [{ topic_name: 'other' }, 403, 40301, /no grant to create on the topic "other"/],
] as const) {
  test(`the request ${JSON.stringify(body).slice(0, 80)} is refused with ${code}, and Kafka not asked`, async (t) => {
    const asked = creating();

    const answer = await post(t, body);

    assert.deepEqual([answer.status, answer.body.error_code, asked], [status, code, []]);
    if (message instanceof RegExp) assert.match(answer.body.message, message);
    else assert.ok(answer.body.message.startsWith(message), answer.body.message);
  });
}

test('a topic that exists is a bad argument', async (t) => {
  creating(36);

  const { status, body } = await post(t, { topic_name: 'orders' });

  assert.deepEqual([status, body], [400, { error_code: 40002, message: "Topic 'orders' already exists." }]);
});

test('another cluster is not found', async (t) => {
  const asked = creating();

  const { status, body } = await post(t, { topic_name: 'orders' }, 'c-2');

  assert.deepEqual([status, body, asked], [404, { error_code: 404, message: 'Cluster c-2 cannot be found.' }, []]);
});
