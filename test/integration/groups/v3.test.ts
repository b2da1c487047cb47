import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import type { Resource, ResourceList } from '../../harness/http/v3.ts';
import { joinWithAssignment, joinWithJava, joinWithKafkajs } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { describe, newGroup, put } from './group-requests.ts';

const arn = (user: string) => `arn:aws:iam::123456789012:user/${user}`;
const as = (user: string): RequestParts => ({ authorizer: { iam: { userArn: arn(user) } } });
const operator = as('operator');

let topic: string;
let other: string;
let id: string;

before(async () => {
  [topic, other] = [await createTopic({ partitions: 2 }), await createTopic()];
  const grants = [
    { principal: arn('operator'), operations: ['*'], consumer_groups: ['*'], topics: ['*'] },
    { principal: arn('observer'), operations: ['describe'], consumer_groups: ['group-*'], topics: [topic] },
  ];
  configure(sharedKafka(), { GATEWAY_AUTH: 'iam', GATEWAY_GRANTS: JSON.stringify(grants) });
  id = (await call<ResourceList>('GET', '/v3/clusters', operator)).json.data[0].cluster_id;
  const values = Array.from({ length: 10 }, () => ({ value: 'v', partition: 1 }));
  await produce(topic, 'text', values, operator);
  await produce(other, 'text', [{ value: 'v' }], operator);
});

const get = <Body = Resource>(path: string, parts = operator) => call<Body>('GET', `/v3/clusters/${id}/consumer-groups${path}`, parts);

/** A group that has committed offsets and has no members. */
async function committed(): Promise<string> {
  const group = newGroup();
  const offsets = [
    { topic, partition: 0, offset: 0 },
    { topic, partition: 1, offset: 3 },
    { topic: other, partition: 0, offset: 0 },
  ];
  assert.equal((await put(group, offsets, operator)).status, 200);
  return group;
}

test('a group is shown with its links, alone and in the list', async () => {
  const group = await committed();

  const { json } = await get(`/${group}`);
  const list = await get<ResourceList>('');

  const { coordinator, ...rest } = json;
  const url = String(json.metadata.self);
  assert.deepEqual(rest, {
    kind: 'KafkaConsumerGroup',
    metadata: { self: url, resource_name: `crn:///kafka=${id}/consumer-group=${group}` },
    ...{ cluster_id: id, consumer_group_id: group, is_simple: true, partition_assignor: '', state: 'EMPTY', type: 'CLASSIC' },
    is_mixed_consumer_group: false,
    consumers: { related: `${url}/consumers` },
    lag_summary: { related: `${url}/lag-summary` },
  });
  assert.ok(url.endsWith(`/v3/clusters/${id}/consumer-groups/${group}`));
  assert.deepEqual(coordinator, { related: url.replace(`consumer-groups/${group}`, 'brokers/1') });
  assert.equal(list.json.kind, 'KafkaConsumerGroupList');
  assert.deepEqual(
    list.json.data.find((one) => one.consumer_group_id === group),
    json,
  );
});

test('lags are shown with the largest first, one by one, and in sum', async () => {
  const group = await committed();

  const lags = await get<ResourceList>(`/${group}/lags`);
  const lag = await get(`/${group}/lags/${topic}/partitions/1`);
  const summary = await get(`/${group}/lag-summary`);

  assert.deepEqual(
    lags.json.data.map(({ topic_name, partition_id, lag }) => [topic_name, partition_id, lag]),
    [
      [topic, 1, 7],
      [other, 0, 1],
      [topic, 0, 0],
    ],
  );
  assert.deepEqual(lag.json, lags.json.data[0]);
  const { metadata, ...rest } = lag.json;
  assert.deepEqual(rest, {
    ...{ kind: 'KafkaConsumerLag', cluster_id: id, consumer_group_id: group, topic_name: topic, partition_id: 1 },
    ...{ consumer_id: '', instance_id: null, client_id: '', current_offset: 3, log_end_offset: 10, lag: 7 },
  });
  assert.equal(metadata.resource_name, `crn:///kafka=${id}/consumer-group=${group}/lag=${topic}/partition=1`);
  const { metadata: own, max_lag_consumer, max_lag_partition, ...sum } = summary.json;
  assert.deepEqual(sum, {
    ...{ kind: 'KafkaConsumerGroupLagSummary', cluster_id: id, consumer_group_id: group, max_lag_consumer_id: '' },
    ...{ max_lag_instance_id: null, max_lag_client_id: '', max_lag_topic_name: topic, max_lag_partition_id: 1, max_lag: 7, total_lag: 8 },
  });
  assert.equal(own.resource_name, `crn:///kafka=${id}/consumer-group=${group}/lag-summary`);
  assert.deepEqual(
    [max_lag_consumer, max_lag_partition],
    [
      { related: own.self.replace('lag-summary', 'consumers/') },
      { related: own.self.replace(`consumer-groups/${group}/lag-summary`, `topics/${topic}/partitions/1`) },
    ],
  );
});

