import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { createConsumer, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { basic } from '../../harness/http/caller.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused, forbiddenGroup, forbiddenTopic } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';

const alice = { headers: basic('alice', users.alice) };
const admin = { headers: basic('admin', users.admin) };

let broker: Broker;
let dynamodb: FakeDynamoDb;

before(async () => {
  dynamodb = await startFakeDynamoDb();
  broker = await startBrokerWithAcls(async (client) => {
    await client.createTopics({ topics: ['read', 'described'].map((topic) => ({ topic })), waitForLeaders: false });
    const groups = [allow('GROUP', 'described', 'DESCRIBE'), allow('GROUP', 'read', 'READ')];
    await addAcls(client, [...groups, allow('TOPIC', 'read', 'READ'), allow('TOPIC', 'described', 'DESCRIBE')]);
  });
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
after(() => Promise.all([broker?.stop(), dynamodb?.stop()]));

test('who may read group and topic in Kafka has consumers, and no others of its topics', async (t) => {
  const consumer = await createConsumer(t, 'read', {}, alice);

  const other = await consumer.subscribe(['described']);
  const subscribed = await consumer.subscribe(['read']);
  const values = await consumer.values();

  assertRefused(other, forbiddenTopic);
  assert.deepEqual([subscribed.status, values], [204, ['a']]);
});

test('who may not read the group neither has consumers, nor uses those of others', async (t) => {
  const consumer = await createConsumer(t, 'described', { name: 'one' }, admin);
  await consumer.subscribe(['read']);
  const asAlice = new TestConsumer('described', 'one', alice);

  const body = '{"name":"two"}';
  const created = await call('POST', '/consumers/described', { headers: { ...alice.headers, 'content-type': mediaTypes.generic }, body });
  const refusals = [created, await asAlice.poll(), await asAlice.commit(), await asAlice.remove()];

  for (const refused of refusals) assertRefused(refused, forbiddenGroup);
  assert.deepEqual(await consumer.values(), ['a']);
});

test('who may not read a topic does not commit in it by the instance of another', async (t) => {
  const consumer = await createConsumer(t, 'read', { name: 'shared' }, admin);
  await consumer.assign([{ topic: 'described', partition: 0 }]);

  const refused = await new TestConsumer('read', 'shared', alice).commit([{ topic: 'described', partition: 0, offset: 5 }]);

  assertRefused(refused, forbiddenTopic);
  assert.deepEqual(
    (await consumer.committed()).json.offsets.filter(({ topic }) => topic === 'described'),
    [],
  );
});
