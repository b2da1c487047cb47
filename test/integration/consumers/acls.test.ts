import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { createConsumer, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { basic } from '../../harness/http/caller.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused, forbiddenGroup, forbiddenTopic } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';

const [alice, admin] = [{ headers: basic('alice', users.alice) }, { headers: basic('admin', users.admin) }];

let broker: Broker;

// With each caller's own credentials Kafka alone says what they may do: alice has what the documentation asks for, and no more.
before(async () => {
  broker = await startBrokerWithAcls(async (client) => {
    await client.createTopics({ topics: ['open', 'seen', 'closed'].map((topic) => ({ topic })), waitForLeaders: false });
    const shadows = '__rest.hers.';
    await addAcls(client, [
      ...[allow('TOPIC', 'open', 'READ'), allow('TOPIC', 'seen', 'DESCRIBE')],
      ...[allow('GROUP', 'hers', 'READ'), allow('GROUP', 'bare', 'READ')],
      ...[allow('GROUP', shadows, 'READ', { isPrefix: true }), allow('GROUP', shadows, 'DELETE', { isPrefix: true })],
    ]);
  });
  configure(broker.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  });
  await until(async () => (await call('GET', '/topics', alice)).text === '["open","seen"]');
  for (const topic of ['open', 'seen', 'closed']) await produce(topic, 'text', [{ value: `in ${topic}` }], admin);
});
after(() => broker?.stop());

const create = (group: string, name: string, parts: typeof alice) =>
  call('POST', `/consumers/${group}`, {
    headers: { ...parts.headers, 'content-type': mediaTypes.generic },
    body: JSON.stringify({ name, format: 'text' }),
  });

test('READ on the topic and the group, and READ and DELETE on the prefix of what the gateway keeps, are enough', async (t) => {
  const consumer = await createConsumer(t, 'hers', {}, alice);

  assert.equal((await consumer.subscribe(['open'])).status, 204);
  assert.deepEqual(await consumer.values(), ['in open']);
  assert.equal((await consumer.commit()).status, 204);
  assert.equal((await consumer.seek([{ topic: 'open', partition: 0, offset: 0 }])).status, 204);
  assert.equal((await consumer.committed()).json.offsets.length, 1);
  assert.equal((await consumer.unsubscribe()).status, 204);
  assert.equal((await consumer.assign([{ topic: 'open', partition: 0 }])).status, 204);
  assert.equal((await consumer.remove()).status, 204);
});

test('without the rights to what the gateway keeps, no instance is created, and the answer says what is missing', async () => {
  assertRefused(await create('bare', 'a', alice), {
    ...forbiddenGroup,
    message: /Consumers need READ, DESCRIBE and DELETE on groups with the prefix __rest\./,
  });
});

test('a group that may not be read has no instances', async () => {
  assertRefused(await create('others', 'a', alice), forbiddenGroup);
});

for (const topic of ['seen', 'closed']) {
  test(`a topic that is ${topic} is neither subscribed to, nor assigned`, async (t) => {
    const consumer = await createConsumer(t, 'hers', {}, alice);

    assertRefused(await consumer.subscribe([topic]), forbiddenTopic);
    assert.ok((await consumer.assign([{ topic, partition: 0 }])).status >= 400);
    assertRefused(await consumer.poll(), { status: 409, code: 40903, message: /not subscribed to any topics/ });
  });
}

test("another caller's instance is used with one's own rights", async (t) => {
  const inOthers = await createConsumer(t, 'others', {}, admin);
  await inOthers.subscribe(['open']);
  const inHers = await createConsumer(t, 'hers', {}, admin);
  await inHers.subscribe(['closed']);
  await inHers.values();

  const foreign = await new TestConsumer('others', inOthers.name, alice).poll();
  const closed = await new TestConsumer('hers', inHers.name, alice).poll();

  assertRefused(foreign, forbiddenGroup);
  assertRefused(closed, forbiddenTopic);
  assert.ok(!closed.text.includes('in closed'));
});
