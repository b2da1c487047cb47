import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler } from '../../../../../functions/topic-metadata.ts';
import { describeConfigsAnswer } from '../../../../harness/fake-broker/broker-side.ts';
import { silence } from '../../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../../gateway.ts';

const grants = [{ principal: '*', operations: ['describe'], topics: ['orders', 'clicks', 'nope'] }];
const { kafkaHas, send } = gatewayWith(handler, { GATEWAY_GRANTS: JSON.stringify(grants) });

const BASE = 'https://gateway.example/v3/clusters';
const CLUSTER = `${BASE}/c-1`;
const cluster = {
  clusterId: 'c-1',
  topics: [
    {
      name: 'orders',
      partitions: [
        { id: 1, leader: -1, error: 5, replicas: [3], inSyncReplicas: [] },
        { id: 0, leader: 2, replicas: [2, 1], inSyncReplicas: [2] },
      ],
    },
    { name: 'hidden', partitions: [{ id: 0, leader: 1 }] },
    { name: '__consumer_offsets', internal: true, partitions: [{ id: 0, leader: 1 }] },
    { name: 'clicks', partitions: [{ id: 0, leader: 1 }] },
  ],
};

const get = (t: TestContext, path: string, headers: Record<string, string> = {}) =>
  send(t, 'GET', `/v3/clusters${path}`, { headers: { host: 'gateway.example', 'x-forwarded-proto': 'https', ...headers } });

const related = (path: string) => ({ related: `${CLUSTER}${path}` });

const theCluster = {
  kind: 'KafkaCluster',
  metadata: { self: CLUSTER, resource_name: 'crn:///kafka=c-1' },
  cluster_id: 'c-1',
  controller: related('/brokers/1'),
  acls: related('/acls'),
  brokers: related('/brokers'),
  broker_configs: related('/broker-configs'),
  consumer_groups: related('/consumer-groups'),
  topics: related('/topics'),
  partition_reassignments: related('/topics/-/partitions/-/reassignment'),
};

const topic = (name: string, replication_factor: number, partitions_count: number) => ({
  kind: 'KafkaTopic',
  metadata: { self: `${CLUSTER}/topics/${name}`, resource_name: `crn:///kafka=c-1/topic=${name}` },
  cluster_id: 'c-1',
  topic_name: name,
  is_internal: false,
  replication_factor,
  partitions_count,
  partitions: related(`/topics/${name}/partitions`),
  configs: related(`/topics/${name}/configs`),
  partition_reassignments: related(`/topics/${name}/partitions/-/reassignment`),
  authorized_operations: [],
});

const partition = (id: number, leader: number | null) => ({
  kind: 'KafkaPartition',
  metadata: { self: `${CLUSTER}/topics/orders/partitions/${id}`, resource_name: `crn:///kafka=c-1/topic=orders/partition=${id}` },
  cluster_id: 'c-1',
  topic_name: 'orders',
  partition_id: id,
  ...(leader !== null && { leader: related(`/topics/orders/partitions/${id}/replicas/${leader}`) }),
  replicas: related(`/topics/orders/partitions/${id}/replicas`),
  reassignment: related(`/topics/orders/partitions/${id}/reassignment`),
});

const replica = (broker: number, is_leader: boolean, is_in_sync: boolean) => ({
  kind: 'KafkaReplica',
  metadata: {
    self: `${CLUSTER}/topics/orders/partitions/0/replicas/${broker}`,
    resource_name: `crn:///kafka=c-1/topic=orders/partition=0/replica=${broker}`,
  },
  cluster_id: 'c-1',
  topic_name: 'orders',
  partition_id: 0,
  broker_id: broker,
  is_leader,
  is_in_sync,
  broker: related(`/brokers/${broker}`),
});

const broker = {
  kind: 'KafkaBroker',
  metadata: { self: `${CLUSTER}/brokers/1`, resource_name: 'crn:///kafka=c-1/broker=1' },
  cluster_id: 'c-1',
  broker_id: 1,
  host: null,
  port: null,
  rack: null,
  configs: related('/brokers/1/configs'),
  partition_replicas: related('/brokers/1/partition-replicas'),
};

const config = (name: string, value: string | null) => ({
  kind: 'KafkaTopicConfig',
  metadata: { self: `${CLUSTER}/topics/orders/configs/${name}`, resource_name: `crn:///kafka=c-1/topic=orders/config=${name}` },
  cluster_id: 'c-1',
  topic_name: 'orders',
  name,
  value,
  is_default: true,
  is_read_only: false,
  is_sensitive: value === null,
  source: 'DEFAULT_CONFIG',
  synonyms: [{ name: `log.${name}`, value, source: 'DEFAULT_CONFIG' }],
});

const list = (kind: string, path: string, data: object[]) => ({ kind, metadata: { self: BASE + path, next: null }, data });