for (const [what, type, join] of [
  ['of kafkajs', 'CLASSIC', joinWithKafkajs],
  ['of Java, by the protocol of KIP-848', 'CONSUMER', joinWithJava],
] as const) {
  test(`members ${what} are shown with what they read, and beside their lags`, async (t) => {
    const group = await committed();
    await (join === joinWithJava ? joinWithJava(t, group, topic, 'consumer') : joinWithKafkajs(t, group, topic));
    await until(async () => {
      const { data = [] } = (await get<ResourceList>(`/${group}/consumers`)).json;
      if (data.length === 0) return false;
      return (await get<ResourceList>(`/${group}/consumers/${String(data[0].consumer_id)}/assignments`)).json.data.length === 2;
    });

    const described = await get(`/${group}`);
    const [consumer] = (await get<ResourceList>(`/${group}/consumers`)).json.data;
    const path = `/${group}/consumers/${String(consumer.consumer_id)}`;
    const one = await get(path);
    const assignments = await get<ResourceList>(`${path}/assignments`);
    const assignment = await get(`${path}/assignments/${topic}/partitions/1`);
    const unread = await get(`${path}/assignments/${other}/partitions/0`);
    const lag = await get(`/${group}/lags/${topic}/partitions/1`);

    assert.deepEqual([described.json.type, described.json.state, described.json.is_simple], [type, 'STABLE', false]);
    assert.deepEqual(one.json, consumer);
    assert.deepEqual([consumer.kind, consumer.instance_id], ['KafkaConsumer', null]);
    assert.deepEqual(
      assignments.json.data.map(({ topic_name, partition_id }) => [topic_name, partition_id]),
      [
        [topic, 0],
        [topic, 1],
      ],
    );
    assert.deepEqual(assignment.json, assignments.json.data[1]);
    assert.deepEqual(assignment.json.lag, { related: lag.json.metadata.self });
    assertRefused(unread, { status: 404, code: 404, message: /does not read partition 0/, mediaType: 'application/json' });
    assert.deepEqual([lag.json.consumer_id, lag.json.client_id], [consumer.consumer_id, consumer.client_id]);
  });
}

test('a member that was assigned what no consumer can read has no partitions, and hides no group', async (t) => {
  const [odd, group] = [newGroup(), await committed()];
  await joinWithAssignment(t, odd, topic, Buffer.from('of my own'));
  await until(async () => (await get(`/${odd}`)).json.state === 'STABLE');

  const list = await get<ResourceList>('');
  const { data } = (await get<ResourceList>(`/${odd}/consumers`)).json;
  const assignments = await get<ResourceList>(`/${odd}/consumers/${String(data[0].consumer_id)}/assignments`);
  const { json } = await describe(odd, operator);

  const listed = list.json.data.map((one) => one.consumer_group_id);
  assert.deepEqual([listed.includes(group), listed.includes(odd)], [true, true]);
  assert.deepEqual(assignments.json.data, []);
  assert.equal(json.members[0].assignments, null);
});

test('what is not there is 404', async () => {
  const group = await committed();
  const empty = newGroup();
  await put(empty, [{ topic, partition: 0, offset: 0 }], operator);

  const answers = await Promise.all(
    [
      `/${newGroup()}`,
      `/${newGroup()}/lags`,
      `/${group}/consumers/nobody`,
      `/${empty}/lags/${topic}/partitions/1`,
      `/${group}/lags/${topic}/partitions/7`,
    ].map((path) => get(path)),
  );
  const elsewhere = await call('GET', `/v3/clusters/another/consumer-groups/${group}`, operator);

  assert.deepEqual(
    [...answers, elsewhere].map(({ status }) => status),
    [404, 404, 404, 404, 404, 404],
  );
});

test('a caller sees the groups and the topics that it may describe', async () => {
  const group = await committed();
  const foreign = `team-${newGroup()}`;
  await put(foreign, [{ topic, partition: 0, offset: 0 }], operator);

  const list = await get<ResourceList>('', as('observer'));
  const lags = await get<ResourceList>(`/${group}/lags`, as('observer'));
  const refused = [
    await get(`/${foreign}`, as('observer')),
    await get(`/${group}/lags/${other}/partitions/0`, as('observer')),
    await get(`/${group}`, as('stranger')),
  ];

  const names = list.json.data.map((one) => one.consumer_group_id);
  assert.deepEqual([names.includes(group), names.includes(foreign)], [true, false]);
  assert.deepEqual(
    lags.json.data.map(({ topic_name }) => topic_name),
    [topic, topic],
  );
  for (const answer of refused)
    assertRefused(answer, { status: 403, code: 40301, message: /no grant to describe/, mediaType: 'application/json' });
});
