import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { configure } from '../harness/http/gateway.ts';
import { readTopic, writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { readWithPython, writeWithPython } from './foreign-serdes.ts';
import { produce, read } from './requests.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const client = new SchemaRegistry({ host: sharedRegistry() });

const reading = JSON.stringify({
  type: 'record',
  name: 'Reading',
  namespace: 'plant',
  fields: [
    { name: 'sensor', type: 'string' },
    { name: 'count', type: 'long' },
    { name: 'value', type: ['null', 'double'], default: null },
    { name: 'unit', type: { type: 'enum', name: 'Unit', symbols: ['C', 'F'] }, default: 'C' },
    { name: 'tags', type: { type: 'map', values: 'string' }, default: {} },
    { name: 'raw', type: 'bytes', default: '' },
    { name: 'previous', type: ['null', 'Reading'], default: null },
  ],
});

const person = JSON.stringify({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Person',
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name'],
});

const orders = `syntax = "proto3";
package shop;
message Order {
  message Line { string sku = 1; optional uint32 count = 2; }
  string id = 1;
  int64 total = 2;
  repeated Line lines = 3;
  // Behind the message: serializers do not agree on whether what a map makes counts among the messages.
  map<string, int32> stock = 4;
}
message Cancel {
  string reason = 1;
  message Detail { bytes proof = 1; }
}
`;

test('Avro values are read by others, with defaults filled in and unions in either form', async () => {
  const topic = await createTopic();

  const { value_schema_id: id } = await produce(topic, 'avro', {
    value_schema: reading,
    records: [
      { value: { sensor: 'a', count: 1 } },
      {
        value: {
          sensor: 'b',
          count: -7,
          value: 1.5,
          unit: 'F',
          tags: { x: 'ü' },
          raw: '\u00ff\u0000',
          previous: { sensor: 'a', count: 1 },
        },
      },
      { value: { sensor: 'c', count: 0, value: { double: 2 }, previous: { 'plant.Reading': { sensor: 'a', count: 1 } } } },
    ],
  });

  const plain = { value: null, unit: 'C', tags: {}, previous: null };
  const a = { sensor: 'a', count: 1, ...plain };
  assert.deepEqual(await readWithPython(topic, { format: 'avro', text: reading }), [
    { ...a, raw: { bytes: '' } },
    { sensor: 'b', count: -7, value: 1.5, unit: 'F', tags: { x: 'ü' }, raw: { bytes: 'ff00' }, previous: { ...a, raw: { bytes: '' } } },
    { sensor: 'c', count: 0, ...plain, value: 2, raw: { bytes: '' }, previous: { ...a, raw: { bytes: '' } } },
  ]);
  const [first] = await readTopic(topic);
  assert.equal(first.value?.readInt32BE(1), id);
  assert.deepEqual({ ...(await client.decode(first.value ?? Buffer.alloc(0))) }, { ...a, raw: Buffer.alloc(0) });
});

test('Avro values of others are shown as Avro JSON', async () => {
  const topic = await createTopic();
  const text = JSON.stringify({
    type: 'record',
    name: 'Other',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'ratio', type: 'float' },
      { name: 'note', type: ['null', 'string'] },
    ],
  });
  await writeWithPython(topic, { format: 'avro', text }, [
    { id: 9007199254740992, ratio: 0.1, note: 'n' },
    { id: -1, ratio: 2, note: null },
  ]);

  const records = await read(topic, 'avro');

  assert.deepEqual(
    records.map(({ value }) => value),
    [
      { id: 9007199254740992, ratio: 0.1, note: { string: 'n' } },
      { id: -1, ratio: 2, note: null },
    ],
  );
});

test('JSON Schema values are read by others, and theirs are shown', async () => {
  const topic = await createTopic();

  await produce(topic, 'jsonschema', { value_schema: person, records: [{ value: { name: 'Ada', age: 36 } }] });
  await writeWithPython(topic, { format: 'jsonschema', text: person }, [{ name: 'Bo' }]);

  assert.deepEqual(await readWithPython(topic, { format: 'jsonschema', text: person }), [{ name: 'Ada', age: 36 }, { name: 'Bo' }]);
  assert.deepEqual(
    (await read(topic, 'jsonschema')).map(({ value }) => value),
    [{ name: 'Ada', age: 36 }, { name: 'Bo' }],
  );
  const [first] = await readTopic(topic);
  assert.deepEqual(await client.decode(first.value ?? Buffer.alloc(0)), { name: 'Ada', age: 36 });
});

