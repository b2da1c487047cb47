import assert from 'node:assert/strict';
import { BrokerConnection } from '../../../../lib/kafka/connection/connection.ts';
import { briefHeartbeat, LEAVE } from '../../../../lib/kafka/protocol/consumer-group-heartbeat.ts';
import { call } from '../../../harness/http/gateway.ts';
import { produce } from '../../../harness/http/requests.ts';
import { sharedKafka } from '../../../harness/kafka/shared-kafka.ts';
import { createTopic, createTopics } from '../../../harness/kafka/topics.ts';
import type { PeerCase, PeerClient } from './peer-client.ts';

const JSON_CONSUMER = { name: 'c', format: 'json' };
const MESSAGE = 'Simple message';
const header = (key: string, value: string | null) => ({ key, value: value && Buffer.from(value).toString('base64') });

/** Produces a record, and receives it with a consumer of these options. */
const receives = (what: string, record: object, format: 'json' | 'text' = 'json', expected = record): PeerCase => ({
  name: `a message ${what} is received`,
  peer: [200, 204, 200, 204],
  async run(client) {
    const topic = await createTopic();
    await produce(topic, format, [record]);
    client.accept = `application/vnd.kafka.${format}.v2+json`;
    await client.create({ name: 'c', format });
    await client.subscribe(topic);
    const records = await client.poll();
    await client.remove();
    assert.partialDeepStrictEqual(records, [{ topic, partition: 0, offset: 0, key: null, ...expected }]);
    assert.equal(records.length, 1);
  },
});

/** Receives a message, and then does something. */
const after = (
  name: string,
  peer: number[],
  gateway: number[] | undefined,
  options: object,
  act: (client: PeerClient, topic: string) => unknown,
): PeerCase => ({
  name,
  peer: [200, 204, 200, ...peer, 204],
  ...(gateway !== undefined && { gateway: [200, 204, 200, ...gateway, 204] }),
  async run(client) {
    const topic = await createTopic();
    await produce(topic, 'json', [{ value: MESSAGE }]);
    await client.create({ ...JSON_CONSUMER, ...options });
    await client.subscribe(topic);
    const [{ value }] = await client.poll();
    await act(client, topic);
    await client.remove();
    assert.equal(value, MESSAGE);
  },
});

/** Writes a text that is no JSON, and polls. */
const unreadable = (name: string, query: Record<string, number>, status: number): PeerCase => ({
  name,
  peer: [200, 204, status, 204],
  gateway: [200, 204, 200, 204],
  async run(client) {
    const topic = await createTopic();
    await produce(topic, 'text', [{ value: 'value-0' }]);
    await client.create(JSON_CONSUMER);
    await client.subscribe(topic);
    const [{ error }] = await client.poll(query);
    await client.remove();
    assert.equal(error?.error_code, 40801);
  },
});

const topicsOf = (records: readonly { topic: string }[]) => records.map(({ topic }) => topic).sort();

/** What the bridge ends after a while of silence, the coordinator does here, by the session. */
const afterSilence = (names: string[]): PeerCase => ({
  name: `${names.length} consumers that are silent are deleted`,
  peer: [...names.map(() => 200), ...names.map(() => 404)],
  async run(client) {
    for (const name of names) await client.create({ name, format: 'json' });
    const { json } = await call<{ members: { member_id: string }[] }>('GET', `/groups/${client.group}`);
    const connection = new BrokerConnection(sharedKafka(), { clientId: 'test', ssl: null }, null);
    await connection.connect();
    for (const { member_id } of json.members) await connection.send(briefHeartbeat(client.group, member_id, LEAVE), 20_000);
    connection.close();
    for (const name of names) await client.remove(name);
  },
});

