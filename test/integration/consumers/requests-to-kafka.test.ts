import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { testOverlaps } from '../../harness/consumers/overlapping-cases.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';

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

  // A poll that takes long looks once more at what it replaces.
  const asked = ['ConsumerGroupDescribe', 'OffsetFetch', 'ConsumerGroupHeartbeat', 'Fetch'];
  await until(async () => {
    await produce(topic, 'text', [{ value: 'b' }]);
    kafka.proxy.startCounting();
    assert.deepEqual(await consumer.values(), ['b']);
    return isDeepStrictEqual(requests(), [...asked, 'OffsetCommit'].sort());
  });
  await consumer.poll();
  kafka.proxy.startCounting();
  const none = await consumer.poll({ timeout: 50 });

  assert.deepEqual(none.json, []);
  assert.deepEqual(requests(), asked.sort());
});

const requests = (): string[] =>
  kafka.proxy
    .requests()
    .filter((name) => name !== 'ApiVersions')
    .sort();

testOverlaps(() => kafka);
