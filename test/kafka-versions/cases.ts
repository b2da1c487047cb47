import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { compressionNames } from '../../lib/kafka/compression/names.ts';
import { BrokerConnection } from '../../lib/kafka/connection/connection.ts';
import { NONE } from '../../lib/kafka/error-codes.ts';
import { fetch } from '../../lib/kafka/protocol/fetch.ts';
import { LATEST, listOffsets } from '../../lib/kafka/protocol/list-offsets.ts';
import { metadata } from '../../lib/kafka/protocol/metadata.ts';
import { createConsumer, newGroup } from '../harness/consumers/consumer-requests.ts';
import { call, configure } from '../harness/http/gateway.ts';
import { assertRefused } from '../harness/http/refusal.ts';
import { fetchPage, followLinks, post, produce, produceText } from '../harness/http/requests.ts';
import { clusterId, linesOf, type ResourceList, stream } from '../harness/http/v3.ts';
import { joinWithKafkajs } from '../harness/kafka/group-members.ts';
import { readWithJava, writeTransactionsWithJava } from '../harness/kafka/java-clients.ts';
import { createTopic as createIn, withAdmin } from '../harness/kafka/topics.ts';
import { until } from '../harness/until.ts';

const ANSWER_MS = 20_000;
const UNKNOWN_LEADER_EPOCH = 75;

interface TopicPage {
  items: unknown[];
  pagination: { nextCursor: string; lag: number | null };
}

