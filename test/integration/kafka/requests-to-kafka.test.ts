import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, type TestContext, test } from 'node:test';
import { handler } from '../../../functions/measure-lag.ts';
import { gatewayCluster } from '../../../lib/clusters/kafka-cluster.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { commitOffsets } from '../../../lib/kafka/groups/offsets.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { createConsumer } from '../../harness/consumers/consumer-requests.ts';
import { captureLog, lambdaContext } from '../../harness/events/http-event.ts';
import { type Answer, call, configure } from '../../harness/http/gateway.ts';
import { fetchPage, post, produceText } from '../../harness/http/requests.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { deleteFrom, describe, listGroups, newGroup, offsetsOf, put } from '../groups/group-requests.ts';
import { configureQueue, receiveSome, settle } from '../queues/queue-requests.ts';

let kafka: ProxiedKafka;
let topic: string;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers, { GATEWAY_LAG_GROUPS: 'many-*' });
  // A broker that has just begun has no producer ids at hand: it is asked more than once.
  await produceText(await createTopic({ bootstrapServers: kafka.direct }), 'x');
});
after(() => kafka.stop());
beforeEach(async () => {
  topic = await createTopic({ bootstrapServers: kafka.direct });
});

const write = (body: object = { records: [{ value: 'x' }] }) => post(`/topics/${topic}`, 'text', body);

suite('the first requests of a process', () => {
  beforeEach(() => {
    closeClusters();
    kafka.proxy.startCounting();
  });

  test('fifty at once share one connection, one look-up and one producer id, and keep their order', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => write()));

    assert.deepEqual(
      answers.map(({ json }) => json.offsets[0].offset),
      Array.from({ length: 50 }, (_, i) => i),
    );
    assert.equal(kafka.proxy.connections(), 1);
    assert.deepEqual(kafka.proxy.requests(), ['ApiVersions', 'Metadata', 'InitProducerId', ...Array(50).fill('Produce')]);
  });

  test('fifty of all kinds at once share one connection', async () => {
    const kinds = [
      () => write(),
      () => call('GET', `/topics/${topic}/offsets`),
      () => call('GET', `/topics/${topic}`),
      () => call('GET', '/topics'),
      () => call('GET', '/health/ready'),
    ];

    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => kinds[i % kinds.length]()));

    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(kafka.proxy.connections(), 1);
  });

  test('a fetch asks for what it needs and no more', async () => {
    const page = await fetchPage(topic, 'text', 'offset=0&timeout=0');

    assert.equal(page.status, 200);
    assert.deepEqual(kafka.proxy.requests(), ['ApiVersions', 'Metadata', 'Fetch']);
  });
});