for (const [path, expected] of [
  ['', list('KafkaClusterList', '', [theCluster])],
  ['/c-1', theCluster],
  ['/c-1/brokers', list('KafkaBrokerList', '/c-1/brokers', [broker])],
  ['/c-1/brokers/1', broker],
  ['/c-1/topics', list('KafkaTopicList', '/c-1/topics', [topic('clicks', 1, 1), topic('orders', 2, 2)])],
  ['/c-1/topics/orders', topic('orders', 2, 2)],
  ['/c-1/topics/orders/partitions', list('KafkaPartitionList', '/c-1/topics/orders/partitions', [partition(0, 2), partition(1, null)])],
  ['/c-1/topics/orders/partitions/1', partition(1, null)],
  [
    '/c-1/topics/orders/partitions/0/replicas',
    list('KafkaReplicaList', '/c-1/topics/orders/partitions/0/replicas', [replica(2, true, true), replica(1, false, false)]),
  ],
  ['/c-1/topics/orders/partitions/0/replicas/1', replica(1, false, false)],
  [
    '/c-1/topics/orders/configs',
    list('KafkaTopicConfigList', '/c-1/topics/orders/configs', [config('cleanup.policy', 'compact'), config('secret', null)]),
  ],
  ['/c-1/topics/orders/configs/secret', config('secret', null)],
] as const) {
  test(`v3/clusters${path} is the resource that it should be`, async (t) => {
    kafkaHas(cluster, () => describeConfigsAnswer('orders', 0, { secret: null, 'cleanup.policy': 'compact' }));

    const { status, headers, body } = await get(t, path);

    assert.deepEqual([status, headers['content-type'], body], [200, 'application/json', expected]);
  });
}

for (const [path, status, code, message] of [
  ['/c-2', 404, 404, 'Cluster c-2 cannot be found.'],
  ['/c-2/brokers', 404, 404, 'Cluster c-2 cannot be found.'],
  ['/c-2/topics', 404, 404, 'Cluster c-2 cannot be found.'],
  ['/c-2/topics/orders/partitions', 404, 404, 'Cluster c-2 cannot be found.'],
  ['/%22%0a%3Cb%3E/topics/orders', 404, 404, 'Cluster ??<b> cannot be found.'],
  ['/c-1/brokers/7', 404, 404, 'Broker 7 cannot be found.'],
  ['/c-1/brokers/x', 404, 404, 'There is no broker "x"'],
  ['/c-1/topics/nope', 404, 40403, 'There is no topic nope: create it, or check its name'],
  ['/c-1/topics/orders/partitions/2', 404, 40402, 'Topic orders has no partition 2, as it has 2: use a number from 0 to 1'],
  ['/c-1/topics/orders/partitions/2/replicas', 404, 40402, 'Topic orders has no partition 2, as it has 2: use a number from 0 to 1'],
  ['/c-1/topics/orders/partitions/0/replicas/3', 404, 404, 'Partition 0 of topic orders has no replica on broker 3.'],
  ['/c-1/topics/orders/configs/no.such', 404, 404, 'Topic orders has no setting "no.such".'],
  ['/c-1/topics/hidden', 403, 40301, /^You have no grant to describe on the topic "hidden"/],
  ['/c-1/topics/hidden/configs', 403, 40301, /^You have no grant to describe on the topic "hidden"/],
  ['/c-1/topics/hidden/partitions/0/replicas', 403, 40301, /^You have no grant to describe on the topic "hidden"/],
] as const) {
  test(`v3/clusters${path} is refused with ${code}`, async (t) => {
    kafkaHas(cluster, () => describeConfigsAnswer('orders', 0, {}));

    const answer = await get(t, path);

    assert.deepEqual([answer.status, answer.headers['content-type'], answer.body.error_code], [status, 'application/json', code]);
    if (message instanceof RegExp) assert.match(answer.body.message, message);
    else assert.equal(answer.body.message, message);
  });
}

test('settings that Kafka keeps from the gateway are 403, not none', async (t) => {
  kafkaHas(cluster, () => describeConfigsAnswer('orders', 29, {}));

  const { status, body } = await get(t, '/c-1/topics/orders/configs');

  assert.deepEqual([status, body.error_code], [403, 40301]);
});

test('a cluster without a controller for now has no link to it', async (t) => {
  kafkaHas({ ...cluster, controller: -1 }, silence);

  const { body } = await get(t, '/c-1');

  assert.equal('controller' in body, false);
});

test('links stay on the stage and the host that were called, and are paths where the host is none', async (t) => {
  kafkaHas(cluster, silence);

  const evil = await get(t, '', { host: 'evil.example/"' });

  assert.equal(evil.body.metadata.self, '/v3/clusters');
});

test('v3 is JSON only', async (t) => {
  kafkaHas(cluster, silence);

  const { status, body } = await get(t, '', { accept: 'application/vnd.kafka.v2+json' });

  assert.deepEqual([status, body.error_code], [406, 406]);
});