function isAtLeast(version: string, wantedMajor: number, wantedMinor: number): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** What has to work on every version of Apache Kafka that the gateway is said to work with. One broker of the version is started for all. */
export function testOn(version: string): void {
  suite(`Apache Kafka ${version}`, () => {
    let broker: Broker;
    const createTopic = (partitions = 1) => createIn({ partitions, bootstrapServers: broker.bootstrapServers });

    before(async () => {
      broker = await startBroker({ version });
      configure(broker.bootstrapServers);
      // With ZooKeeper a broker serves requests before there is a controller.
      await until(() => withAdmin(broker.bootstrapServers, async (admin) => (await admin.describeCluster()).controller !== null));
    });

    after(() => broker.stop());

    for (const acks of ['all', '1', '0']) {
      test(`records are produced with acks=${acks}, and read with keys, headers and times`, async () => {
        const topic = await createTopic();
        const record = { key: 'k', value: 'v', timestamp: 1_700_000_000_000, headers: [{ key: 'h', value: 'AP8=' }] };

        const [{ offset, error }] = (await post(`/topics/${topic}`, 'text', { records: [record] }, { query: { acks } })).json.offsets;
        const { json, headers } = await fetchPage(topic, 'text', { offset: 0, timeout: 5000 });

        assert.deepEqual([offset, error], [acks === '0' ? -1 : 0, null]);
        assert.deepEqual(json, [{ topic, partition: 0, offset: 0, ...record }]);
        assert.equal(headers['kafka-high-watermark'], '1');
      });
    }

    test('batches of every codec are read by Java and by the gateway', async () => {
      const topic = await createTopic();
      const textOf = (codec: string) => `${codec} `.repeat(500);
      for (const compression of compressionNames)
        await produce(topic, 'text', [{ value: textOf(compression) }], { query: { compression } });

      const [stored, fetched] = await Promise.all([
        readWithJava(topic, { bootstrapServers: broker.bootstrapServers }),
        followLinks(topic, 'text', 'offset=0&timeout=0'),
      ]);

      const expected = compressionNames.map(textOf);
      assert.deepEqual(
        stored.map(({ value }) => value?.toString()),
        expected,
      );
      assert.deepEqual(
        fetched.flat().map(({ value }) => value),
        expected,
      );
    });

    test('of transactions, what was committed is read', async () => {
      const topic = await createTopic();
      await writeTransactionsWithJava(
        topic,
        (['commit', 'abort', 'commit'] as const).map((outcome, i) => ({ outcome, records: [{ value: Buffer.from(`${outcome} ${i}`) }] })),
        { bootstrapServers: broker.bootstrapServers, compression: 'zstd' },
      );

      const valuesUnder = async (isolation: string) =>
        (await followLinks(topic, 'text', { offset: 0, timeout: 0, isolation })).flat().map(({ value }) => value);

      assert.deepEqual(await valuesUnder('read_committed'), ['commit 0', 'commit 2']);
      assert.deepEqual(await valuesUnder('read_uncommitted'), ['commit 0', 'abort 1', 'commit 2']);
    });

    test('offsets are told at both ends and by time', async () => {
      const topic = await createTopic();
      const records = [1000, 2000, 3000].map((timestamp) => ({ value: `at ${timestamp}`, timestamp }));
      await produce(topic, 'text', records);

      const ends = await call('GET', `/topics/${topic}/partitions/0/offsets`);
      const atTime = await fetchPage(topic, 'text', { timestamp: 1500, timeout: 0 });

      assert.deepEqual(ends.json, { beginning_offset: 0, end_offset: 3 });
      assert.deepEqual(
        atTime.json.map(({ offset }) => offset),
        [1, 2],
      );
    });

    test('a leader that is meant to lead in a later epoch than it knows of does not answer', async (t) => {
      const topic = await createTopic();
      const connection = new BrokerConnection(broker.bootstrapServers, { clientId: 'test', ssl: null }, null);
      t.after(() => connection.close());
      await connection.connect();
      const { topics } = await connection.send(metadata([topic]), ANSWER_MS);
      const [{ leaderEpoch: known }] = topics[0].partitions;
      const limits = { waitMs: 0, minBytes: 1, maxBytes: 1000, isolation: 'read_committed' } as const;

      const errorsIn = async (leaderEpoch: number) => {
        const epochs = { leaderEpochOf: () => leaderEpoch };
        const fetched = await connection.send(fetch({ topic, partition: 0, leaderEpoch, offset: 0, ...limits }), ANSWER_MS);
        const [listed] = await connection.send(listOffsets(topic, [0], LATEST, 'read_committed', epochs), ANSWER_MS);
        return [fetched.error, listed.error];
      };

      assert.deepEqual(
        [await errorsIn(known), await errorsIn(known + 1)],
        [
          [NONE, NONE],
          [UNKNOWN_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH],
        ],
      );
    });

    test('a long poll gets what is written while it waits', async () => {
      const topic = await createTopic();

      const polling = fetchPage(topic, 'text', { offset: 0, timeout: 10_000 });
      await produceText(topic, 'late');

      assert.deepEqual(
        (await polling).json.map(({ value }) => value),
        ['late'],
      );
    });

    test('all partitions of topics are read page by page', async () => {
      const topics = [await createTopic(3), await createTopic(2)];
      for (const topic of topics)
        await produce(
          topic,
          'text',
          Array.from({ length: 20 }, (_, i) => ({ key: `${i}`, value: `v${i}` })),
        );

      const page = (query: Record<string, string | number>) =>
        call<TopicPage>('GET', `/topics/${topics.join()}/records`, { query: { timeout: 0, limit: 25, ...query } });
      const first = await page({});
      const second = await page({ cursor: first.json.pagination.nextCursor });

      assert.deepEqual([first.json.items.length, second.json.items.length, second.json.pagination.lag], [25, 15, 0]);
    });

    test('topics, partitions, settings, brokers and the cluster are described', async () => {
      const topic = await createTopic(2);

      const described = await call<{ partitions: unknown[]; configs: Record<string, string> }>('GET', `/topics/${topic}`);
      const brokers = await call<{ brokers: number[] }>('GET', '/brokers');
      const path = `/v3/clusters/${await clusterId()}/topics/${topic}`;
      const configs = await call<ResourceList>('GET', `${path}/configs`);
      const replicas = await call<ResourceList>('GET', `${path}/partitions/1/replicas`);

      assert.deepEqual([described.json.partitions.length, described.json.configs['cleanup.policy']], [2, 'delete']);
      assert.deepEqual(brokers.json, { brokers: [1] });
      assert.ok(configs.json.data.some(({ name, value }) => name === 'cleanup.policy' && value === 'delete'));
      assert.deepEqual(
        replicas.json.data.map(({ broker_id, is_in_sync }) => [broker_id, is_in_sync]),
        [[1, true]],
      );
    });

    test('a topic is created by version 2 and 3, produced to by version 3, and deleted', async () => {
      const names = [`topic-${randomUUID()}`, `topic-${randomUUID()}`];
      const topics = `/v3/clusters/${await clusterId()}/topics`;
      const headers = { 'content-type': 'application/json' };
      const create = (path: string, body: object) => call('POST', path, { headers, body: JSON.stringify(body) });

      const created = [
        await create('/admin/topics', { topic_name: names[0], partitions_count: 1 }),
        await create(topics, { topic_name: names[1], partitions_count: 1 }),
      ];
      const lines = linesOf(await stream(names[1], [{ value: { type: 'STRING', data: 'v' } }]));
      const deleted = await Promise.all(names.map((name) => call('DELETE', `${topics}/${name}`)));

      assert.deepEqual(
        created.map(({ status }) => status),
        [201, 201],
        created.map(({ text }) => text).join(),
      );
      assert.deepEqual(
        lines.map(({ error_code, offset }) => [error_code, offset]),
        [[200, 0]],
      );
      assert.deepEqual(
        deleted.map(({ status }) => status),
        [204, 204],
      );
    });

    test('a group with members is listed and described, and its offsets stay as they are', async (t) => {
      const topic = await createTopic(2);
      await produceText(topic, 'v');
      const group = `group-${randomUUID()}`;
      const path = `/groups/${group}`;
      const { received } = await joinWithKafkajs(t, group, topic, broker.bootstrapServers);
      await until(() => received.length === 1);

      const listed = await call<{ groups: { group_id: string }[] }>('GET', '/groups');
      const described = await call<{ state: string; members: { assignments: unknown }[] }>('GET', path);
      const refused = await call<{ error_code: number }>('DELETE', path);

      assert.ok(listed.json.groups.some(({ group_id }) => group_id === group));
      assert.equal(described.json.state, 'Stable');
      assert.deepEqual(
        described.json.members.map(({ assignments }) => assignments),
        [[{ topic, partitions: [0, 1] }]],
      );
      assert.equal(refused.status, 409);
    });

    test('offsets of a group are committed, told with their lag, and deleted, and so is the group', async () => {
      const topic = await createTopic();
      await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
      const path = `/groups/group-${randomUUID()}`;
      const headers = { 'content-type': 'application/json' };
      const commit = () =>
        call('PUT', `${path}/offsets`, { headers, body: JSON.stringify({ offsets: [{ topic, partition: 0, offset: 1 }] }) });

      const committed = await commit();
      const told = await call('GET', `${path}/offsets`);
      const deleted = await call('DELETE', `${path}/offsets`, { query: { topic } });
      await commit();
      const gone = [await call('DELETE', path), await call('GET', path)];

      assert.equal(committed.status, 200, committed.text);
      assert.deepEqual(told.json, { offsets: [{ topic, partition: 0, offset: 1, metadata: '', end_offset: 3, lag: 2 }] });
      assert.deepEqual(
        [deleted, ...gone].map(({ status }) => status),
        [204, 204, 404],
      );
    });

    test('a consumer reads partitions by hand, commits and comes back; it subscribes where Kafka has groups for it', async (t) => {
      const topic = await createTopic();
      await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
      const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });

      const subscribed = await consumer.subscribe([topic]);
      const values = subscribed.status === 204 ? await consumer.values({ max_bytes: 1 }) : [];
      await consumer.unsubscribe();
      await consumer.assign([{ topic, partition: 0 }]);
      await consumer.seek([{ topic, partition: 0, offset: 0 }]);
      const byHand = [await consumer.values({ max_bytes: 1, poll_id: '1' }), await consumer.values({ poll_id: '1' })];
      await consumer.commit();
      const committed = await consumer.committed();
      const deleted = await consumer.remove();
      const gone = await consumer.poll();

      if (isAtLeast(version, 4, 0)) assert.deepEqual(values, ['a']);
      else
        assertRefused(subscribed, { status: 501, code: 50101, message: /set GATEWAY_CONSUMERS=dynamodb, or assign partitions by hand$/ });
      assert.deepEqual([...byHand, committed.json.offsets], [['a'], ['a'], [{ topic, partition: 0, offset: 1, metadata: '' }]]);
      assert.deepEqual([deleted.status, gone.status], [204, 404]);
    });

    test('a queue gives records and takes acknowledgements, where Kafka has share groups', async () => {
      const topic = await createTopic();
      await produce(topic, 'text', [{ value: 'a' }]);
      const path = `/queues/queue-${randomUUID()}`;
      const headers = { 'content-type': 'application/json' };
      const ask = (method: string, what: string, body: object) => call(method, `${path}${what}`, { headers, body: JSON.stringify(body) });

      const answers = [
        await ask('PUT', '', { auto_offset_reset: 'earliest' }),
        await ask('POST', '/receive', { topics: [topic], wait: 10_000, format: 'text' }),
        await call('GET', path),
        await call('GET', '/queues'),
      ];

      if (isAtLeast(version, 4, 2)) {
        const { records, receipt } = Object(answers[1].json);
        const acknowledged = await ask('POST', '/ack', { receipts: [receipt] });
        assert.deepEqual([records[0].value, acknowledged.json], ['a', { results: [{ error_code: null }] }]);
        assert.deepEqual(
          answers.map(({ status }) => status),
          [204, 200, 200, 200],
        );
      } else for (const answer of answers) assertRefused(answer, { status: 501, code: 50101, message: /: use Kafka 4\.2 or newer/ });
    });

    test('what Kafka refuses has the same status', async () => {
      const topic = await createIn({ configs: { 'max.message.bytes': '1000' }, bootstrapServers: broker.bootstrapServers });

      const unknown = await post('/topics/not-there', 'text', { records: [{ value: 'v' }] });
      const [large] = (await post(`/topics/${topic}`, 'text', { records: [{ value: 'x'.repeat(2000) }] })).json.offsets ?? [];
      const beyond = await fetchPage(topic, 'text', { offset: 99 });

      assert.deepEqual([unknown.status, beyond.status], [404, 400]);
      assert.notEqual(large?.error_code ?? 'refused', null);
    });
  });
}