suite('a warm process', () => {
  beforeEach(async () => {
    await produceText(topic, 'warm');
    kafka.proxy.startCounting();
  });

  const records = (query: string) => fetchPage(topic, 'text', query);
  for (const [what, send, requests] of [
    ['produce', () => write(), ['Produce']],
    ['produce of several records', () => write({ records: [{ value: 'a' }, { key: 'k', value: 'b' }] }), ['Produce']],
    ['produce with acks=1', () => post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] }, { query: 'acks=1' }), ['Produce']],
    ['fetch from a number', () => records('offset=0'), ['Fetch']],
    ['fetch from an end', () => records('offset=earliest'), ['ListOffsets', 'Fetch']],
    ['fetch from a time', () => records('timestamp=0'), ['ListOffsets', 'Fetch']],
    ['offsets', () => call('GET', `/topics/${topic}/offsets`), ['Metadata', 'ListOffsets', 'ListOffsets']],
    ['the offset at a time', () => call('GET', `/topics/${topic}/offsets`, { query: 'timestamp=0' }), ['Metadata', 'ListOffsets']],
    ['offsets of a partition', () => call('GET', `/topics/${topic}/partitions/0/offsets`), ['ListOffsets', 'ListOffsets']],
    ['a topic', () => call('GET', `/topics/${topic}`), ['Metadata', 'DescribeConfigs']],
    ['partitions', () => call('GET', `/topics/${topic}/partitions`), ['Metadata']],
    ['topics', () => call('GET', '/topics'), ['Metadata']],
    ['health', () => call('GET', '/health'), []],
  ] as const) {
    test(`${what} asks Kafka for ${requests.join(', ') || 'nothing'}, over the connection that is there`, async () => {
      const answer: Answer = await send();

      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(kafka.proxy.requests(), requests);
      assert.equal(kafka.proxy.connections(), 0);
    });
  }

  test('a group’s offsets take one request to the coordinator, which is looked up once, one for the partitions of now, and one to the leader', async () => {
    // Before the first group of all, Kafka makes a topic for them.
    await put(newGroup(), [{ topic, offset: 'latest' }]);
    const group = newGroup();
    const requestsOf = async (send: () => Promise<unknown>) => {
      kafka.proxy.startCounting();
      await send();
      assert.equal(kafka.proxy.connections(), 0);
      return kafka.proxy.requests();
    };
    const others = await Promise.all([1, 2].map(() => createTopic({ bootstrapServers: kafka.direct })));
    const everywhere = [topic, ...others].map((name) => ({ topic: name, offset: 'latest' }));

    assert.deepEqual(await requestsOf(() => put(group, [{ topic, partition: 0, offset: 0 }])), [
      'Metadata',
      'FindCoordinator',
      'OffsetCommit',
    ]);
    assert.deepEqual(await requestsOf(() => put(group, everywhere)), ['Metadata', 'ListOffsets', 'OffsetCommit']);
    assert.deepEqual(await requestsOf(() => offsetsOf(group)), ['OffsetFetch', 'Metadata', 'ListOffsets']);
    assert.deepEqual(await requestsOf(() => offsetsOf(group, { topic })), ['Metadata', 'OffsetFetch', 'ListOffsets']);
    assert.deepEqual(await requestsOf(() => describe(group)), ['OffsetFetch', 'ConsumerGroupDescribe', 'DescribeGroups']);
    assert.deepEqual(await requestsOf(() => listGroups()), ['Metadata', 'ListGroups']);
    assert.deepEqual(await requestsOf(() => deleteFrom(group, '/offsets', { topic })), ['OffsetFetch', 'OffsetDelete']);
    assert.deepEqual(await requestsOf(() => deleteFrom(group)), ['DeleteGroups']);
  });

  for (const [what, send] of [
    ['topic by produce', () => post(`/topics/${topic}-not`, 'text', { records: [{ value: 'x' }] })],
    ['topic by fetch', () => fetchPage(`${topic}-not`, 'text', 'offset=0')],
    ['topic by offsets', () => call('GET', `/topics/${topic}-not/offsets`)],
    ['partition by produce', () => post(`/topics/${topic}/partitions/1`, 'text', { records: [{ value: 'x' }] })],
    ['partition by fetch', () => fetchPage(topic, 'text', 'offset=earliest', { partition: 1 })],
    ['partition by offsets', () => call('GET', `/topics/${topic}/partitions/1/offsets`)],
  ] as const) {
    test(`an unknown ${what} is found out by one look-up at the most`, async () => {
      const { status } = await send();

      assert.equal(status, 404);
      // None where the metadata are as young as the request. Before the first record for a topic that is not there, the broker is asked
      // whether it makes topics on demand.
      const expected = what === 'topic by produce' ? ['Metadata,DescribeConfigs', 'Metadata'] : ['', 'Metadata'];
      assert.ok(expected.includes(kafka.proxy.requests().join()), kafka.proxy.requests().join());
    });
  }

  test('what is refused for its form never reaches Kafka', async () => {
    const answers = [
      await write({ records: [] }),
      await write({ records: [{ value: 1 }] }),
      await records('offset=-1'),
      await call('GET', `/topics/${topic}/offsets`, { query: 'timestamp=x' }),
      await call('DELETE', `/topics/${topic}`),
    ];

    assert.deepEqual(
      answers.map(({ status }) => status),
      [422, 422, 400, 400, 405],
    );
    assert.deepEqual(kafka.proxy.requests(), []);
  });
});

