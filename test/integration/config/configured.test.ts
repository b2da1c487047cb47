import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post, produceText } from '../../harness/http/requests.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let kafka: ProxiedKafka;
let topic: string;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers, {
    GATEWAY_HEADER_PREFIX: '',
    GATEWAY_KEY_PATH: 'order.id',
    GATEWAY_RECORD_HEADERS: 'traceparent,x-request-id',
    GATEWAY_COMPRESSION: 'gzip',
    GATEWAY_MAX_BODY_BYTES: '200',
    KAFKA_MAX_IDLE_MS: '1',
    KAFKA_METADATA_MAX_AGE_MS: '1',
  });
  topic = await createTopic({ partitions: 2, bootstrapServers: kafka.direct });
});
after(() => kafka.stop());

test('the prefix of request headers may be empty', async () => {
  const headers = { 'content-type': 'text/plain', key: 'k', partition: '1', 'header-trace': '7' };

  const answer = await call('POST', `/topics/${topic}`, { headers, body: 'x' });

  assert.equal(answer.status, 200, answer.text);
  const [record] = (await readTopic(topic, kafka.direct)).filter(({ partition }) => partition === 1);
  assert.deepEqual([record.key?.toString(), record.headers.map(({ key, value }) => [key, value?.toString()])], ['k', [['trace', '7']]]);
});

test('the key of a JSON body comes from the header, else from the query’s path, else from the configured one', async () => {
  const keyed = await createTopic({ bootstrapServers: kafka.direct });
  const headers = { 'content-type': 'application/json' };
  const body = '{"order":{"id":"configured"},"other":"asked for"}';

  await call('POST', `/topics/${keyed}`, { headers, body });
  await call('POST', `/topics/${keyed}`, { headers, body, query: { 'key-path': 'other' } });
  await call('POST', `/topics/${keyed}`, { headers: { ...headers, key: 'header' }, body, query: { 'key-path': 'other' } });
  await call('POST', `/topics/${keyed}`, { headers, body: '{"none":1}' });

  const records = await readTopic(keyed, kafka.direct);
  assert.deepEqual(
    records.map(({ key }) => key?.toString() ?? null),
    ['configured', 'asked for', 'header', null],
  );
});

test('request headers of the allow list become record headers, and what is compressed by configuration is read by Java', async () => {
  const own = await createTopic({ bootstrapServers: kafka.direct });
  const headers = { 'x-request-id': 'r-1', authorization: 'never', traceparent: '00-1', 'x-other': 'no' };

  await call('POST', `/topics/${own}`, { headers, body: 'x'.repeat(150) });

  const [record] = await readWithJava(own, { bootstrapServers: kafka.direct });
  assert.equal(record.value?.toString(), 'x'.repeat(150));
  assert.deepEqual(
    record.headers.map(({ key, value }) => [key, value?.toString()]),
    [
      ['traceparent', '00-1'],
      ['x-request-id', 'r-1'],
    ],
  );
});

test('a body larger than configured is 413', async () => {
  const answer = await post(`/topics/${topic}`, 'text', { records: [{ value: 'x'.repeat(200) }] });

  assertRefused(answer, { status: 413, code: 413, message: /larger than 200 bytes/ });
});

test('a connection idle for longer than configured is replaced, and old metadata are asked for again', async () => {
  await produceText(topic, 'before');
  // Takes longer than a connection may be idle here.
  await createTopic({ bootstrapServers: kafka.direct });
  kafka.proxy.startCounting();

  await produceText(topic, 'behind');

  assert.ok(kafka.proxy.connections() >= 1);
  assert.deepEqual(kafka.proxy.requests().slice(0, 2), ['ApiVersions', 'Metadata']);
});
