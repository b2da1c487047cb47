import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '../../../lib/credentials/credential-source.ts';
import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { type Slice, whole } from '../../../lib/kafka/record.ts';
import { RegistryClient } from '../../../lib/schemas/registry/client.ts';
import { SchemaRegistry } from '../../../lib/schemas/registry/schema-registry.ts';
import { SchemaCodecs } from '../../../lib/schemas/schema-codecs.ts';
import { shownFormat } from '../../../lib/schemas/shown-format.ts';
import { startStandIn } from '../../harness/schema-registry/stand-in.ts';

const registry = await startStandIn(({ line }) => {
  const id = Number(line.split('/').at(-1));
  if (id === 1) return { status: 200, body: { schema: '"string"' } };
  if (id === 7) return { status: 200, body: { schema: '{"type":"array","items":"null"}' } };
  if (id === 2) return { status: 200, body: { schema: '{}', schemaType: 'JSON' } };
  if (id === 3) return { status: 200, body: { schema: '"nonsense"' } };
  return id === 500 ? { status: 500, body: {} } : { status: 404, body: {} };
});
const codecs = () =>
  new SchemaCodecs(new SchemaRegistry(new RegistryClient({ urls: [registry.url], ca: null, credentials: fixed(null) })), true);

function slice(id: number, ...payload: number[]): Slice {
  const header = Buffer.alloc(5);
  header.writeInt32BE(id, 1);
  return whole(Buffer.concat([header, Buffer.from(payload)]));
}

test('what has a schema of the format is shown', async () => {
  const value = slice(1, 2, 0x61);
  const format = await shownFormat('avro', [value, null], codecs());
  const out = new JsonWriter(Buffer.alloc(1));

  assert.equal(format.write(out, value, true), true);
  assert.equal(out.toString(), '"a"');
});

for (const [what, value, reason] of [
  ['no header', whole(Buffer.from('text')), /does not begin as what/],
  ['an id that is unknown', slice(4), /^has the schema 4, which the schema registry does not know$/],
  ['a schema of another format', slice(2), /^has the schema 2, which is one of jsonschema: ask for that$/],
  ['a schema that cannot be read', slice(3), /^has the schema 3, which cannot be used: Invalid schema/],
  ['bytes that do not fit', slice(1, 4, 0x61), /^does not fit its schema 1: it ends before its last byte$/],
  ['text that is not UTF-8', slice(1, 2, 0xff), /^holds text that is not UTF-8$/],
] as const) {
  test(`${what}: nothing is written, and the reason is known`, async () => {
    const format = await shownFormat('avro', [value], codecs());
    const out = new JsonWriter(Buffer.alloc(1));

    assert.equal(format.write(out, value, true), false);
    assert.equal(out.at, 0);
    assert.match(format.fault?.(value) ?? '', reason);
  });
}

test('a page asks for a hundred schemas and no more', async () => {
  const before = registry.seen.length;
  const values = Array.from({ length: 150 }, (_, i) => slice(1000 + i));

  const format = await shownFormat('avro', values, codecs());

  assert.equal(registry.seen.length - before, 100);
  assert.equal(format.write(new JsonWriter(Buffer.alloc(1)), values[120], true), false);
  assert.match(format.fault?.(values[120]) ?? '', /one of more than 100 in this page/);
});

test('a page becomes so much text, and what is beyond it is not shown', async () => {
  const bombs = Array.from({ length: 2000 }, () => slice(7, 0x80, 0x80, 0x80, 0x80, 0x08));
  const small = slice(1, 2, 0x61);
  const format = await shownFormat('avro', [...bombs, small], codecs());
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
  await assert.rejects(shownFormat('avro', [slice(500)], codecs()), { name: 'RegistryUnavailable' });
});
