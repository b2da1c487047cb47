import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '../../../../lib/credentials/credential-source.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import { RegistryClient } from '../../../../lib/schemas/registry/client.ts';
import { SchemaRegistry, type SchemaText } from '../../../../lib/schemas/registry/schema-registry.ts';
import { type SeenRequest, startStandIn } from '../../../harness/schema-registry/stand-in.ts';

/** A registry that gives these answers, by method and path; 404 to all else. */
async function registryWith(answers: Record<string, object | [status: number, body: object]>) {
  const { url, seen } = await startStandIn(({ line }: SeenRequest) => {
    const found = answers[line];
    if (found === undefined) return { status: 404, body: { error_code: 40403 } };
    return Array.isArray(found) ? { status: found[0], body: found[1] } : { status: 200, body: found };
  });
  const client = new RegistryClient({ urls: [url], ca: null, credentials: fixed(null) });
  return { registry: new SchemaRegistry(client), seen, lines: () => seen.map(({ line }) => line) };
}

const text: SchemaText = { format: 'avro', schema: '"int"', references: [] };
/** As a registry gives it that has no names for all registries. */
const named = { ...text, guid: null };

test('a schema is asked for once by its id; without a type it is Avro', async () => {
  const { registry, lines } = await registryWith({ 'GET /schemas/ids/7': { schema: '"int"' } });

  assert.deepEqual(await registry.byId(7), named);
  assert.deepEqual(await registry.byId(7), named);
  assert.deepEqual(lines(), ['GET /schemas/ids/7']);
});

for (const [what, ask] of [
  ['an id', (registry: SchemaRegistry) => registry.byId(7)],
  ['a version', (registry: SchemaRegistry) => registry.version('s', 'latest')],
  ['a text', (registry: SchemaRegistry) => registry.idOf('s', text, true)],
] as const) {
  test(`where another server says that it does not know ${what}, the schema is not missing, and the log names the variable`, async () => {
    const nowhere = [404, {}] as [number, object];
    const { registry, lines } = await registryWith({
      'GET /schemas/ids/7': nowhere,
      'GET /subjects/s/versions/latest': nowhere,
      'POST /subjects/s': nowhere,
    });

    await assert.rejects(ask(registry), (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.name, 'RegistryUnavailable');
      assert.match(String(error.cause), /404 without an error code.*see SCHEMA_REGISTRY_URL/);
      return true;
    });
    assert.equal(lines().length, 1);
  });
}

test('a GUID is unknown to a registry that knows no GUIDs', async () => {
  const { registry } = await registryWith({ 'GET /schemas/guids/g': [404, {}] });

  assert.equal(await registry.byGuid('g'), null);
});

test('an id that is unknown is asked for again after a while', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { registry, lines } = await registryWith({});

  assert.equal(await registry.byId(7), null);
  assert.equal(await registry.byId(7), null);
  assert.equal(lines().length, 1);
  t.mock.timers.tick(10_000);
  assert.equal(await registry.byId(7), null);
  assert.equal(lines().length, 2);
});

test('a schema that the gateway may not see is told from one that there is not, and asked for again after a while', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { registry, lines } = await registryWith({ 'GET /schemas/ids/7': [403, {}] });
  const forbidden = { name: 'SchemaNotAvailable', message: /does not let the gateway use schema 7: name another one/ };

  await assert.rejects(registry.byId(7), forbidden);
  await assert.rejects(registry.byId(7), forbidden);
  assert.equal(lines().length, 1);
  t.mock.timers.tick(10_000);
  await assert.rejects(registry.byId(7), forbidden);
  assert.equal(lines().length, 2);
});

test('a version is kept for good, the latest for a minute', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const body = { id: 3, schema: '"int"', schemaType: 'AVRO' };
  const { registry, lines } = await registryWith({ 'GET /subjects/s/versions/1': body, 'GET /subjects/s/versions/latest': body });

  for (let minute = 0; minute < 2; minute++) {
    assert.deepEqual(await registry.version('s', 1), { ...text, id: 3 });
    assert.deepEqual(await registry.version('s', 'latest'), { ...text, id: 3 });
    t.mock.timers.tick(60_000);
  }

  assert.deepEqual(lines(), ['GET /subjects/s/versions/1', 'GET /subjects/s/versions/latest', 'GET /subjects/s/versions/latest']);
});

