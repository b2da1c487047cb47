import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import kafkajs, { type AclOperationTypes, type AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { createConsumer, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { basic } from '../../harness/http/caller.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { addAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';

const alice = { headers: basic('alice', users.alice) };
const admin = { headers: basic('admin', users.admin) };
const noGroup = { status: 403, code: 40301, message: /^Kafka does not authorize this on the consumer group/ };
const noTopic = { status: 403, code: 40301, message: /^Kafka does not authorize this on the topic/ };

let broker: Broker;
let dynamodb: FakeDynamoDb;

before(async () => {
  [broker, dynamodb] = await Promise.all([startBroker({ listeners: ['SASL_PLAINTEXT'], acls: true }), startFakeDynamoDb()]);
  const sasl = { mechanism: 'plain', username: 'admin', password: users.admin } as const;
  const client = new Kafka({ brokers: [broker.bootstrapServers], sasl, logLevel: logLevel.NOTHING }).admin();
  await client.connect();
  try {
    await client.createTopics({ topics: ['read', 'described'].map((topic) => ({ topic })), waitForLeaders: false });
    const { READ, DESCRIBE } = kafkajs.AclOperationTypes;
    const { TOPIC, GROUP } = kafkajs.AclResourceTypes;
    const groups = [grant(GROUP, 'described', DESCRIBE), grant(GROUP, 'read', READ)];
    await addAcls(client, [...groups, grant(TOPIC, 'read', READ), grant(TOPIC, 'described', DESCRIBE)]);
  } finally {
    await client.disconnect();
  }
  configure(broker.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    GATEWAY_CONSUMERS: 'dynamodb',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    ...dynamodb.environment,
  });
  await until(async () => (await call('GET', '/topics', alice)).text === '["described","read"]');
  await produce('read', 'text', [{ value: 'a' }], admin);
});
after(() => Promise.all([broker.stop(), dynamodb.stop()]));

const grant = (resourceType: AclResourceTypes, resourceName: string, operation: AclOperationTypes) => ({
  ...{ resourceType, resourceName, operation, principal: 'User:alice', host: '*' },
  resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  permissionType: kafkajs.AclPermissionTypes.ALLOW,
});

test('who may read group and topic in Kafka has consumers, and no others of its topics', async (t) => {
  const consumer = await createConsumer(t, 'read', {}, alice);

  const other = await consumer.subscribe(['described']);
  const subscribed = await consumer.subscribe(['read']);
  const values = await consumer.values();

  assertRefused(other, noTopic);
  assert.deepEqual([subscribed.status, values], [204, ['a']]);
});

test('who may not read the group neither has consumers, nor uses those of others', async (t) => {
  const consumer = await createConsumer(t, 'described', { name: 'one' }, admin);
  await consumer.subscribe(['read']);
  const asAlice = new TestConsumer('described', 'one', alice);

  const body = '{"name":"two"}';
  const created = await call('POST', '/consumers/described', { headers: { ...alice.headers, 'content-type': mediaTypes.generic }, body });
  const refusals = [created, await asAlice.poll(), await asAlice.commit(), await asAlice.remove()];

  for (const refused of refusals) assertRefused(refused, noGroup);
  assert.deepEqual(await consumer.values(), ['a']);
});

test('who may not read a topic does not commit in it by the instance of another', async (t) => {
  const consumer = await createConsumer(t, 'read', { name: 'shared' }, admin);
  await consumer.assign([{ topic: 'described', partition: 0 }]);

  const refused = await new TestConsumer('read', 'shared', alice).commit([{ topic: 'described', partition: 0, offset: 5 }]);

  assertRefused(refused, noTopic);
  assert.deepEqual(
    (await consumer.committed()).json.offsets.filter(({ topic }) => topic === 'described'),
    [],
  );
});
