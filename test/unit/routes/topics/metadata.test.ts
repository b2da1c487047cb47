import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/topic-metadata.ts';
import packageJson from '../../../../package.json' with { type: 'json' };
import { describeConfigsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

const { kafkaHas, send } = gatewayWith(handler);

const orders = {
  name: 'orders',
  partitions: [
    { id: 1, leader: -1, error: 5, replicas: [3], inSyncReplicas: [] },
    { id: 0, leader: 2, replicas: [2, 1], inSyncReplicas: [2] },
  ],
};
const described = [
  {
    partition: 0,
    leader: 2,
    replicas: [
      { broker: 2, leader: true, in_sync: true },
      { broker: 1, leader: false, in_sync: false },
    ],
  },
  { partition: 1, leader: -1, replicas: [{ broker: 3, leader: false, in_sync: false }] },
];

test('the gateway tells its name and version, and that it runs, without Kafka', async (t) => {
  kafkaHas({}, silence);

  const root = await send(t, 'GET', '/');
  const health = await send(t, 'GET', '/health', { headers: { accept: 'application/json' } });

  assert.deepEqual([root.status, root.body], [200, { name: packageJson.name, version: packageJson.version }]);
  assert.deepEqual([health.status, health.headers['content-type'], health.body], [200, 'application/json', { status: 'ok' }]);
});

test('it is ready when Kafka answers', async (t) => {
  kafkaHas({}, silence);

  const { status, body } = await send(t, 'GET', '/health/ready');

  assert.deepEqual([status, body], [200, { status: 'ready', brokers: 1 }]);
});

test('brokers and topics are listed', async (t) => {
  kafkaHas({ topics: [topicOn('orders', 1), { ...topicOn('__consumer_offsets', 1), internal: true }, topicOn('clicks', 1)] }, silence);

  assert.deepEqual((await send(t, 'GET', '/brokers')).body, { brokers: [1] });
  assert.deepEqual((await send(t, 'GET', '/topics')).body, ['clicks', 'orders']);
});

test('a topic is described with its settings and its partitions', async (t) => {
  kafkaHas({ topics: [orders] }, () => describeConfigsAnswer('orders', 0, { 'cleanup.policy': 'compact', secret: null }));

  const { status, body } = await send(t, 'GET', '/topics/orders');

  assert.equal(status, 200);
  assert.deepEqual(body, { name: 'orders', configs: { 'cleanup.policy': 'compact', secret: null }, partitions: described });
});

test('partitions are described all together, and one by one', async (t) => {
  kafkaHas({ topics: [orders] }, silence);

  assert.deepEqual((await send(t, 'GET', '/topics/orders/partitions')).body, described);
  assert.deepEqual((await send(t, 'GET', '/topics/orders/partitions/1')).body, described[1]);
});

test('what is not there is answered with 404', async (t) => {
  kafkaHas({ topics: [orders] }, () => describeConfigsAnswer('nope', 3, {}));

  const codes = ['/topics/nope', '/topics/nope/partitions', '/topics/orders/partitions/2', '/nothing'].map(
    async (path) => (await send(t, 'GET', path)).body.error_code,
  );

  assert.deepEqual(await Promise.all(codes), [40401, 40401, 40402, 404]);
});