/** What Strimzi's bridge is tested for when consumers read, commit and end. */
export const strimziReading: PeerCase[] = [
  receives('of JSON', { value: MESSAGE }),
  receives('with its time', { value: MESSAGE, timestamp: 1_700_000_000_000 }),
  receives('of text', { value: MESSAGE }, 'text'),
  receives('with headers', { value: MESSAGE, headers: [header('key1', 'value1'), header('key2', 'value2'), header('key3', 'value3')] }),
  receives('with a header that is null', {
    value: MESSAGE,
    headers: [header('key1', 'value1'), header('key2', null), header('key3', 'value3')],
  }),
  receives('with a key, both objects', {
    key: { f1: 'v1', array: [1, 2] },
    value: { array: ['v1', 'v2'], foo: 'bar', number: 123, nested: { f: 'v' } },
  }),
  {
    name: 'messages of two topics are received',
    peer: [200, 204, 200, 204],
    async run(client) {
      const topics = [await createTopic(), await createTopic()];
      for (const topic of topics) await produce(topic, 'json', [{ value: MESSAGE }]);
      await client.create(JSON_CONSUMER);
      await client.subscribe(...topics);
      const records = await client.poll();
      await client.remove();
      assert.deepEqual(topicsOf(records), topics.sort());
    },
  },
  {
    name: 'messages of topics of a pattern are received, and no others',
    peer: [200, 204, 200, 204],
    async run(client) {
      const other = await createTopic();
      const prefix = client.group;
      const topics = [`${prefix}-0`, `${prefix}-1`];
      await createTopics(topics.map((topic) => ({ topic })));
      for (const topic of [...topics, other]) await produce(topic, 'json', [{ value: MESSAGE }]);
      await client.create(JSON_CONSUMER);
      await client.send('POST', '/subscription', { topic_pattern: `${prefix}-\\d` });
      const records = await client.poll();
      await client.remove();
      assert.deepEqual(topicsOf(records), topics);
    },
  },
  ...[[1], [0, 1]].map(
    (partitions): PeerCase => ({
      name: `messages of partitions ${partitions} are received, which are assigned`,
      peer: [200, 204, 200, 204],
      async run(client) {
        const topic = await createTopic({ partitions: 2 });
        await produce(
          topic,
          'json',
          [0, 1].map((partition) => ({ partition, value: MESSAGE })),
        );
        await client.create(JSON_CONSUMER);
        await client.assign(...partitions.map((partition) => ({ topic, partition })));
        const records = await client.poll();
        await client.remove();
        assert.deepEqual(records.map(({ partition }) => partition).sort(), partitions);
      },
    }),
  ),
  after('an offset is committed', [204], undefined, { 'enable.auto.commit': false }, (client, topic) =>
    client.send('POST', '/offsets', { offsets: [{ topic, partition: 0, offset: 1 }] }),
  ),
  after('no offsets are committed', [204], undefined, { 'enable.auto.commit': false }, (client) =>
    client.send('POST', '/offsets', { offsets: [] }),
  ),
  after('after it has unsubscribed, nothing is received', [204, 500], [204, 409], {}, async (client, topic) => {
    await client.send('DELETE', '/subscription', { topics: [topic] });
    await produce(topic, 'json', [{ value: MESSAGE }]);
    await client.poll();
  }),
  ...(['GET /records', 'POST /offsets'] as const).map(
    (request): PeerCase => ({
      name: `a consumer that there is not has no ${request}`,
      peer: [404],
      async run(client) {
        const [method, path] = request.split(' ');
        const offsets = [{ topic: 'not-there', partition: 0, offset: 10 }];
        await client.send(method, path, method === 'POST' ? { offsets } : undefined);
      },
    }),
  ),
  {
    name: 'messages in another format than the one of the consumer are refused',
    peer: [200, 204, 406, 204],
    async run(client) {
      const topic = await createTopic();
      await produce(topic, 'json', [{ value: MESSAGE }]);
      await client.create(JSON_CONSUMER);
      await client.subscribe(topic);
      client.accept = 'application/vnd.kafka.binary.v2+json';
      await client.poll();
      await client.remove();
    },
  },
  unreadable('a message larger than max_bytes', { max_bytes: 1 }, 422),
  unreadable('a message that is no JSON', {}, 406),
  afterSilence(['c']),
  afterSilence(['c', 'd', 'e']),
  {
    name: 'a partition is assigned of a topic that is created later',
    peer: [200, 204, 200, 204],
    gateway: [200, 404, 409, 204],
    async run(client) {
      const topic = `topic-of-${client.group}`;
      await client.create(JSON_CONSUMER);
      await client.assign({ topic, partition: 0 });
      await createTopics([{ topic }]);
      await produce(topic, 'json', [{ value: MESSAGE }]);
      await client.poll();
      await client.remove();
    },
  },
  {
    name: 'a consumer is deleted when a poll that may wait has got a message',
    peer: [200, 204, 200, 204],
    async run(client) {
      const topic = await createTopic();
      await produce(topic, 'json', [{ value: MESSAGE }]);
      await client.create(JSON_CONSUMER);
      await client.subscribe(topic);
      const [{ value }] = await client.poll({ timeout: 10_000 });
      await client.remove();
      assert.equal(value, MESSAGE);
    },
  },
];
