import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import kafkajs, { type AclOperationTypes, type Admin, Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { users } from '../../infra/local/properties.ts';
import { call, configure } from './gateway.ts';
import { assertRefused } from './refusal.ts';
import { fetchPage, mediaTypes, post, produceText } from './requests.ts';

/** alice may write to `written`, read `read`, describe `described`; `hidden` exists and she may do nothing with it. */
const topics = ['written', 'read', 'described', 'hidden'];
let broker: Broker;

before(async () => {
  broker = await startBroker({ listeners: ['SASL_PLAINTEXT'], acls: true });
  const sasl = { mechanism: 'plain', username: 'admin', password: users.admin } as const;
  const admin = new Kafka({ brokers: [broker.bootstrapServers], sasl, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await allowAlice(admin);
  } finally {
    await admin.disconnect();
  }
  configure(broker.bootstrapServers, {
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: users.alice,
  });
});
after(() => broker.stop());

async function allowAlice(admin: Admin): Promise<void> {
  await admin.createTopics({ topics: topics.map((topic) => ({ topic })), waitForLeaders: false });
  const grant = (resourceName: string, operation: AclOperationTypes) => ({
    resourceType: kafkajs.AclResourceTypes.TOPIC,
    resourceName,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal: 'User:alice',
    host: '*',
    operation,
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  });
  const { WRITE, READ, DESCRIBE } = kafkajs.AclOperationTypes;
  await admin.createAcls({ acl: [grant('written', WRITE), grant('read', READ), grant('described', DESCRIBE)] });
}

const forbidden = { status: 403, code: 40301, message: /^Kafka does not authorize this on the topic\./ };

test('who may write may produce, and see offsets and metadata, but not read', async () => {
  const { offset } = await produceText('written', 'x');
  const offsets = await call('GET', '/topics/written/offsets');
  const page = await fetchPage('written', 'text', 'offset=0');

  assert.equal(offset, 0);
  assert.deepEqual(offsets.json, [{ partition: 0, beginning_offset: 0, end_offset: 1 }]);
  assertRefused(page, { ...forbidden, mediaType: mediaTypes.text });
});

test('who may read may fetch, but not produce', async () => {
  const page = await fetchPage('read', 'text', 'offset=0&timeout=0');
  const answer = await post('/topics/read', 'text', { records: [{ value: 'x' }] });

  assert.deepEqual([page.status, page.text], [200, '[]']);
  assertRefused(answer, forbidden);
});

test('a topic that may be written to takes its records, next to one that may not', async () => {
  const records = [
    { topic: 'read', value: 'a' },
    { topic: 'written', value: 'b' },
    { topic: 'hidden', value: 'c' },
  ];

  const answer = await post('/records', 'text', { records });

  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.json.offsets.map(({ error_code }) => error_code),
    [40301, null, 40301],
  );
});

for (const [what, send] of [
  ['produce', (topic: string) => post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] })],
  ['produce to a partition', (topic: string) => post(`/topics/${topic}/partitions/7`, 'text', { records: [{ value: 'x' }] })],
  ['fetch', (topic: string) => call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0' })],
  ['offsets', (topic: string) => call('GET', `/topics/${topic}/offsets`)],
  ['offsets of a partition', (topic: string) => call('GET', `/topics/${topic}/partitions/7/offsets`)],
  ['metadata', (topic: string) => call('GET', `/topics/${topic}`)],
  ['partitions', (topic: string) => call('GET', `/topics/${topic}/partitions`)],
] as const) {
  test(`${what} is forbidden, and does not say whether the topic exists`, async () => {
    const [existing, missing] = [await send('hidden'), await send('missing')];

    assertRefused(existing, forbidden);
    assert.deepEqual([missing.status, missing.text], [existing.status, existing.text]);
  });
}

test('topics are listed as far as they may be described', async () => {
  const answer = await call('GET', '/topics');

  assert.deepEqual(answer.json, ['described', 'read', 'written']);
});

test('a topic whose settings may not be seen is shown without them', async () => {
  const answer = await call<{ name: string; configs: object }>('GET', '/topics/described');

  assert.deepEqual([answer.status, answer.json.name, answer.json.configs], [200, 'described', {}]);
});

test('to create a topic takes a grant of its own', async () => {
  const answer = await call('POST', '/admin/topics', { headers: { 'content-type': 'application/json' }, body: '{"topic_name":"new"}' });

  assertRefused(answer, { status: 403, code: 40301, message: /^Kafka does not authorize this on the (topic|cluster)\./ });
});
