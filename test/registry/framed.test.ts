import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../harness/http/gateway.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { post, produce, read, register } from './requests.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const json = '{ "a": 1 }';
const cases = [
  ['avro', 'AVRO', '{"type":"record","name":"Framed","fields":[{"name":"a","type":"int"}]}', Buffer.from([2])],
  ['protobuf', 'PROTOBUF', 'syntax = "proto3"; message Framed { int32 a = 1; }', Buffer.from([8, 1])],
  ['jsonschema', 'JSON', '{"type":"object","properties":{"a":{"type":"integer"}}}', Buffer.from(json)],
] as const;

for (const [format, type, schema, bytes] of cases) {
  test(`bytes that are of a schema of ${format} already get its id, and are refused when they are not`, async () => {
    const topic = await createTopic();
    const id = await register(`${topic}-value`, type, schema);

    const { value_schema_id } = await produce(topic, 'binary', {
      value_schema_id: id,
      records: [{ value: bytes.toString('base64') }, { value: null }],
    });
    const refused = await post(`/topics/${topic}`, 'binary', { value_schema_id: id, records: [{ value: '/////w==' }] });

    assert.equal(value_schema_id, id);
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.json.message, /^records\[0\]\.value /);
    assert.deepEqual(
      (await read(topic, format)).map(({ value }) => value),
      [{ a: 1 }, null],
    );
  });
}

test('bytes need a schema that is registered', async () => {
  const topic = await createTopic();
  const value = Buffer.from([2]).toString('base64');
  const unknown = await post(`/topics/${topic}`, 'binary', { value_schema_id: 99_999_999, records: [{ value }] });
  const text = await post(`/topics/${topic}`, 'binary', { value_schema: '"int"', records: [{ value }] });

  assert.equal(unknown.status, 408, unknown.text);
  assert.deepEqual([text.status, text.json.message], [422, 'value_schema must be registered before, and named by value_schema_id']);
});
