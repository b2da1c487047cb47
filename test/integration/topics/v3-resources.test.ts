import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { clusterId, linesOf, postJson, type Resource, type ResourceList, stream } from '../../harness/http/v3.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, withAdmin } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const headers = { host: 'gateway.example', 'x-forwarded-proto': 'https' };
const BASE = 'https://gateway.example';

/** Follows a link that the gateway gave. */
function follow<Body = Resource>(url: string) {
  assert.ok(url.startsWith(`${BASE}/v3/clusters`), url);
  return call<Body>('GET', url.slice(BASE.length), { headers });
}

function linkOf(resource: Resource, member: string): string {
  const link = resource[member];
  assert.ok(typeof link === 'object' && link !== null && 'related' in link && typeof link.related === 'string');
  return link.related;
}

test('a client finds its way from the clusters to the broker of a replica by links alone', async () => {
  const topic = await createTopic({ partitions: 2, configs: { 'retention.ms': '12345' } });
  const id = await withAdmin(undefined, async (admin) => (await admin.describeCluster()).clusterId);

  const clusters = await follow<ResourceList>(`${BASE}/v3/clusters`);
  const cluster = await follow(clusters.json.data[0].metadata.self);
  const topics = await follow<ResourceList>(linkOf(cluster.json, 'topics'));
  const found = topics.json.data.find(({ topic_name }) => topic_name === topic);
  assert.ok(found);
  const described = await follow(found.metadata.self);
  const configs = await follow<ResourceList>(linkOf(described.json, 'configs'));
  const partitions = await follow<ResourceList>(linkOf(described.json, 'partitions'));
  const partition = await follow(partitions.json.data[1].metadata.self);
  const replicas = await follow<ResourceList>(linkOf(partition.json, 'replicas'));
  const leader = await follow(linkOf(partition.json, 'leader'));
  const broker = await follow(linkOf(leader.json, 'broker'));
  const controller = await follow(linkOf(cluster.json, 'controller'));

  assert.deepEqual([cluster.json.cluster_id, cluster.json.kind], [id, 'KafkaCluster']);
  assert.deepEqual(clusters.json.data, [cluster.json]);
  assert.deepEqual(described.json, found);
  assert.deepEqual([found.partitions_count, found.replication_factor, found.is_internal], [2, 1, false]);
  const retention = configs.json.data.find(({ name }) => name === 'retention.ms');
  assert.ok(retention);
  assert.deepEqual([retention.value, retention.source, retention.is_default], ['12345', 'DYNAMIC_TOPIC_CONFIG', false]);
  assert.deepEqual((await follow(retention.metadata.self)).json, retention);
  assert.deepEqual(replicas.json.data, [leader.json]);
  assert.deepEqual([leader.json.partition_id, leader.json.broker_id, leader.json.is_leader, leader.json.is_in_sync], [1, 1, true, true]);
  assert.deepEqual([broker.json.broker_id, controller.json], [1, broker.json]);
});

test('settings are sorted, with what would hold without them', async () => {
  const topic = await createTopic({ configs: { 'cleanup.policy': 'compact' } });

  const { json } = await call<ResourceList>('GET', `/v3/clusters/${await clusterId()}/topics/${topic}/configs`);

  const names = json.data.map(({ name }) => name);
  assert.deepEqual(names, names.toSorted());
  const policy = json.data.find(({ name }) => name === 'cleanup.policy');
  assert.deepEqual(policy?.synonyms, [
    { name: 'cleanup.policy', value: 'compact', source: 'DYNAMIC_TOPIC_CONFIG' },
    { name: 'log.cleanup.policy', value: 'delete', source: 'DEFAULT_CONFIG' },
  ]);
});

test('a topic is created, written to, and deleted', async () => {
  const topics = `/v3/clusters/${await clusterId()}/topics`;
  const topic = `created-${randomUUID()}`;

  const created = await postJson<Resource>(topics, {
    topic_name: topic,
    partitions_count: 3,
    configs: [{ name: 'cleanup.policy', value: 'compact' }],
  });
  const again = await postJson(topics, { topic_name: topic });
  const [line] = linesOf(await stream(topic, [{ key: { type: 'STRING', data: 'k' } }]));
  const config = await call<Resource>('GET', `${topics}/${topic}/configs/cleanup.policy`);
  const deleted = await call('DELETE', `${topics}/${topic}`);
  const gone = await call('GET', `${topics}/${topic}`);
  const twice = await call('DELETE', `${topics}/${topic}/`);

  assert.deepEqual([created.status, created.json.partitions_count, created.json.replication_factor], [201, 3, 1]);
  assert.equal(created.headers.location, created.json.metadata.self);
  assertRefused(again, {
    status: 400,
    code: 40002,
    message: new RegExp(`^Topic '${topic}' already exists\\.$`),
    mediaType: 'application/json',
  });
  assert.equal(line.error_code, 200);
  assert.equal(config.json.value, 'compact');
  assert.deepEqual([deleted.status, deleted.text], [204, '']);
  for (const answer of [gone, twice]) {
    assertRefused(answer, { status: 404, code: 40403, message: /^There is no topic created-/, mediaType: 'application/json' });
  }
  assert.ok(!(await withAdmin(undefined, (admin) => admin.listTopics())).includes(topic));
});

test('a topic may be placed on brokers, and be validated only', async () => {
  const topics = `/v3/clusters/${await clusterId()}/topics`;
  const [placed, validated] = [`created-${randomUUID()}`, `created-${randomUUID()}`];

  const created = await postJson<Resource>(topics, { topic_name: placed, replicas_assignments: { 0: [1], 1: [1] } });
  const valid = await postJson<Resource>(topics, { topic_name: validated, validate_only: true });
  const invalid = await postJson(topics, { topic_name: validated, replication_factor: 9, validate_only: true });

  assert.deepEqual([created.status, created.json.partitions_count], [201, 2], created.text);
  assert.deepEqual([valid.status, valid.json.topic_name], [200, validated]);
  assertRefused(invalid, { status: 400, code: 40002, message: /replication factor/, mediaType: 'application/json' });
  assert.ok(!(await withAdmin(undefined, (admin) => admin.listTopics())).includes(validated));
});

test('what the path names and is not there is 404', async () => {
  const topic = await createTopic();
  const cluster = `/v3/clusters/${await clusterId()}`;

  for (const [path, code] of [
    ['/v3/clusters/other', 404],
    [`/v3/clusters/other/topics/${topic}`, 404],
    [`${cluster}/brokers/2`, 404],
    [`${cluster}/topics/${topic}/configs/no.such`, 404],
    [`${cluster}/topics/${topic}-not`, 40403],
    [`${cluster}/topics/${topic}/partitions/1`, 40402],
    [`${cluster}/topics/${topic}/partitions/0/replicas/2`, 404],
    [`${cluster}/acls`, 404],
  ] as const) {
    assertRefused(await call('GET', path), { status: 404, code, message: /./, mediaType: 'application/json' });
  }
});
