import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { readWithJava } from '../harness/kafka/java-clients.ts';
import { readTopic, writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic, withAdmin } from '../harness/kafka/topics.ts';
import { type ClientResponse, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { startGateway, type ZipName } from '../harness/lambda/deployed-function.ts';

const GENERIC = 'application/vnd.kafka.v2+json';
const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x80]);

/** Sends requests to a fresh environment, so that the first meets it cold and the next meet it warm. */
async function sendInTurn(t: TestContext, name: ZipName, ...requests: HttpRequest[]): Promise<ClientResponse[]> {
  const fn = await startGateway(t, name, { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() }, freezeWhenIdle: true });
  const responses: ClientResponse[] = [];
  for (const request of requests) responses.push(await send(fn, request));
  return responses;
}

suite('produce, cold and warm', () => {
  const bodies = [
    {
      what: 'JSON records',
      headers: { 'content-type': 'application/vnd.kafka.json.v2+json' },
      body: '{"records":[{"key": {"id": 1}, "value": {"price": 1.10, "big": 12345678901234567890}}]}',
      key: '{"id":1}',
      value: '{"price":1.10,"big":12345678901234567890}',
    },
    {
      what: 'binary records',
      headers: { 'content-type': 'application/vnd.kafka.binary.v2+json' },
      body: JSON.stringify({ records: [{ key: Buffer.from('key').toString('base64'), value: bytes.toString('base64') }] }),
      key: 'key',
      value: bytes,
    },
    {
      what: 'text records',
      headers: { 'content-type': 'application/vnd.kafka.text.v2+json' },
      body: JSON.stringify({ records: [{ key: 'Schlüssel', value: 'Grüße 🙂' }] }),
      key: 'Schlüssel',
      value: 'Grüße 🙂',
    },
    {
      what: 'a raw body that is no text',
      headers: { 'content-type': 'application/octet-stream', 'kafka-key': 'key' },
      body: bytes,
      key: 'key',
      value: bytes,
    },
    {
      what: 'a raw body of JSON',
      headers: { 'content-type': 'application/json', 'kafka-key': 'key' },
      body: '{ "price" : 1.10 }',
      key: 'key',
      value: '{"price":1.10}',
    },
  ];

  for (const { what, headers, body, key, value } of bodies) {
    test(`writes ${what}`, async (t) => {
      const topic = await createTopic();
      const request = { route: 'POST /topics/{topic}', target: `/topics/${topic}`, headers, body };

      const responses = await sendInTurn(t, 'produce', request, request);

      assert.deepEqual(
        responses.map(({ status }) => status),
        [200, 200],
      );
      const offsets = responses.flatMap((response) => response.json<{ offsets: { offset: number }[] }>().offsets);
      assert.deepEqual(
        offsets.map(({ offset }) => offset),
        [0, 1],
      );
      const record = { key: Buffer.from(key), value: Buffer.from(value) };
      const written = await readTopic(topic);
      assert.deepEqual(
        written.map((read) => ({ key: read.key, value: read.value })),
        [record, record],
      );
    });
  }
});

test('produce compresses by every codec, when a request asks for it', async (t) => {
  const topic = await createTopic();
  const requests = ['gzip', 'snappy', 'lz4', 'zstd'].map((compression) => ({
    route: 'POST /topics/{topic}',
    target: `/topics/${topic}?compression=${compression}`,
    headers: { 'content-type': 'text/plain' },
    body: compression.repeat(100),
  }));

  const responses = await sendInTurn(t, 'produce', ...requests);

  assert.deepEqual(
    responses.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.deepEqual(
    (await readWithJava(topic)).map(({ value }) => value?.toString()),
    requests.map(({ body }) => body),
  );
});

test('list-offsets, cold and warm, says where a log begins and ends', async (t) => {
  const topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  const request = { route: 'GET /topics/{topic}/partitions/{partition}/offsets', target: `/topics/${topic}/partitions/0/offsets` };

  const responses = await sendInTurn(t, 'list-offsets', request, request);

  for (const response of responses) {
    assert.equal(response.status, 200);
    assert.equal(response.headers['content-type'], GENERIC);
    assert.deepEqual(response.json(), { beginning_offset: 0, end_offset: 3 });
  }
});

test('fetch-from-offset, cold and warm, returns the records from an offset on', async (t) => {
  const topic = await createTopic();
  await writeTopic(topic, [{ value: 'skipped' }, { key: 'key', value: bytes, timestamp: '1767225600000' }]);
  const request = { route: 'GET /topics/{topic}/partitions/{partition}/records', target: `/topics/${topic}/partitions/0/records?offset=1` };

  const responses = await sendInTurn(t, 'fetch-from-offset', request, request);

  const record = { topic, partition: 0, offset: 1, timestamp: 1767225600000, key: 'a2V5', value: bytes.toString('base64'), headers: [] };
  for (const response of responses) {
    assert.equal(response.status, 200);
    assert.equal(response.headers['kafka-next-offset'], '2');
    assert.deepEqual(response.json(), [record]);
  }
});

test('read-topics, cold and warm, goes on where the cursor says, over all partitions', async (t) => {
  const topic = await createTopic({ partitions: 3 });
  await writeTopic(
    topic,
    [0, 1, 2].map((partition) => ({ partition, value: `${partition}` })),
  );
  const ask = (query: string) => ({ route: 'GET /topics/{topic}/records', target: `/topics/${topic}/records?timeout=0&${query}` });
  const cursor = encodeURIComponent(`${topic}@0#0,1#0,2#98`);

  const [first, second, none] = await sendInTurn(t, 'read-topics', ask('limit=2'), ask('from=latest'), ask(`cursor=${cursor}`));

  const values = (response: ClientResponse) => response.json<{ items: { value: unknown }[] }>().items.map(({ value }) => value);
  assert.deepEqual(
    [first, second].map(({ status, headers }) => [status, headers['content-type']]),
    [
      [200, 'application/json'],
      [200, 'application/json'],
    ],
  );
  assert.deepEqual([values(first), values(second)], [[0, 1], []]);
  assert.equal(none.status, 400, none.body.toString());
  assert.match(none.json<{ message: string }>().message, /^The cursor is at offset 99 of partition 2/);
});

test('topic-metadata, cold and warm, describes a topic', async (t) => {
  const topic = await createTopic({ partitions: 2, configs: { 'retention.ms': '12345' } });
  const request = { route: 'GET /topics/{topic}', target: `/topics/${topic}` };

  const responses = await sendInTurn(t, 'topic-metadata', request, request);

  const partitions = [0, 1].map((partition) => ({ partition, leader: 1, replicas: [{ broker: 1, leader: true, in_sync: true }] }));
  for (const response of responses) {
    assert.equal(response.status, 200);
    const { configs, ...described } = response.json<{ configs: Record<string, string> }>();
    assert.deepEqual(described, { name: topic, partitions });
    assert.equal(configs['retention.ms'], '12345');
  }
});

test('create-topic, cold and warm, creates topics', async (t) => {
  const topics = [`topic-${randomUUID()}`, `topic-${randomUUID()}`];
  const requests = topics.map((topic) => ({
    route: 'POST /admin/topics',
    target: '/admin/topics',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ topic_name: topic, partitions_count: 3 }),
  }));

  const responses = await sendInTurn(t, 'create-topic', ...requests);

  assert.deepEqual(
    responses.map(({ status }) => status),
    [201, 201],
  );
  const created = await withAdmin(undefined, (admin) => admin.fetchTopicMetadata({ topics }));
  assert.deepEqual(
    created.topics.map(({ partitions }) => partitions.length),
    [3, 3],
  );
});

