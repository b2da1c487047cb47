import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsumer, newGroup } from '../harness/consumers/consumer-requests.ts';
import { call, configure } from '../harness/http/gateway.ts';
import { assertRefused } from '../harness/http/refusal.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { produce } from './requests.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const schemas = {
  avro: JSON.stringify({ type: 'record', name: 'Named', fields: [{ name: 'name', type: 'string' }] }),
  jsonschema: JSON.stringify({ type: 'object', properties: { name: { type: 'string' } } }),
  protobuf: 'syntax = "proto3"; message Named { string name = 1; }',
};

for (const [format, schema] of Object.entries(schemas)) {
  test(`an instance reads ${format} with its schema, and one that cannot be read with its error`, async (t) => {
    const topic = await createTopic();
    await produce(topic, format, { value_schema: schema, records: [{ value: { name: 'Ada' } }] });
    await writeTopic(topic, [{ value: Buffer.from('not framed') }]);
    const consumer = await createConsumer(t, newGroup(), { format });
    await consumer.subscribe([topic]);

    const other = await consumer.poll({}, { headers: { accept: 'application/vnd.kafka.json.v2+json' } });
    const records = [...(await consumer.records({ max_bytes: 1 })), ...(await consumer.records())];

    assert.deepEqual([other.status, /Consumer format does not match/.test(other.text)], [406, true]);
    assert.deepEqual(
      records.map(({ value, error }) => [value, error?.error_code ?? null]),
      [
        [{ name: 'Ada' }, null],
        [null, 40801],
      ],
    );
  });
}

test('a format that there is not is refused, with those that there are', async () => {
  const body = JSON.stringify({ format: 'xml' });
  const answer = await call('POST', `/consumers/${newGroup()}`, { headers: { 'content-type': 'application/json' }, body });

  assertRefused(answer, { status: 422, code: 422, message: /use binary, json, text, avro, jsonschema, protobuf$/ });
});