test('values that an npm client encoded are shown', async () => {
  const avro = await createTopic();
  const json = await createTopic();
  const { value_schema_id: avroId } = await produce(avro, 'avro', {
    value_schema: reading,
    records: [{ value: { sensor: 'x', count: 1 } }],
  });
  const { value_schema_id: jsonId } = await produce(json, 'jsonschema', { value_schema: person, records: [{ value: { name: 'x' } }] });

  const sensor = { sensor: 'y', count: 2, value: null, unit: 'C', tags: {}, raw: Buffer.from('é'), previous: null };
  await writeTopic(avro, [{ value: await client.encode(avroId ?? 0, sensor), partition: 0 }]);
  await writeTopic(json, [{ value: await client.encode(jsonId ?? 0, { name: 'y' }), partition: 0 }]);

  assert.deepEqual((await read(avro, 'avro'))[1].value, { ...sensor, raw: 'Ã©' });
  assert.deepEqual((await read(json, 'jsonschema'))[1].value, { name: 'y' });
});

const messages: [message: string, value: object, shown: object][] = [
  [
    'Order',
    { id: 'o1', total: '9007199254740993', lines: [{ sku: 's', count: 2 }, { sku: 't' }], stock: { s: 4 } },
    { id: 'o1', total: '9007199254740993', lines: [{ sku: 's', count: 2 }, { sku: 't' }], stock: { s: 4 } },
  ],
  ['Order.Line', { sku: 'only' }, { sku: 'only' }],
  ['Cancel', { reason: 'late' }, { reason: 'late' }],
  ['Cancel.Detail', { proof: 'AAE=' }, { proof: 'AAE=' }],
];

for (const [message, value, shown] of messages) {
  test(`Protobuf values are read by others, and theirs are shown: ${message}`, async () => {
    const topic = await createTopic();
    const other = await createTopic();
    const schema = { format: 'protobuf', text: orders, message } as const;

    await produce(topic, 'protobuf', { value_schema: orders, value_message: message, records: [{ value }] });
    // It registers the schema as a descriptor in base64.
    await writeWithPython(other, schema, [value]);

    assert.deepEqual(await readWithPython(topic, schema), [value]);
    for (const written of [topic, other]) {
      const [record] = await read(written, 'protobuf');
      assert.deepEqual([record.value, record.error], [shown, undefined]);
    }
    const [[ours], [theirs]] = [await readTopic(topic), await readTopic(other)];
    assert.deepEqual(ours.value?.subarray(5), theirs.value?.subarray(5));
  });
}

test('keys have schemas of their own', async () => {
  const topic = await createTopic();

  const answer = await produce(topic, 'avro', {
    key_schema: '"string"',
    value_schema: '"long"',
    records: [{ key: 'k', value: 5 }, { key: 'tombstone', value: null }, { value: 6 }],
  });

  assert.ok(answer.key_schema_id !== null && answer.key_schema_id !== answer.value_schema_id);
  const records = await read(topic, 'avro');
  assert.deepEqual(
    records.map(({ key, value, error }) => [key, value, error]),
    [
      ['k', 5, undefined],
      ['tombstone', null, undefined],
      [null, 6, undefined],
    ],
  );
  const [, tombstone] = await readTopic(topic);
  assert.equal(tombstone.value, null);
});

test('keys may have another format than values', async () => {
  const topic = await createTopic();

  await produce(topic, 'avro', { records: [{ key: 'plain', value: 5 }], value_schema: '"long"', key_format: 'text' });
  await produce(topic, 'json', { key_format: 'protobuf', key_schema: orders, records: [{ key: { id: 'o' }, value: { n: 1.0 } }] });

  const [first] = await read(topic, 'avro', { 'key-format': 'text' });
  const [, second] = await read(topic, 'json', { 'key-format': 'protobuf' });
  assert.deepEqual([first.key, first.value], ['plain', 5]);
  assert.deepEqual([second.key, second.value], [{ id: 'o', total: '0', lines: [], stock: {} }, { n: 1 }]);
});
