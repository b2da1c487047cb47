import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { configure } from '../harness/http/gateway.ts';
import { clusterId, linesOf, postJson, stream } from '../harness/http/v3.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startFront } from './front.ts';
import { askRegistry, read, register } from './requests.ts';

const front = await startFront();
configure(sharedKafka(), { SCHEMA_REGISTRY_URL: front.url });

const newName = () => `R${randomUUID().replaceAll('-', '')}`;
const avro = (name = newName()) => JSON.stringify({ type: 'record', name, namespace: 'test', fields: [{ name: 'a', type: 'int' }] });
const jsonSchema = JSON.stringify({ type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] });
const proto = 'syntax = "proto3"; message Thing { int32 a = 1; }';

for (const [type, format, schema, size] of [
  ['AVRO', 'avro', avro(), 6],
  ['JSONSCHEMA', 'jsonschema', jsonSchema, 12],
  ['PROTOBUF', 'protobuf', proto, 8],
] as const) {
  test(`${type} is written with a schema given as text, for keys and for values`, async () => {
    const topic = await createTopic();
    const data = { type, schema, data: { a: 1 } };

    const lines = linesOf(await stream(topic, [{ key: data, value: data }]));

    const key = await askRegistry('GET', `/subjects/${topic}-key/versions/1`);
    const value = await askRegistry('GET', `/subjects/${topic}-value/versions/1`);
    assert.deepEqual(
      lines.map(({ error_code, key, value }) => ({ error_code, key, value })),
      [
        {
          error_code: 200,
          key: { type, subject: `${topic}-key`, schema_id: key.id, schema_version: 1, size },
          value: { type, subject: `${topic}-value`, schema_id: value.id, schema_version: 1, size },
        },
      ],
    );
    const [stored] = await read(topic, format);
    assert.deepEqual([stored.key, stored.value], [{ a: 1 }, { a: 1 }]);
  });
}

test('a schema of the registry is chosen by id, by version, by subject, or is the latest, and brings its type', async () => {
  const topic = await createTopic();
  const subject = `${topic}-value`;
  const name = newName();
  const first = await register(subject, 'AVRO', avro(name));
  const second = await register(subject, 'AVRO', avro(name).replace('"int"', '"long"'));
  const elsewhere = await register(`other-${topic}`, 'JSON', jsonSchema);
  const data = { a: 1 };

  const lines = linesOf(
    await stream(topic, [
      { value: { schema_id: first, data } },
      { value: { schema_version: 1, data } },
      { value: { data } },
      { value: { subject: `other-${topic}`, data } },
      { value: { subject_name_strategy: 'TOPIC_NAME', data } },
      { value: { type: 'STRING', data: 'x' } },
    ]),
  );

  const of = (schema_id: number, schema_version: number) => ({ type: 'AVRO', subject, schema_id, schema_version, size: 6 });
  assert.deepEqual(
    lines.map(({ value }) => value),
    [
      of(first, 1),
      of(first, 1),
      of(second, 2),
      { type: 'JSONSCHEMA', subject: `other-${topic}`, schema_id: elsewhere, schema_version: 1, size: 12 },
      of(second, 2),
      { type: 'STRING', size: 1 },
    ],
  );
});

test('a text is registered under the name of its record where that is asked for', async () => {
  const topic = await createTopic();
  const name = newName();
  const value = { type: 'AVRO', schema: avro(name), data: { a: 1 } };

  const lines = linesOf(
    await stream(topic, [
      { value: { ...value, subject_name_strategy: 'RECORD_NAME' } },
      { value: { ...value, subject_name_strategy: 'TOPIC_RECORD_NAME' } },
    ]),
  );

  assert.deepEqual(
    lines.map(({ value }) => value && 'subject' in value && value.subject),
    [`test.${name}`, `${topic}-test.${name}`],
  );
});

test('each record has its own fate: what does not fit its schema, and schemas that are not there', async () => {
  const topic = await createTopic();
  const other = await register(`other-${topic}`, 'AVRO', avro());
  const schema = avro();
  const value = (data: unknown) => ({ value: { type: 'AVRO', schema, data } });

  const lines = linesOf(
    await stream(topic, [
      value({ a: 1 }),
      value({ a: 'x' }),
      { value: { schema_id: 2 ** 31 - 1, data: 1 } },
      { value: { schema_id: other, data: { a: 1 } } },
      { value: { schema_id: 'x', data: 1 } },
      { value: { type: 'AVRO', schema: '{"type":"none"}', data: 1 } },
      { key: { subject_name_strategy: 'RECORD_NAME', data: 1 } },
      value(null),
      value({ a: 2 }),
    ]),
  );

  assert.deepEqual(
    lines.map(({ error_code }) => error_code),
    [200, 400, 422, 422, 400, 422, 400, 200, 200],
  );
  assert.match(`${lines[1].message}`, /^records\[1\]\.value\.data\.a /);
  assert.equal(lines[2].message, 'Error: 42207 : The schema registry has no schema 2147483647: register it first, or name another one');
  assert.match(`${lines[3].message}`, /^Error: 42207 : The schema registry has no subject "\S+-value" with this schema: register it first/);
  assert.match(`${lines[4].message}`, /^records\[4\]\.value\.schema_id must be an integer/);
  assert.match(`${lines[5].message}`, /^Error: 42205 : Invalid schema: /);
  assert.match(`${lines[6].message}`, /RECORD_NAME of the key needs a schema with a name/);
  assert.deepEqual(
    (await read(topic, 'avro')).map((record) => record.value),
    [{ a: 1 }, null, { a: 2 }],
  );
});

test('a batch has schemas, too', async () => {
  const topic = await createTopic();
  const schema = avro();
  const entry = (id: string, data: object) => ({ id, value: { type: 'AVRO', schema, data } });

  const { status, json } = await postJson<{ successes: { id: string; value: object }[]; failures: { id: string; error_code: number }[] }>(
    `/v3/clusters/${await clusterId()}/topics/${topic}/records:batch`,
    { entries: [entry('bad', {}), entry('good', { a: 1 })] },
  );

  const { id } = await askRegistry('GET', `/subjects/${topic}-value/versions/1`);
  assert.equal(status, 207);
  assert.deepEqual(
    json.successes.map(({ id, value }) => [id, value]),
    [['good', { type: 'AVRO', subject: `${topic}-value`, schema_id: id, schema_version: 1, size: 6 }]],
  );
  assert.deepEqual(
    json.failures.map(({ id, error_code }) => [id, error_code]),
    [['bad', 400]],
  );
});

test('with the registry down, records that need it fail after one look, and the others are written', async () => {
  const topic = await createTopic();
  const text = { value: { type: 'STRING', data: 'x' } };
  const before = front.requests.length;
  front.state = 'down';
  try {
    const lines = linesOf(
      await stream(topic, [text, ...[1, 2, 3].map(() => ({ value: { type: 'AVRO', schema: avro(), data: { a: 1 } } })), text]),
    );

    assert.deepEqual(
      lines.map(({ error_code }) => error_code),
      [200, 50305, 50305, 50305, 200],
    );
  } finally {
    front.state = 'up';
  }
  assert.equal(front.requests.length, before + 1);
});

test('a warm request asks the registry nothing', async () => {
  const topic = await createTopic();
  const records = [{ value: { type: 'AVRO', schema: avro(), data: { a: 1 } } }];
  await stream(topic, records);
  const before = front.requests.length;

  const [line] = linesOf(await stream(topic, records));

  assert.equal(line.error_code, 200);
  assert.deepEqual(front.requests.slice(before), []);
});
