import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

test('a poll with records costs five requests, and one without four', async (t) => {
  const [topic, group] = [await createTopic({ partitions: 3, bootstrapServers: kafka.direct }), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, group);
  await consumer.subscribe([topic]);
  await consumer.values();
  await produce(topic, 'text', [{ value: 'b' }]);

  kafka.proxy.startCounting();
  const values = await consumer.values();
  const withRecords = [...kafka.proxy.requests()];
  await consumer.poll();
  kafka.proxy.startCounting();
  const none = await consumer.poll({ timeout: 50 });
  const without = [...kafka.proxy.requests()];

  assert.deepEqual([values, none.json], [['b'], []]);
  const asked = ['ConsumerGroupDescribe', 'OffsetFetch', 'ConsumerGroupHeartbeat', 'Fetch'];
  assert.deepEqual(withRecords.filter((name) => name !== 'ApiVersions').sort(), [...asked, 'OffsetCommit'].sort());
  assert.deepEqual(without.filter((name) => name !== 'ApiVersions').sort(), [...asked].sort());
});
