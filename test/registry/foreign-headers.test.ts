import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../harness/http/gateway.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startStandIn } from '../harness/schema-registry/stand-in.ts';
import { readWithPython, writeWithPython } from './foreign-serdes.ts';
import { read, type SchemaFormat } from './requests.ts';

// Schemas named in headers, with HeaderSchemaIdSerializer of Confluent's own client on the other side. No registry that can be had from
// a package gives GUIDs: this one does, and keeps the schemas that are registered.

interface Registered {
  id: number;
  version: number;
  guid: string;
  subject: string;
  schema: string;
  schemaType?: string | undefined;
}

const schemas: Registered[] = [];

function register(subject: string, { schema, schemaType }: Pick<Registered, 'schema' | 'schemaType'>): Registered {
  const known = schemas.find((one) => one.schema === schema);
  if (known !== undefined) return known;
  const id = schemas.length + 1;
  const one = { id, version: 1, guid: `89791762-2336-4186-9674-${String(id).padStart(12, '0')}`, subject, schema, schemaType };
  schemas.push(one);
  return one;
}

const registry = await startStandIn(({ line, body }) => {
  const [, method = '', what = '', name = ''] = /^(\w+) \/(subjects|schemas\/ids|schemas\/guids)\/([^/?]+)/.exec(line) ?? [];
  if (method === 'POST') return { status: 200, body: register(name, body as { schema: string }) };
  const found = schemas.find((one) => (what === 'schemas/ids' ? String(one.id) : one.guid) === name);
  return found === undefined ? { status: 404, body: { error_code: 40403, message: 'none' } } : { status: 200, body: found };
});
configure(sharedKafka(), { SCHEMA_REGISTRY_URL: registry.url });

const proto = `syntax = "proto3";
package shop;
message Order { message Line { string sku = 1; } string id = 1; }
message Cancel { message Other { int32 a = 1; } message Detail { message Deep { string sku = 1; } string sku = 1; } }
`;

const cases: readonly [format: SchemaFormat, text: string, message: string | undefined, value: object, header: RegExp][] = [
  ['avro', '{"type":"record","name":"R","fields":[{"name":"sku","type":"string"}]}', undefined, { sku: 'Zürich' }, /^01.{32}$/],
  ['protobuf', proto, 'Order', { id: 'ü' }, /^01.{32}00$/],
  ['protobuf', proto, 'Cancel.Detail.Deep', { sku: 'ü' }, /^01.{32}06020200$/],
];

for (const [format, text, message, value, header] of cases) {
  test(`a client of Confluent's reads and writes the headers of ${message ?? format} as the gateway does`, async () => {
    const topic = await createTopic();
    const schema = { format, text, registry: registry.url, ...(message !== undefined && { message }) };

    const written = await call('POST', `/topics/${topic}`, {
      query: 'schema-ids=headers',
      headers: { 'content-type': `application/vnd.kafka.${format}.v2+json` },
      body: JSON.stringify({ value_schema: text, ...(message && { value_message: message }), records: [{ value }] }),
    });
    await writeWithPython(topic, schema, [value], 'headers');

    assert.equal(written.status, 200, written.text);
    assert.deepEqual(await readWithPython(topic, schema), [value, value]);
    assert.deepEqual(
      (await read(topic, format)).map((one) => one.value),
      [value, value],
    );
    for (const { headers } of await read(topic, 'binary')) {
      assert.equal(headers[0].key, '__value_schema_id');
      assert.match(Buffer.from(String(headers[0].value), 'base64').toString('hex'), header);
    }
  });
}
