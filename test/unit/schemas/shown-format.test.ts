import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '../../../lib/credentials/credential-source.ts';
import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { type Header, type Slice, whole } from '../../../lib/kafka/record.ts';
import type { LogicalView } from '../../../lib/schemas/codec.ts';
import { RegistryClient } from '../../../lib/schemas/registry/client.ts';
import { SchemaRegistry } from '../../../lib/schemas/registry/schema-registry.ts';
import { SchemaCodecs } from '../../../lib/schemas/schema-codecs.ts';
import { type Shown, shownFormat } from '../../../lib/schemas/shown-format.ts';
import { schemaHeader } from '../../../lib/schemas/wire-format.ts';
import { startStandIn } from '../../harness/schema-registry/stand-in.ts';

const GUID = '89791762-2336-4186-9674-299b90a802e2';

const registry = await startStandIn(({ line }) => {
  if (line === `GET /schemas/guids/${GUID}`) return { status: 200, body: { schema: '{"type":"int","logicalType":"date"}' } };
  const id = Number(line.split('/').at(-1));
  if (id === 1) return { status: 200, body: { schema: '"string"' } };
  if (id === 7) return { status: 200, body: { schema: '{"type":"array","items":"null"}' } };
  if (id === 2) return { status: 200, body: { schema: '{}', schemaType: 'JSON' } };
  if (id === 5) return { status: 200, body: { schema: '<schema/>', schemaType: 'XML' } };
  if (id === 6) return { status: 403, body: {} };
  if (id === 8) return { status: 200, body: { schema: '"com.Forbidden"', references: [{ name: 'f', subject: 'f', version: 6 }] } };
  if (id === 3) return { status: 200, body: { schema: '"nonsense"' } };
  return id === 500 || id === 501 ? { status: 500, body: {} } : { status: 404, body: { error_code: 40403 } };
});
const codecs = () =>
  new SchemaCodecs(new SchemaRegistry(new RegistryClient({ urls: [registry.url], ca: null, credentials: fixed(null) })), true);

function slice(id: number, ...payload: number[]): Slice {
  const header = Buffer.alloc(5);
  header.writeInt32BE(id, 1);
  return whole(Buffer.concat([header, Buffer.from(payload)]));
}

/** Records that have such values. */
function shown(values: readonly (Slice | null)[], headers: Header[] | null = null, view: LogicalView = 'digits'): Shown {
  return { records: values.map((value, offset) => ({ key: null, value, headers, timestamp: 0, offset })), side: 'value', view };
}

test('what has a schema of the format is shown', async () => {
  const value = slice(1, 2, 0x61);
  const format = await shownFormat('avro', shown([value, null]), codecs());
  const out = new JsonWriter(Buffer.alloc(1));

  assert.equal(format.write(out, value, true), true);
  assert.equal(out.toString(), '"a"');
});

for (const [what, value, reason] of [
  ['no header', whole(Buffer.from('text')), /does not begin as what/],
  ['an id that is unknown', slice(4), /^has the schema 4, which the schema registry does not know$/],
  ['a schema of another format', slice(2), /^has the schema 2, which is one of jsonschema: ask for that$/],
  ['a schema that cannot be read', slice(3), /^has the schema 3, which cannot be used: Invalid schema/],
  [
    'a schema of a type that only the registry knows',
    slice(5),
    /^has the schema 5, which cannot be used: Invalid schema: it is of the type "XML"/,
  ],
  [
    'a schema that the gateway may not see',
    slice(6),
    /^has the schema 6, which cannot be used: The schema registry does not let the gateway/,
  ],
  ['a schema that refers to one that the gateway may not see', slice(8), /use version 6 of the subject "f"/],
  ['bytes that do not fit', slice(1, 4, 0x61), /^does not fit its schema 1: it ends before its last byte$/],
  ['text that is not UTF-8', slice(1, 2, 0xff), /^holds text that is not UTF-8$/],
] as const) {
  test(`${what}: nothing is written, and the reason is known`, async () => {
    const format = await shownFormat('avro', shown([value]), codecs());
    const out = new JsonWriter(Buffer.alloc(1));

    assert.equal(format.write(out, value, true), false);
    assert.equal(out.at, 0);
    assert.match(format.fault?.(value) ?? '', reason);
  });
}

