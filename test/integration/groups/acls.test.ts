import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { clusterSettings } from '../../../lib/clusters/kafka-cluster.ts';
import { readKafka } from '../../../lib/config/kafka.ts';
import { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import { commitOffsets } from '../../../lib/kafka/groups/offsets.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused, forbiddenTopic } from '../../harness/http/refusal.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';
import { deleteFrom, describe, listGroups, offsetsOf, put } from './group-requests.ts';

const noGroup = {
  status: 403,
  code: 40301,
  message: /^Kafka does not authorize this on the consumer group(?:\. It is about partition 0 of read)?: ask its operator for an ACL$/,
};

/** Groups, and topics, are called by what alice may do with them. */
const groups = ['described', 'read', 'deleted', 'hidden'];
const topics = ['read', 'described', 'hidden'];

let broker: Broker;

before(async () => {
  broker = await startBrokerWithAcls(async (admin) => {
    await admin.createTopics({ topics: topics.map((topic) => ({ topic })), waitForLeaders: true });
    await addAcls(admin, [
      ...[allow('GROUP', 'described', 'DESCRIBE'), allow('GROUP', 'read', 'READ'), allow('GROUP', 'deleted', 'DELETE')],
      ...[allow('TOPIC', 'read', 'READ'), allow('TOPIC', 'described', 'DESCRIBE')],
    ]);
  });
  await commitAsAdmin();
  configure(broker.bootstrapServers, bySasl('alice', 'SCRAM-SHA-512'));
  await until(async () => (await call('GET', '/topics')).text === '["described","read"]');
  await until(async () => (await listGroups()).length === 3);
});
after(() => broker.stop());

const bySasl = (user: keyof typeof users, mechanism: string) => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: users[user],
});

/** Commits an offset of each topic to each group: kafkajs's admin takes five seconds for each. */
async function commitAsAdmin(): Promise<void> {
  const variables = { KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers, ...bySasl('admin', 'PLAIN') };
  const cluster = new Cluster(clusterSettings(readKafka(variables)));
  try {
    const offsets = topics.map((topic) => ({ ...one(topic), metadata: '' }));
    await Promise.all(groups.map((group) => commitOffsets(cluster, group, offsets, Date.now() + 20_000)));
  } finally {
    cluster.close();
  }
}

const one = (topic: string) => ({ topic, partition: 0, offset: 0 });

test('groups that may be described are listed, and no others', async () => {
  assert.deepEqual(
    (await listGroups()).map(({ group_id }) => group_id),
    ['deleted', 'described', 'read'],
  );
});

test('a group that may be described shows its offsets of topics that may be described, and lets nobody change it', async () => {
  const described = await describe('described');
  const { json } = await offsetsOf('described');
  const committed = await put('described', [one('read')]);
  const deleted = [await deleteFrom('described'), await deleteFrom('described', '/offsets', { topic: 'read' })];

  assert.equal(described.json.state, 'Empty');
  assert.deepEqual(
    json.offsets.map(({ topic }) => topic),
    ['described', 'read'],
  );
  assertRefused(committed, noGroup);
  for (const answer of deleted) assertRefused(answer, noGroup);
});

test('a group that may be read takes offsets of topics that may be read, and no others', async () => {
  const taken = await put('read', [one('read')]);
  const described = await put('read', [one('described')]);
  const both = await put('read', [one('described'), one('read')]);
  const hidden = await put('read', [one('hidden')]);
  const missing = await put('read', [one('missing')]);

  assert.equal(taken.status, 200, taken.text);
  for (const answer of [described, both, hidden]) assertRefused(answer, forbiddenTopic);
  assert.match(both.text, /It is about partition 0 of described\. The offsets of 1 other partitions were committed: ask/);
  assert.deepEqual([missing.status, missing.text], [hidden.status, hidden.text]);
});

test('offsets of a topic that may not be described are not shown', async () => {
  assertRefused(await offsetsOf('described', { topic: 'hidden' }), forbiddenTopic);
});

test('a group of which nothing is authorized is not told apart from one that is not there', async () => {
  const requests = [
    (group: string) => describe(group),
    (group: string) => offsetsOf(group),
    (group: string) => put(group, [one('read')]),
    (group: string) => deleteFrom(group, '/offsets'),
    (group: string) => deleteFrom(group),
  ];
  for (const request of requests) {
    const [hidden, missing] = [await request('hidden'), await request('missing')];

    assertRefused(hidden, noGroup);
    assert.deepEqual([missing.status, missing.text], [hidden.status, hidden.text]);
  }
});

test('a group that may be deleted loses offsets of topics that may be read, and then all', async () => {
  const refused = await deleteFrom('deleted', '/offsets', { topic: 'described' });
  const offsets = await deleteFrom('deleted', '/offsets', { topic: 'read' });
  const left = await offsetsOf('deleted');
  const whole = await deleteFrom('deleted');

  assertRefused(refused, forbiddenTopic);
  assert.equal(offsets.status, 204, offsets.text);
  assert.deepEqual(
    left.json.offsets.map(({ topic }) => topic),
    ['described'],
  );
  assert.equal(whole.status, 204, whole.text);
});
