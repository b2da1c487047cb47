import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../harness/http/gateway.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startStandIn } from '../harness/schema-registry/stand-in.ts';
import { produce, read } from './requests.ts';

// A registry that gives GUIDs, as Confluent's does from 8.0 on; schema 9 has none.
const avro = { schema: '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}', guid: '89791762-2336-4186-9674-299b90a802e2' };
const protobuf = {
  ...{ schemaType: 'PROTOBUF', guid: '0b4b8f4f-1d52-4f0e-9a52-5f2b3e0c9a11' },
  schema: 'syntax = "proto3"; message A { int32 a = 1; } message B { int32 a = 1; }',
};
const answers: Record<string, object> = {
  'GET /schemas/ids/7': avro,
  [`GET /schemas/guids/${avro.guid}`]: avro,
  'GET /schemas/ids/8': protobuf,
  [`GET /schemas/guids/${protobuf.guid}`]: protobuf,
  'GET /schemas/ids/9': { schema: '"int"' },
};
const registry = await startStandIn(({ line }) => {
  if (/^POST \/subjects\/[\w.-]+-value(\?.*)?$/.test(line)) return { status: 200, body: { id: 7, version: 3 } };
  return line in answers ? { status: 200, body: answers[line] } : { status: 404, body: { error_code: 40403, message: 'none' } };
});
configure(sharedKafka(), { SCHEMA_REGISTRY_URL: registry.url });

/** What is stored, and the header that names the schema, in hexadecimal. */
async function stored(topic: string): Promise<string[][]> {
  return (await read(topic, 'binary')).map(({ value, headers }) => [
    value === null ? 'null' : Buffer.from(String(value), 'base64').toString('hex'),
    ...headers.map((header) => `${header.key}=${Buffer.from(String(header.value), 'base64').toString('hex')}`),
  ]);
}

const inHeaders = (topic: string, format: string, body: object) =>
  call<{ value_schema_id: number; error_code: number; message: string }>('POST', `/topics/${topic}`, {
    query: 'schema-ids=headers',
    headers: { 'content-type': `application/vnd.kafka.${format}.v2+json` },
    body: JSON.stringify(body),
  });

const guidOf = ({ guid }: { guid: string }): string => guid.replaceAll('-', '');

test('schema-ids=headers names schemas in headers of the records, and a fetch reads them', async () => {
  const topic = await createTopic();
  const value = { a: 1 };

  const answer = await inHeaders(topic, 'avro', { value_schema_id: 7, records: [{ value }, { value: null }] });
  await inHeaders(topic, 'protobuf', { value_schema_id: 8, value_message: 'B', records: [{ value }] });

  assert.deepEqual([answer.status, answer.json.value_schema_id], [200, 7]);
  assert.deepEqual(await stored(topic), [
    ['02', `__value_schema_id=01${guidOf(avro)}`],
    ['null'],
    ['0801', `__value_schema_id=01${guidOf(protobuf)}0202`],
  ]);
  assert.deepEqual(
    (await read(topic, 'avro')).slice(0, 1).map((one) => one.value),
    [value],
  );
  assert.deepEqual(
    (await read(topic, 'protobuf')).slice(2).map((one) => one.value),
    [value],
  );
});

test('a registry without GUIDs is told of, and nothing is written', async () => {
  const topic = await createTopic();

  const { status, json } = await inHeaders(topic, 'avro', { value_schema_id: 9, records: [{ value: 1 }] });

  assert.deepEqual([status, json.error_code], [408, 40801]);
  assert.match(json.message, /^The schema registry gives no GUID for schema 9/);
  assert.deepEqual(await read(topic, 'binary', { timeout: '0' }), []);
});

const raw = (topic: string, type: string, body: Buffer | string, headers: Record<string, string>, query = '') =>
  call<{ value_schema_id: number; message: string }>('POST', `/topics/${topic}`, {
    query,
    headers: { 'content-type': type, ...headers },
    body,
  });

test('a raw body is bytes of the schema that a header names, or JSON that becomes them', async () => {
  const topic = await createTopic();

  const asAvro = await raw(topic, 'application/avro', Buffer.from([2]), { 'kafka-value-schema-id': '7', 'kafka-header-own': 'x' });
  await raw(topic, 'application/x-protobuf', Buffer.from([8, 1]), { 'kafka-value-schema-id': '8', 'kafka-value-message': 'B' });
  await raw(topic, 'application/json', '{ "a": 1 }', { 'kafka-value-schema-id': '7' });
  await raw(topic, 'application/avro', Buffer.from([2]), { 'kafka-value-schema-id': '7' }, 'schema-ids=headers');

  assert.deepEqual([asAvro.status, asAvro.json.value_schema_id], [200, 7]);
  assert.deepEqual(await stored(topic), [
    ['000000000702', 'own=78'],
    ['000000000802020801'],
    ['000000000702'],
    ['02', `__value_schema_id=01${guidOf(avro)}`],
  ]);
});

for (const [what, type, body, headers, status] of [
  ['are not of the schema', 'application/avro', Buffer.from([255]), { 'kafka-value-schema-id': '7' }, 422],
  ['are JSON that does not fit', 'application/json', '{"a":"x"}', { 'kafka-value-schema-id': '7' }, 422],
  ['name a schema that there is not', 'application/avro', Buffer.from([2]), { 'kafka-value-schema-id': '99' }, 408],
  ['name a schema by no number', 'application/avro', Buffer.from([2]), { 'kafka-value-schema-id': 'seven' }, 422],
] as const) {
  test(`raw bodies that ${what} are refused`, async () => {
    const answer = await raw(await createTopic(), type, body, headers);

    assert.equal(answer.status, status, answer.text);
  });
}

/** Produces by version 3. */
async function produceV3(topic: string, body: object, query = '') {
  const { json } = await call<{ data: { cluster_id: string }[] }>('GET', '/v3/clusters');
  return call<{ error_code: number; message: string; value: object }>(
    'POST',
    `/v3/clusters/${json.data[0].cluster_id}/topics/${topic}/records`,
    { query, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
}

test('in version 3 BINARY with a schema_id is bytes of that schema, and headers name schemas on request', async () => {
  const topic = await createTopic();
  const value = { type: 'BINARY', schema_id: 7, data: 'Ag==' };

  const written = await produceV3(topic, { value });
  await produceV3(topic, { value: { data: 'Ag==', schema_id: 7, type: 'BINARY' } }, 'schema-ids=headers');
  const misfit = await produceV3(topic, { value: { ...value, data: '/w==' } });
  const text = await produceV3(topic, { value: { type: 'BINARY', schema: '"int"', data: 'Ag==' } });

  assert.deepEqual(written.json.value, { type: 'AVRO', subject: `${topic}-value`, schema_id: 7, schema_version: 3, size: 6 });
  assert.deepEqual([misfit.json.error_code, text.json.error_code], [400, 400]);
  assert.deepEqual(await stored(topic), [['000000000702'], ['02', `__value_schema_id=01${guidOf(avro)}`]]);
});

test('what is of no schema stays as it is', async () => {
  const topic = await createTopic();

  await produce(`${topic}`, 'binary', { records: [{ value: 'Ag==' }] });

  assert.deepEqual(await stored(topic), [['02']]);
});
