import assert from 'node:assert/strict';
import { newGroup } from '../../../harness/consumers/consumer-requests.ts';
import { produce } from '../../../harness/http/requests.ts';
import { createTopic } from '../../../harness/kafka/topics.ts';
import { until } from '../../../harness/until.ts';
import type { PeerCase, PeerClient } from './peer-client.ts';

const JSON_CONSUMER = { name: 'c', format: 'json' };
const numbered = (partition: number) => Array.from({ length: 10 }, (_, i) => ({ key: `key-${i}`, value: `value-${i}`, partition }));

const topicsOf = async (client: PeerClient): Promise<unknown> => (await client.send('GET', '/subscription')).json.topics;

/** Seeks in a topic that it reads, and in one that it does not. */
const seekBeside = (path: string, bodyOf: (topics: string[]) => object): PeerCase => ({
  name: `${path} of a topic that is not subscribed to, beside one that is`,
  peer: [200, 204, 200, 404, 204],
  gateway: [200, 204, 200, 409, 204],
  async run(client) {
    const [topic, other] = [await createTopic(), await createTopic()];
    await client.create(JSON_CONSUMER);
    await client.subscribe(topic);
    await client.poll({ timeout: 0 });
    await client.send('POST', path, bodyOf([topic, other]));
    await client.remove();
  },
});

/** What Strimzi's bridge is tested for when consumers subscribe, are assigned partitions, and seek. */
export const strimziSubscriptions: PeerCase[] = [
  {
    name: 'a consumer that there is not does not unsubscribe',
    peer: [404],
    run: async (client) => void (await client.send('DELETE', '/subscription', { topics: ['orders'] })),
  },
  {
    name: 'a subscription has either topics or a pattern',
    peer: [200, 409, 422, 204],
    async run(client) {
      const topic = await createTopic();
      await client.create(JSON_CONSUMER);
      await client.send('POST', '/subscription', { topics: [topic], topic_pattern: 'my-topic-pattern' });
      await client.send('POST', '/subscription', {});
      await client.remove();
    },
  },
  {
    name: 'a consumer that there is not does not subscribe',
    peer: [404],
    run: async (client) => void (await client.subscribe('orders')),
  },
  {
    name: 'a consumer is none of another group',
    peer: [200, 404, 204],
    async run(client) {
      await client.create(JSON_CONSUMER);
      await client.send('POST', '/subscription', { topics: ['orders'] }, { group: newGroup() });
      await client.remove();
    },
  },
  {
    name: 'no topics give the subscription up',
    peer: [200, 204, 200, 200, 204, 200, 204],
    async run(client) {
      const topic = await createTopic();
      await client.create(JSON_CONSUMER);
      await client.subscribe(topic);
      await client.poll({ timeout: 0 });
      const before = await topicsOf(client);
      await client.subscribe();
      const after = await topicsOf(client);
      await client.remove();
      assert.deepEqual([before, after], [[topic], []]);
    },
  },
  {
    name: 'a subscription is told with its partitions',
    peer: [200, 204, 200, 200, 204],
    async run(client) {
      const [one, other] = [await createTopic(), await createTopic({ partitions: 4 })];
      await client.create(JSON_CONSUMER);
      await client.subscribe(one, other);
      await client.poll({ timeout: 0 });
      // Kafka assigns partitions now and then.
      await until(async () => (await client.quietly('GET', '/assignments')).text.split('partition":').length === 6);
      const { topics, partitions } = (await client.send('GET', '/subscription')).json;
      await client.remove();
      assert.ok(Array.isArray(topics) && Array.isArray(partitions));
      assert.deepEqual(new Set(topics), new Set([one, other]));
      assert.deepEqual(Object.assign({}, ...partitions), { [one]: [0], [other]: [0, 1, 2, 3] });
    },
  },
  {
    name: 'a poll without a subscription',
    peer: [200, 500, 204],
    gateway: [200, 409, 204],
    async run(client) {
      await client.create(JSON_CONSUMER);
      await client.poll();
      await client.remove();
    },
  },
  {
    name: 'partitions are not assigned to who has subscribed',
    peer: [200, 204, 409, 204],
    async run(client) {
      const topic = await createTopic({ partitions: 4 });
      await client.create(JSON_CONSUMER);
      await client.subscribe(topic);
      await client.assign({ topic, partition: 0 }, { topic, partition: 1 });
      await client.remove();
    },
  },
  {
    // As with Confluent's, topics are those of the subscription; GET …/assignments tells what is assigned.
    name: 'the topics of partitions that are assigned are told, and none after none are assigned',
    peer: [200, 204, 200, 204, 200, 204],
    hasOtherContent: true,
    async run(client) {
      const topic = await createTopic({ partitions: 4 });
      await client.create(JSON_CONSUMER);
      await client.assign({ topic, partition: 0 }, { topic, partition: 1 });
      const before = await topicsOf(client);
      await client.assign();
      const after = await topicsOf(client);
      await client.remove();
      assert.deepEqual([before, after], [[], []]);
    },
  },
  {
    name: 'a consumer that there is not does not seek',
    peer: [404],
    gateway: [422],
    run: async (client) => void (await client.send('POST', '/positions/beginning', {})),
  },
  {
    name: 'a topic that there is not is not sought in',
    peer: [200, 404, 204],
    gateway: [200, 409, 204],
    async run(client) {
      await client.create(JSON_CONSUMER);
      await client.send('POST', '/positions/beginning', { partitions: [{ topic: 'not-there', partition: 0 }] });
      await client.remove();
    },
  },
  ...(['beginning', 'end'] as const).map(
    (end): PeerCase => ({
      name: `a consumer goes on at the ${end}`,
      peer: [200, 204, 200, 204, 200, 204],
      async run(client) {
        const topic = await createTopic();
        await produce(topic, 'text', numbered(0));
        client.accept = 'application/vnd.kafka.binary.v2+json';
        await client.create({ name: 'c' });
        await client.subscribe(topic);
        const before = await client.poll();
        await client.send('POST', `/positions/${end}`, { partitions: [{ topic, partition: 0 }] });
        const after = await client.poll({ timeout: end === 'end' ? 0 : 3000 });
        await client.remove();
        assert.deepEqual([before.length, after.length], [10, end === 'end' ? 0 : 10]);
      },
    }),
  ),
  {
    name: 'a consumer goes on at offsets',
    peer: [200, 204, 200, 204, 200, 204],
    async run(client) {
      const topic = await createTopic({ partitions: 2 });
      await produce(topic, 'json', [...numbered(0), ...numbered(1)]);
      await client.create(JSON_CONSUMER);
      await client.subscribe(topic);
      await client.poll();
      const offsets = [
        { topic, partition: 0, offset: 9 },
        { topic, partition: 1, offset: 5 },
      ];
      await client.send('POST', '/positions', { offsets });
      const records = await client.poll();
      await client.remove();
      const found = records.map(({ partition, offset, key, value }) => `${partition} ${offset} ${key} ${value}`).sort();
      assert.deepEqual(found, ['0 9 key-9 value-9', ...[5, 6, 7, 8, 9].map((i) => `1 ${i} key-${i} value-${i}`)]);
    },
  },
  seekBeside('/positions/beginning', (topics) => ({ partitions: topics.map((topic) => ({ topic, partition: 0 })) })),
  seekBeside('/positions', (topics) => ({ offsets: topics.map((topic) => ({ topic, partition: 0, offset: 0 })) })),
];
