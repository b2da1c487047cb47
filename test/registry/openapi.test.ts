import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { call, configure, type RequestParts } from '../harness/http/gateway.ts';
import { clusterId } from '../harness/http/v3.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { createWorld, type World } from '../harness/openapi/world.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const avro = 'application/vnd.kafka.avro.v2+json';

let world: World;

before(async () => {
  world = await createWorld();
});

/** Sends a request of an operation, and asserts that the answer is described. */
async function described(operationId: string, path: string, parts: RequestParts) {
  const operation = world.operations.find((one) => one.operation.operationId === operationId);
  assert.ok(operation);
  const answer = await call(operation.method, path, parts);
  world.conformity.assertDescribed(operation, answer);
  return answer;
}

test('records with schemas are answered and shown as the description says', async () => {
  const topic = await createTopic();
  const body = JSON.stringify({ key_format: 'text', value_schema: '"long"', records: [{ key: 'a', value: 1 }] });

  const written = await described('produce', `/topics/${topic}`, { headers: { 'content-type': avro }, body });
  const page = await described('fetchRecords', `/topics/${topic}/partitions/0/records`, {
    headers: { accept: avro },
    query: 'offset=0&timeout=0&key-format=text',
  });

  assert.deepEqual([written.status, page.status, page.headers['content-type']], [200, 200, avro], page.text);
});

test('records of v3 with schemas are answered as the description says', async () => {
  const path = `/v3/clusters/${await clusterId()}/topics/${await createTopic()}/records`;
  const value = { type: 'AVRO', schema: '"long"', data: 1 };
  const headers = { 'content-type': 'application/json' };

  const stream = await described('produceV3', path, { headers, body: JSON.stringify({ value }) });
  const batch = await described('produceV3Batch', `${path}:batch`, { headers, body: JSON.stringify({ entries: [{ id: 'a', value }] }) });

  assert.match(stream.text, /"type":"AVRO".*"schema_id":\d+/);
  assert.match(batch.text, /"type":"AVRO".*"schema_id":\d+/);
});

test('what is wrong with a schema is an error of the description', async () => {
  const topic = await createTopic();
  const ask = async (content: object) =>
    (await described('produce', `/topics/${topic}`, { headers: { 'content-type': avro }, body: JSON.stringify(content) })).status;
  const records = [{ value: 1 }];

  const statuses = [
    await ask({ records }),
    await ask({ records, value_schema: '{"type":"nothing"}' }),
    await ask({ records, value_schema_id: 2_000_000_000 }),
    await ask({ records: [{ value: 'a' }], value_schema: '"long"', value_subject: `subject-${randomUUID()}` }),
  ];

  assert.deepEqual(statuses, [422, 422, 408, 422]);
});