for (const id of [2 ** 32 + 1, -1, 1.5, '7', null]) {
  test(`an id of ${JSON.stringify(id)}, which records have no room for, is no answer`, async () => {
    const { registry } = await registryWith({
      'POST /subjects/s': { id },
      'GET /subjects/s/versions/latest': { id, schema: '"int"' },
    });

    await assert.rejects(registry.idOf('s', text, false), { name: 'RegistryUnavailable' });
    await assert.rejects(registry.version('s', 'latest'), { name: 'RegistryUnavailable' });
  });
}

test('a text that is there is looked up, and not registered', async () => {
  const { registry, lines, seen } = await registryWith({ 'POST /subjects/s': { id: 9 } });

  assert.equal(await registry.idOf('s', text, true), 9);
  assert.equal(await registry.idOf('s', text, true), 9);
  assert.deepEqual(lines(), ['POST /subjects/s']);
  assert.deepEqual(seen[0].body, { schema: '"int"', schemaType: 'AVRO' });
});

test('a text that is not there is registered where it may be', async () => {
  const { registry, lines } = await registryWith({ 'POST /subjects/s/versions': { id: 9 } });

  await assert.rejects(registry.idOf('s', text, false), {
    name: 'SchemaNotAvailable',
    message: 'The schema registry has no subject "s" with this schema: register it first, or name another one',
  });
  assert.equal(await registry.idOf('s', text, true), 9);
  assert.deepEqual(lines(), ['POST /subjects/s', 'POST /subjects/s', 'POST /subjects/s/versions']);
});

for (const [status, name, message] of [
  [409, 'SchemaNotAvailable', /not compatible with earlier ones of its subject: said/],
  [422, 'InvalidSchema', /refuses it: said/],
  [400, 'InvalidSchema', /refuses it: said/],
  [403, 'SchemaNotAvailable', /does not let the gateway use subject "s" with this schema/],
  [410, 'SchemaNotAvailable', /answered 410: said/],
] as const) {
  test(`${status} when a schema is registered is ${name}`, async () => {
    const { registry } = await registryWith({ 'POST /subjects/s/versions': [status, { message: 'said' }] });

    await assert.rejects(registry.idOf('s', text, true), { name, message });
  });
}

for (const body of [{}, { schema: '"int"', schemaType: 7 }, { schema: '"int"', references: [{}] }]) {
  test(`${JSON.stringify(body)} is no answer`, async () => {
    const { registry } = await registryWith({ 'GET /schemas/ids/1': body });

    await assert.rejects(registry.byId(1), { name: 'RegistryUnavailable' });
  });
}

test('a schema of a type that the gateway does not know is none', async () => {
  const { registry } = await registryWith({ 'GET /schemas/ids/1': { schema: '"int"', schemaType: 'THRIFT' } });

  await assert.rejects(registry.byId(1), { name: 'InvalidSchema', message: /of the type "THRIFT"/ });
});

test('references come before those that refer to them, each once, though they may go round', async () => {
  const to = (name: string) => ({ name, subject: name, version: 1 });
  const { registry, lines } = await registryWith({
    'GET /subjects/a/versions/1': { id: 1, schema: 'A', references: [to('b'), to('c')] },
    'GET /subjects/b/versions/1': { id: 2, schema: 'B', references: [to('c')] },
    'GET /subjects/c/versions/1': { id: 3, schema: 'C', references: [to('a')] },
  });

  const { referred } = await registry.withReferred({ ...text, references: [to('a')] });

  assert.deepEqual(
    referred.map(({ name, schema }) => `${name}${schema}`),
    ['cC', 'bB', 'aA'],
  );
  assert.equal(lines().length, 3);
});

test('a reference that is missing is named', async () => {
  const { registry } = await registryWith({});

  await assert.rejects(registry.withReferred({ ...text, references: [{ name: 'n', subject: 's', version: 4 }] }), {
    name: 'SchemaNotAvailable',
    message: 'The schema registry has no version 4 of the subject "s": register it first, or name another one',
  });
});

test('the version of a schema under a subject is asked for once', async () => {
  const { registry, lines } = await registryWith({ 'POST /subjects/s': { id: 9, version: 4 } });

  assert.equal(await registry.versionOf('s', text), 4);
  assert.equal(await registry.versionOf('s', { ...text, references: [] }), 4);
  await assert.rejects(registry.versionOf('other', text), {
    name: 'SchemaNotAvailable',
    message: 'The schema registry has no subject "other" with this schema: register it first, or name another one',
  });
  assert.deepEqual(lines(), ['POST /subjects/s', 'POST /subjects/other']);
});

test('an answer without a version is none', async () => {
  const { registry } = await registryWith({ 'POST /subjects/s': { id: 9 } });

  await assert.rejects(registry.versionOf('s', text), { name: 'RegistryUnavailable' });
});
