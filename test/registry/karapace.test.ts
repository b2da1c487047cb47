import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsumer, newGroup } from '../harness/consumers/consumer-requests.ts';
import { configure } from '../harness/http/gateway.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { produce, register } from './requests.ts';

// What Karapace is tested for in its own integration tests of REST consumers with a schema registry, in our words.
configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const user = JSON.stringify({
  ...{ type: 'record', namespace: 'example.avro', name: 'User' },
  fields: [
    { name: 'name', type: 'string' },
    { name: 'favorite_number', type: 'int' },
    { name: 'favorite_color', type: 'string' },
  ],
});
const message = `syntax = "proto3";
message Message { int32 query = 1; Enum speed = 2; }
enum Enum { HIGH = 0; MIDDLE = 1; LOW = 2; }`;
const sensor = `syntax = "proto3";
message SensorInfo {
  int32 q = 1;
  Enu sensor_type = 2;
  repeated int32 nums = 3;
  Order order = 4;
  message Order { string item = 1; }
}
enum Enu { H1 = 0; M1 = 1; L1 = 2; }`;

for (const [what, format, schema, values] of [
  ['Avro', 'avro', user, [{ name: 'Ada', favorite_number: 10, favorite_color: 'bar' }]],
  [
    ...(['Protobuf', 'protobuf', message] as const),
    [
      { query: 5, speed: 'HIGH' },
      { query: 10, speed: 'MIDDLE' },
    ],
  ],
] as const) {
  for (const trail of ['', '/']) {
    test(`${what} is read as it was produced, behind its path ${JSON.stringify(trail)} (same)`, async (t) => {
      const topic = await createTopic();
      const consumer = await createConsumer(t, newGroup(), { format });
      await consumer.assign([{ topic, partition: 0 }]);
      await produce(topic, format, { value_schema: schema, records: values.map((value) => ({ value })) });

      const { json } = await consumer.request<{ value: unknown }[]>('GET', `/records${trail}`, undefined, { query: { timeout: 5000 } });

      assert.deepEqual(
        json.map(({ value }) => value),
        values,
      );
    });
  }
}

/** Reads one record of a topic. */
async function readOne(...[t, format, topic]: [Parameters<typeof createConsumer>[0], string, string]) {
  const consumer = await createConsumer(t, newGroup(), { format });
  await consumer.assign([{ topic, partition: 0 }]);
  const [record] = await consumer.records();
  return record;
}

// Karapace names fields as their schema does, the gateway as the JSON encoding of Protobuf.
test('fields of Protobuf are shown by their names in JSON (otherwise, twice)', async (t) => {
  const topic = await createTopic();
  const value = { q: 1, sensor_type: 'M1', nums: [3, 4], order: { item: 'ABC01223' } };
  await produce(topic, 'protobuf', { value_schema: sensor, records: [{ value }] });

  const { sensor_type, ...others } = value;
  assert.deepEqual((await readOne(t, 'protobuf', topic)).value, { ...others, sensorType: sensor_type });
});

// Karapace shows the values of unions and bytes without their types; here they are as the JSON encoding of Avro has them.
test('a union and bytes are shown as Avro JSON (otherwise, twice)', async (t) => {
  const topic = await createTopic();
  const schema = JSON.stringify({
    ...{ type: 'record', name: 'Minimal' },
    fields: [
      { name: 'v', type: ['null', 'string', 'long'] },
      { name: 'raw', type: 'bytes' },
    ],
  });
  await produce(topic, 'avro', { value_schema: schema, records: [{ value: { v: { string: 'value' }, raw: '\u0001\u0002' } }] });

  assert.deepEqual((await readOne(t, 'avro', topic)).value, { v: { string: 'value' }, raw: '\u0001\u0002' });
});

// Karapace refuses the poll for a value with 422, and shows the bytes of such a key in the place of it.
for (const format of ['avro', 'jsonschema', 'protobuf']) {
  test(`bytes that are not ${format} are shown with an error (otherwise)`, async (t) => {
    const [keys, values] = [await createTopic(), await createTopic()];
    await writeTopic(keys, [{ key: Buffer.from('testkey'), value: null }]);
    await writeTopic(values, [{ value: Buffer.from('test') }]);

    const [key, value] = [await readOne(t, format, keys), await readOne(t, format, values)];

    assert.deepEqual([key.key, key.error?.error_code], [null, 40801]);
    assert.deepEqual([value.value, value.error?.error_code], [null, 40801]);
  });
}

test('a Protobuf value whose schema refers to others is read in its own format (otherwise: Karapace reads it in that of Avro, too)', async (t) => {
  const topic = await createTopic();
  const inner = `inner-${topic}`;
  await register(inner, 'PROTOBUF', 'syntax = "proto3"; message Inner { string name = 1; }');
  const outer = 'syntax = "proto3"; import "Inner.proto"; message Outer { Inner example = 1; }';
  const id = await register(`${topic}-value`, 'PROTOBUF', outer, [{ name: 'Inner.proto', subject: inner, version: 1 }]);
  await produce(topic, 'protobuf', { value_schema_id: id, records: [{ value: { example: { name: 'myname' } } }] });

  assert.deepEqual((await readOne(t, 'protobuf', topic)).value, { example: { name: 'myname' } });
  assert.equal((await readOne(t, 'avro', topic)).error?.error_code, 40801);
});
