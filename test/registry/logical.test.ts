import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createConsumer, newGroup } from '../harness/consumers/consumer-requests.ts';
import { call, configure } from '../harness/http/gateway.ts';
import type { FetchedRecord } from '../harness/http/requests.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { post, produce, read } from './requests.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const schema = JSON.stringify({
  type: 'record',
  name: 'Invoice',
  namespace: 'db.public',
  fields: [
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'at', type: ['null', { type: 'long', logicalType: 'local-timestamp-micros' }] },
    { name: 'id', type: { type: 'fixed', name: 'Id', size: 16, logicalType: 'uuid' } },
  ],
});
const id = '61626364-6566-6768-696a-6b6c6d6e6f70';
const written = { amount: '19.9', day: '2026-01-31', at: '2026-01-31T10:00:00.000001', id };
const plain = { amount: '19.90', day: 20484, at: { long: 1769853600000001 }, id: 'abcdefghijklmnop' };
const readable = { amount: '19.90', day: '2026-01-31', at: { long: '2026-01-31T10:00:00.000001' }, id };

test('logical types are shown as people write them where that is asked for, on every way of reading', async () => {
  const topic = await createTopic();
  await produce(topic, 'avro', {
    value_schema: schema,
    key_schema: '{"type":"int","logicalType":"date"}',
    records: [{ key: 1, value: written }],
  });

  const [byDefault] = await read(topic, 'avro');
  const [fetched] = await read(topic, 'avro', { logical: 'readable' });
  const [asAvro] = await read(topic, 'avro', { logical: 'avro' });
  const messages = await call<FetchedRecord[]>('GET', `/topics/${topic}/partitions/0/messages`, {
    query: { offset: '0', logical: 'readable' },
    headers: { accept: 'application/vnd.kafka.avro.v2+json' },
  });
  const page = await call<{ items: FetchedRecord[] }>('GET', `/topics/${topic}/records`, {
    query: { format: 'avro', logical: 'readable', timeout: '0' },
  });
  const lines = await call('GET', `/topics/${topic}/records`, {
    query: { format: 'avro', 'key-format': 'binary', timeout: '0' },
    headers: { accept: 'application/x-ndjson' },
  });

  assert.deepEqual([byDefault.key, byDefault.value], [1, plain]);
  for (const record of [fetched, messages.json[0], page.json.items[0]])
    assert.deepEqual([record.key, record.value], ['1970-01-02', readable]);
  assert.deepEqual(asAvro.value, { ...plain, amount: '\u0007\u00c6' });
  const line: unknown = JSON.parse(lines.text.split('\n')[0]);
  assert.deepEqual(line, { ...page.json.items[0], key: Buffer.from([0, ...(await idBytes(topic)), 2]).toString('base64'), value: plain });
});

async function idBytes(topic: string): Promise<Buffer> {
  const [record] = await read(topic, 'binary');
  return Buffer.from(String(record.key), 'base64').subarray(1, 5);
}

test('what is shown readable can be written again', async () => {
  const topic = await createTopic();
  await produce(topic, 'avro', { value_schema: schema, records: [{ value: written }] });
  const [first] = await read(topic, 'avro', { logical: 'readable' });
  await produce(topic, 'avro', { value_schema: schema, records: [{ value: first.value }] });

  const [, second] = await read(topic, 'avro', { logical: 'readable' });
  const [one, other] = await read(topic, 'binary');

  assert.deepEqual(second.value, first.value);
  assert.equal(other.value, one.value);
});

test('a value of logical that there is not is refused, and so are decimals that are bytes or too long', async () => {
  const topic = await createTopic();
  const answer = await call('GET', `/topics/${topic}/partitions/0/records`, { query: { offset: '0', logical: 'pretty' } });

  assert.equal(answer.status, 400);
  assert.match(answer.text, /readable or avro/);
  for (const amount of ['"\\u0007\\u00c6"', '"19.999"', '"abc"', '1e400']) {
    const json = JSON.stringify(written).replace('"19.9"', amount);
    const refused = await post(`/topics/${topic}`, 'avro', `{"value_schema":${schema},"records":[{"value":${json}}]}`);
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.json.message, /^records\[0\]\.value\.amount /);
  }
});

test('a page shows JSON Schema and Protobuf, and the bytes of what is neither', async () => {
  const topic = await createTopic();
  await produce(topic, 'protobuf', { value_schema: 'syntax = "proto3"; message M { int64 n = 1; }', records: [{ value: { n: 5 } }] });
  await produce(topic, 'jsonschema', {
    value_subject: `other-${topic}`,
    value_schema: '{"type":"object","properties":{}}',
    records: [{ value: { a: 1 } }],
  });

  const { json } = await call<{ items: FetchedRecord[] }>('GET', `/topics/${topic}/records`, {
    query: { format: 'protobuf', timeout: '0' },
  });

  assert.deepEqual(json.items[0].value, { n: '5' });
  assert.match(json.items[1].error?.message ?? '', /is one of jsonschema: ask for that/);
});

test('consumers and queues show logical types as people write them, too', async (t) => {
  const topic = await createTopic();
  await produce(topic, 'avro', { value_schema: schema, records: [{ value: written }] });
  const consumer = await createConsumer(t, newGroup(), { format: 'avro' });
  await consumer.subscribe([topic]);
  const queue = `/queues/queue-${randomUUID()}`;
  const json = { 'content-type': 'application/json' };
  await call('PUT', queue, { headers: json, body: '{"auto_offset_reset":"earliest"}' });

  const [consumed] = await consumer.records({ logical: 'readable' });
  const received = await call<{ records: FetchedRecord[] }>('POST', `${queue}/receive`, {
    query: { logical: 'readable' },
    headers: { ...json, accept: 'application/vnd.kafka.avro.v2+json' },
    body: JSON.stringify({ topics: [topic], wait: 8000 }),
  });
  const refused = await consumer.poll({ logical: 'nice' });

  assert.deepEqual(consumed.value, readable);
  assert.deepEqual(received.json.records[0].value, readable, received.text);
  assert.equal(refused.status, 400);
});