test('consumer-groups, cold and warm, commits offsets and shows the lag', async (t) => {
  const topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  const [path, target] = ['/groups/{group}/offsets', `/groups/${randomUUID()}%20%C3%BC/offsets`];
  const commit = {
    ...{ route: `PUT ${path}`, target, headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ offsets: [{ topic, partition: 0, offset: 1 }] }),
  };

  const [first, second, shown, deleted] = await sendInTurn(
    t,
    'consumer-groups',
    ...[commit, commit, { route: `GET ${path}`, target }, { route: `DELETE ${path}`, target }],
  );

  assert.deepEqual([first.status, second.status, deleted.status, deleted.body.length], [200, 200, 204, 0]);
  assert.deepEqual(shown.json(), { offsets: [{ topic, partition: 0, offset: 1, metadata: '', end_offset: 3, lag: 2 }] });
});

test('delete-topic, cold and warm, deletes topics', async (t) => {
  const topics = [await createTopic(), await createTopic()];
  const cluster = await clusterId();
  const requests = topics.map((topic) => ({
    route: 'DELETE /v3/clusters/{cluster}/topics/{topic}',
    target: `/v3/clusters/${cluster}/topics/${topic}`,
  }));

  const responses = await sendInTurn(t, 'delete-topic', ...requests);

  assert.deepEqual(
    responses.map(({ status, body }) => [status, body.length]),
    [
      [204, 0],
      [204, 0],
    ],
  );
  const left = await withAdmin(undefined, (admin) => admin.listTopics());
  assert.deepEqual(
    topics.filter((topic) => left.includes(topic)),
    [],
  );
});

test('produce, cold and warm, writes a stream of records and answers in lines', async (t) => {
  const topic = await createTopic();
  const request = {
    route: 'POST /v3/clusters/{cluster}/topics/{topic}/records',
    target: `/v3/clusters/${await clusterId()}/topics/${topic}/records`,
    headers: { 'content-type': 'application/json' },
    body: '{"value":{"type":"JSON","data":{"price" : 1.10}}}{"value":{"type":"BINARY","data":"*"}}',
  };

  const responses = await sendInTurn(t, 'produce', request, request);

  for (const { status, body } of responses) {
    assert.equal(status, 200);
    assert.match(body.toString(), /^\{"error_code":200,.*"size":14\}\}\r\n\{"error_code":400,.*\}\r\n$/);
  }
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => value?.toString()),
    ['{"price":1.10}', '{"price":1.10}'],
  );
});

test('topic-metadata, cold and warm, shows the cluster with its links', async (t) => {
  const request = { route: 'GET /v3/{rest+}', target: '/v3/clusters' };

  const responses = await sendInTurn(t, 'topic-metadata', request, request);

  const id = await clusterId();
  for (const response of responses) {
    const [cluster] = response.json<{ data: { cluster_id: string; topics: { related: string } }[] }>().data;
    assert.equal(cluster.cluster_id, id);
    assert.equal(cluster.topics.related, `https://gateway.example/v3/clusters/${id}/topics`);
  }
});

test('openapi, cold and warm, describes the API without Kafka', async (t) => {
  const [description, page, again] = await sendInTurn(
    t,
    'openapi',
    { route: 'GET /openapi.json', target: '/openapi.json' },
    { route: 'GET /docs', target: '/docs' },
    { route: 'GET /docs/{rest+}', target: '/docs/' },
  );

  assert.deepEqual([description.status, page.status, again.status], [200, 200, 200]);
  assert.equal(description.json<{ servers: { url: string }[] }>().servers[0].url, 'https://gateway.example');
  assert.match(page.body.toString(), /^<!DOCTYPE html>.*<a href="https:\/\/gateway\.example\/openapi\.json">/s);
  assert.deepEqual(again.body, page.body);
});

const clusterId = () => withAdmin(undefined, async (admin) => (await admin.describeCluster()).clusterId);
