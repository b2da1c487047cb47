import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { endSessions } from '../../harness/consumers/end-sessions.ts';
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

for (const [what, query] of [
  ['without a poll_id', {}],
  ['with a poll_id', { poll_id: 'x' }],
] as const) {
  test(`a poll ${what} that was frozen while its partition went to another member hands out nothing`, async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka.direct }), newGroup()];
    const slow = await createConsumer(t, group, { name: 'slow', 'auto.commit.enable': false });
    await slow.subscribe([topic]);
    await produce(topic, 'text', [{ value: 'a' }]);
    const commit = kafka.proxy.holdRequest('OffsetCommit');
    const polling = slow.poll(query);
    const held = await commit;

    await endSessions(group, kafka.direct);
    const other = await createConsumer(t, group, { 'auto.commit.enable': false });
    await other.subscribe([topic]);
    const values = await other.values();
    await held.release();

    const { status, json } = await polling;
    assert.deepEqual([status, json, values], [200, [], ['a']]);
  });
}

const requests = (): string[] =>
  kafka.proxy
    .requests()
    .filter((name) => name !== 'ApiVersions')
    .sort();

testOverlaps(() => kafka);
