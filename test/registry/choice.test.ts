import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { configure } from '../harness/http/gateway.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import { askRegistry, post, produce, read, register } from './requests.ts';

configure(sharedKafka(), { SCHEMA_REGISTRY_URL: sharedRegistry() });

const record = (name: string, ...fields: string[]) => ({
  ...{ type: 'record', name, namespace: 'test' },
  fields: fields.map((field) => ({ name: field, type: 'string', default: '' })),
});
const draft7 = 'http://json-schema.org/draft-07/schema#';
const newName = () => `R${randomUUID().replaceAll('-', '')}`;

test('a schema is chosen by its id', async () => {
  const topic = await createTopic();
  const id = await register(`any-${topic}`, 'AVRO', record(newName(), 'a'));

  const answer = await produce(topic, 'avro', { value_schema_id: id, records: [{ value: { a: 'x' } }] });

  assert.equal(answer.value_schema_id, id);
  assert.deepEqual((await read(topic, 'avro'))[0].value, { a: 'x' });
});

test('a schema is chosen by its version, or as the latest of a subject', async () => {
  const topic = await createTopic();
  const name = newName();
  const first = await register(`${topic}-value`, 'AVRO', record(name, 'a'));
  const second = await register(`${topic}-value`, 'AVRO', record(name, 'a', 'b'));
  const records = [{ value: { a: 'x' } }];

  const byVersion = await produce(topic, 'avro', { value_schema_version: 1, records });
  const latest = await produce(topic, 'avro', { value_schema_version: 'latest', records });
  const bySubject = await produce(await createTopic(), 'avro', { value_subject: `${topic}-value`, records });

  assert.deepEqual([byVersion.value_schema_id, latest.value_schema_id, bySubject.value_schema_id], [first, second, second]);
  assert.deepEqual(
    (await read(topic, 'avro')).map(({ value }) => value),
    [{ a: 'x' }, { a: 'x', b: '' }],
  );
});

for (const [strategy, subjectOf] of [
  ['TOPIC_NAME', (topic: string) => `${topic}-value`],
  ['RECORD_NAME', (_: string, name: string) => `test.${name}`],
  ['TOPIC_RECORD_NAME', (topic: string, name: string) => `${topic}-test.${name}`],
] as const) {
  test(`a text is registered under the subject of the strategy ${strategy}`, async () => {
    const topic = await createTopic();
    const name = newName();

    const { value_schema_id: id } = await produce(topic, 'avro', {
      value_schema: record(name, 'a'),
      value_subject_name_strategy: strategy,
      records: [{ value: {} }],
    });

    const registered = await askRegistry('GET', `/subjects/${subjectOf(topic, name)}/versions/1`);
    assert.equal(registered.id, id);
  });
}

test('topics of one request have schemas of their own subjects', async () => {
  const topics = [await createTopic(), await createTopic()];

  const { status, json } = await post('/records', 'avro', {
    value_schema: record(newName(), 'a'),
    records: topics.map((topic) => ({ topic, value: { a: topic } })),
  });

  assert.equal(status, 200);
  assert.deepEqual(
    json.offsets.map(({ error }) => error),
    [null, null],
  );
  for (const topic of topics) {
    await askRegistry('GET', `/subjects/${topic}-value/versions/1`);
    assert.deepEqual((await read(topic, 'avro'))[0].value, { a: topic });
  }
});

test('references are followed, in each format', async () => {
  const unique = newName();
  const [avro, json, protobuf] = [await createTopic(), await createTopic(), await createTopic()];
  await register(`${unique}-avro`, 'AVRO', { type: 'enum', name: 'Colour', namespace: 'shared', symbols: ['RED', 'BLUE'] });
  await register(`${unique}-json`, 'JSON', { $schema: draft7, type: 'integer', minimum: 1 });
  await register(`${unique}-proto`, 'PROTOBUF', 'syntax = "proto3"; package shared; message Size { int32 mm = 1; }');

  await produce(avro, 'avro', {
    value_schema: { type: 'record', name: unique, fields: [{ name: 'colour', type: 'shared.Colour' }] },
    value_schema_references: [{ name: 'shared.Colour', subject: `${unique}-avro`, version: 1 }],
    records: [{ value: { colour: 'BLUE' } }],
  });
  await produce(json, 'jsonschema', {
    value_schema: { $schema: draft7, type: 'object', properties: { count: { $ref: 'count.json' } } },
    value_schema_references: [{ name: 'count.json', subject: `${unique}-json`, version: 1 }],
    records: [{ value: { count: 1 } }],
  });
  await produce(protobuf, 'protobuf', {
    value_schema: 'syntax = "proto3"; import "size.proto"; message Thing { shared.Size size = 1; }',
    value_schema_references: [{ name: 'size.proto', subject: `${unique}-proto`, version: 1 }],
    records: [{ value: { size: { mm: 5 } } }],
  });

  assert.deepEqual((await read(avro, 'avro'))[0].value, { colour: 'BLUE' });
  assert.deepEqual((await read(json, 'jsonschema'))[0].value, { count: 1 });
  assert.deepEqual((await read(protobuf, 'protobuf'))[0].value, { size: { mm: 5 } });
});

test('an incompatible schema is refused by the registry, and nothing is written', async () => {
  const topic = await createTopic();
  await register(`${topic}-value`, 'AVRO', '"string"');

  const { status, json } = await post(`/topics/${topic}`, 'avro', { value_schema: '"long"', records: [{ value: 1 }] });

  assert.deepEqual([status, json.error_code], [408, 40801]);
  assert.match(json.message, /not compatible/);
  assert.deepEqual(await read(topic, 'avro', { timeout: '0' }), []);
});