test('a page asks for a hundred schemas and no more', async () => {
  const before = registry.seen.length;
  const values = Array.from({ length: 150 }, (_, i) => slice(1000 + i));

  const format = await shownFormat('avro', shown(values), codecs());

  assert.equal(registry.seen.length - before, 100);
  assert.equal(format.write(new JsonWriter(Buffer.alloc(1)), values[120], true), false);
  assert.match(format.fault?.(values[120]) ?? '', /one of more than 100 in this page/);
});

test('a page becomes so much text, and what is beyond it is not shown', async () => {
  const bombs = Array.from({ length: 2000 }, () => slice(7, 0x80, 0x80, 0x80, 0x80, 0x08));
  const small = slice(1, 2, 0x61);
  const format = await shownFormat('avro', shown([...bombs, small]), codecs());
  const out = new JsonWriter(Buffer.alloc(1));
  let written = 0;
  const { put } = out;
  out.put = (piece) => {
    written += piece.length;
    put.call(out, piece);
  };

  assert.equal(format.write(out, small, false), true);
  assert.deepEqual(
    bombs.filter((bomb) => format.write(out, bomb, false)),
    [],
  );

  assert.ok(written < 40 * 2 ** 20, `${written}`);
  assert.match(format.fault?.(bombs[0]) ?? '', /^is larger than 8388608 bytes as JSON$/);
  assert.match(format.fault?.(bombs[1999]) ?? '', /ask for fewer records$/);
  assert.equal(format.write(out, small, false), false);
});

test('a registry that does not answer fails the page', async () => {
  await assert.rejects(shownFormat('avro', shown([slice(500)]), codecs()), { name: 'RegistryUnavailable' });
});

test('a header of the record names the schema, by its GUID or its id, and wins over what the value begins with', async () => {
  const value = whole(Buffer.from([2]));
  const guid = Buffer.from(`01${GUID.replaceAll('-', '')}`, 'hex');
  for (const [header, text] of [
    [guid, '1'],
    [Buffer.from([0, 0, 0, 0, 1]), null],
  ] as const) {
    const format = await shownFormat('avro', shown([value], [{ key: '__value_schema_id', value: header }]), codecs());
    const out = new JsonWriter(Buffer.alloc(1));

    assert.equal(format.write(out, value, true), text !== null);
    assert.equal(out.toString(), text ?? '');
    if (text === null) assert.match(format.fault?.(value) ?? '', /does not fit its schema 1/);
  }
});

test('a header of another side, or with other bytes, names none', async () => {
  const value = slice(1, 2, 0x61);
  for (const header of [
    { key: '__key_schema_id', value: Buffer.alloc(17, 1) },
    { key: '__value_schema_id', value: null },
    { key: '__value_schema_id', value: Buffer.alloc(16, 1) },
    { key: '__value_schema_id', value: Buffer.alloc(17, 2) },
  ]) {
    const format = await shownFormat('avro', shown([value], [header]), codecs());
    const out = new JsonWriter(Buffer.alloc(1));

    assert.equal(format.write(out, value, true), true);
    assert.equal(out.toString(), '"a"');
  }
});

test('a GUID that the registry does not know is told, and logical types are shown as the view says', async () => {
  const value = whole(Buffer.from([2]));
  const none = '00000000-0000-0000-0000-000000000000';
  const unknown = await shownFormat('avro', shown([value], [schemaHeaderOf(none)]), codecs());
  const readable = await shownFormat('avro', shown([value], [schemaHeaderOf(GUID)], 'readable'), codecs());
  const out = new JsonWriter(Buffer.alloc(1));

  assert.equal(unknown.write(out, value, true), false);
  assert.equal(unknown.fault?.(value), `has the schema ${none}, which the schema registry does not know`);
  readable.write(out, value, true);
  assert.equal(out.toString(), '"1970-01-02"');
});

function schemaHeaderOf(guid: string): Header {
  return schemaHeader('value', guid, Buffer.alloc(0));
}

test('an error tells which schema the registry could not give, whatever other requests miss at the same time', async () => {
  const shared = codecs();

  const errors = await Promise.all([500, 501, 500].map((id) => shownFormat('avro', shown([slice(id)]), shared).catch((error) => error)));

  assert.deepEqual(
    errors.map((error) => shared.missed.get(error)),
    [500, 501, 500],
  );
});