suite('the lag of a thousand groups', () => {
  const GROUPS = 1000;
  const PLACES = 2;
  const WRITTEN = 100;
  const nameOf = (i: number): string => `many-${String(i).padStart(4, '0')}`;

  /** Every tenth group has come to somewhere in a topic that is gone. */
  async function commitAll(names: { topic: string; gone: string }): Promise<void> {
    const cluster = gatewayCluster();
    const at = (name: string, offset: number) => ({ topic: name, partition: 0, offset, metadata: '' });
    const commits = Array.from({ length: GROUPS }, (_, i) => [
      at(names.topic, i % (WRITTEN + 1)),
      ...(i % 10 === 0 ? [at(names.gone, 1)] : []),
    ]);
    await Promise.all(commits.map((offsets, i) => commitOffsets(cluster, nameOf(i), offsets, Date.now() + 30_000)));
  }

  async function consume(t: TestContext, name: string): Promise<void> {
    const consumer = await createConsumer(t, 'many-consumer');
    await consumer.subscribe([name]);
    await consumer.records();
    // What is named is the record that was read last.
    await consumer.commit([{ topic: name, partition: 0, offset: 39 }]);
  }

  async function receiveFrom(name: string): Promise<void> {
    await configureQueue('many-queue');
    const { receipt } = await receiveSome('many-queue', { topics: [name], max: 10 });
    await settle('many-queue', 'ack', [receipt]);
  }

  test('is right for each, of every protocol, in one request for each besides a few', async (t) => {
    const direct = { bootstrapServers: kafka.direct };
    const [many, gone] = [await createTopic({ partitions: PLACES, ...direct }), await createTopic(direct)];
    const records = Array.from({ length: WRITTEN }, (_, i) => [0, 1].map((partition) => ({ partition, value: `lagging ${i}` }))).flat();
    for (const [name, values] of [
      [many, records],
      [gone, [{ value: 'lagging' }]],
    ] as const) {
      const { status, text } = await post(`/topics/${name}`, 'text', { records: values });
      assert.equal(status, 200, text);
    }
    await Promise.all([commitAll({ topic: many, gone }), consume(t, many), receiveFrom(many)]);
    await deleteTopic(gone, kafka.direct);
    closeClusters();
    kafka.proxy.startCounting();
    const lines = captureLog(t);
    setLogLevel('info');

    await handler({}, lambdaContext());

    const asked = kafka.proxy.requests();
    const lags = new Map(lines.filter(({ event }) => event === 'lag').map(({ group, type, Lag }) => [group, [type, Lag]]));
    assert.equal(lags.size, GROUPS + 2);
    for (let i = 0; i < GROUPS; i++) {
      // In the other partition nothing is committed: all of it is before the group.
      assert.deepEqual(lags.get(nameOf(i)), ['classic', PLACES * WRITTEN - (i % (WRITTEN + 1))], nameOf(i));
    }
    assert.deepEqual(lags.get('many-consumer'), ['consumer', PLACES * WRITTEN - 40]);
    const [type, left] = lags.get('many-queue') ?? [];
    // Kafka counts a partition from when somebody has received from it.
    assert.ok(type === 'share' && Number(left) >= WRITTEN - 10 && Number(left) < PLACES * WRITTEN, `${type} ${left}`);
    assert.equal(asked.filter((name) => name === 'OffsetFetch').length, GROUPS + 1);
    assert.ok(asked.length <= GROUPS + 1 + 15, asked.filter((name) => name !== 'OffsetFetch').join());
  });
});
