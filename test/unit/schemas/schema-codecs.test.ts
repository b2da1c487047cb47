import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '../../../lib/credentials/credential-source.ts';
import { RegistryClient } from '../../../lib/schemas/registry/client.ts';
import { SchemaRegistry } from '../../../lib/schemas/registry/schema-registry.ts';
import type { SchemaChoice } from '../../../lib/schemas/schema-choice.ts';
import { SchemaCodecs, type SchemaTarget } from '../../../lib/schemas/schema-codecs.ts';
import { startStandIn } from '../../harness/schema-registry/stand-in.ts';
import { encode } from './translate.ts';

/** A registry in which nothing is registered yet but these, by method and path. */
async function codecsWith(answers: Record<string, object>, autoRegister = true) {
  const { url, seen } = await startStandIn(({ line }) => {
    if (/^POST .*\/versions$/.test(line)) return { status: 200, body: { id: 50 } };
    return line in answers ? { status: 200, body: answers[line] } : { status: 404, body: { error_code: 40403 } };
  });
  const registry = new SchemaRegistry(new RegistryClient({ urls: [url], ca: null, credentials: fixed(null) }));
  return { codecs: new SchemaCodecs(registry, autoRegister), lines: () => seen.map(({ line }) => line) };
}

const choice: SchemaChoice = { id: null, version: null, text: null, references: [], subject: null, strategy: 'TOPIC_NAME', message: null };
const target: SchemaTarget = { topic: 't', side: 'value', format: 'avro', mayRegisterAnywhere: true, inHeaders: false };

for (const [what, chosen, at] of [
  ['an id', { id: 7 }, 'GET /schemas/ids/7'],
  ['a version', { version: 2 }, 'GET /subjects/t-value/versions/2'],
  ['the latest of a subject', { version: 'latest', subject: 's' }, 'GET /subjects/s/versions/latest'],
] as const) {
  test(`${what} is asked for once`, async () => {
    const { codecs, lines } = await codecsWith({ [at]: { id: 7, schema: '"int"' } });

    const { id, codec } = await codecs.choose({ ...choice, ...chosen }, target);
    await codecs.choose({ ...choice, ...chosen }, target);

    assert.equal(id, 7);
    assert.equal(encode(codec, '1').toString('hex'), '02');
    assert.deepEqual(lines(), [at]);
  });
}

test('schemas of two contexts are two, although both have the same id', async () => {
  const { codecs } = await codecsWith({
    'GET /schemas/ids/7': { schema: '"int"' },
    'GET /subjects/%3A.other%3As/versions/latest': { id: 7, schema: '"string"' },
  });
  const first = await codecs.choose({ ...choice, id: 7 }, target);

  const other = await codecs.choose({ ...choice, subject: ':.other:s', version: 'latest' }, target);

  assert.equal(encode(first.codec, '1').toString('hex'), '02');
  assert.equal(encode(other.codec, '"a"').toString('hex'), '0261');
  assert.equal((await codecs.byKey(7))?.codec, first.codec);
});

test('a text is registered under the subject that its strategy makes of its name', async () => {
  const { codecs, lines } = await codecsWith({});
  const text = '{"type":"record","name":"R","namespace":"n","fields":[]}';

  const { id } = await codecs.choose({ ...choice, text, strategy: 'TOPIC_RECORD_NAME' }, target);

  assert.equal(id, 50);
  assert.deepEqual(lines(), ['POST /subjects/t-n.R', 'POST /subjects/t-n.R/versions']);
});

test('a text that is no schema does not reach the registry', async () => {
  const { codecs, lines } = await codecsWith({});

  await assert.rejects(codecs.choose({ ...choice, text: '{"type":"x"}' }, target), { name: 'InvalidSchema' });
  assert.deepEqual(lines(), []);
});

for (const [what, more, autoRegister, mayRegisterAnywhere] of [
  ['a subject of its own', { subject: 's' }, true, false],
  ['the name of a record', { strategy: 'RECORD_NAME' }, true, false],
  ['the topic, where nothing is registered', {}, false, true],
] as const) {
  test(`a text under ${what} is only looked up`, async () => {
    const { codecs, lines } = await codecsWith({}, autoRegister);
    const chosen = { ...choice, text: '{"type":"fixed","name":"F","size":1}', ...more };

    await assert.rejects(codecs.choose(chosen, { ...target, mayRegisterAnywhere }), { name: 'SchemaNotAvailable' });
    assert.equal(lines().length, 1);
  });
}

test('a schema of another format, or with a message where it has none, is refused', async () => {
  const { codecs } = await codecsWith({
    'GET /schemas/ids/1': { schema: '{}', schemaType: 'JSON' },
    'GET /schemas/ids/2': { schema: '"int"' },
  });

  await assert.rejects(codecs.choose({ ...choice, id: 1 }, target), {
    name: 'InvalidSchema',
    message: /is jsonschema, and the request is avro/,
  });
  await assert.rejects(codecs.choose({ ...choice, id: 2, message: 'M' }, target), { name: 'InvalidRecord' });
});

test('an id that is unknown has no codec', async () => {
  const { codecs } = await codecsWith({});

  assert.equal(await codecs.byKey(1), null);
});

test('each format has its codec', async () => {
  const { codecs } = await codecsWith({
    'GET /schemas/ids/1': { schema: '"int"' },
    'GET /schemas/ids/2': { schema: '{}', schemaType: 'JSON' },
    'GET /schemas/ids/3': { schema: 'message A { optional bool ok = 1; }', schemaType: 'PROTOBUF' },
  });

  const bytes = await Promise.all(
    [
      [1, '1'],
      [2, '1'],
      [3, '{"ok":true}'],
    ].map(async ([id, json]) => {
      const found = await codecs.byKey(Number(id));
      return [found?.format, found && encode(found.codec, String(json)).toString('hex')];
    }),
  );

  assert.deepEqual(bytes, [
    ['avro', '02'],
    ['jsonschema', '31'],
    ['protobuf', '000801'],
  ]);
});

for (const [what, chosen, expected] of [
  ['an id', { id: 7 }, { id: 7, subject: 't-value', version: 3 }],
  ['an id under the name of its record', { id: 8, strategy: 'RECORD_NAME' }, { id: 8, subject: 'n.R', version: 5 }],
  ['an id under a subject', { id: 7, subject: 's' }, { id: 7, subject: 's', version: 4 }],
  ['a version', { version: 2 }, { id: 7, subject: 't-value', version: 2 }],
  ['the latest of a subject', { version: 'latest', subject: 's' }, { id: 7, subject: 's', version: 4 }],
  ['a text', { text: '"int"' }, { id: 7, subject: 't-value', version: 3 }],
] as const) {
  test(`${what} is given with its subject and version there`, async () => {
    const int = { id: 7, schema: '"int"' };
    const { codecs } = await codecsWith({
      'GET /schemas/ids/7': int,
      'GET /schemas/ids/8': { schema: '{"type":"record","name":"R","namespace":"n","fields":[]}' },
      'GET /subjects/t-value/versions/2': int,
      'GET /subjects/s/versions/latest': int,
      'POST /subjects/t-value': { id: 7, version: 3 },
      'POST /subjects/s': { id: 7, version: 4 },
      'POST /subjects/n.R': { id: 8, version: 5 },
    });

    const format = 'text' in chosen ? 'avro' : null;
    const { codec: _, ...found } = await codecs.chooseOfSubject({ ...choice, ...chosen }, { ...target, format });

    assert.deepEqual(found, { ...expected, format: 'avro', guid: null });
  });
}

test('a schema of another subject is refused', async () => {
  const { codecs } = await codecsWith({ 'GET /schemas/ids/7': { schema: '"int"' } });

  await assert.rejects(codecs.chooseOfSubject({ ...choice, id: 7 }, target), { name: 'SchemaNotAvailable' });
});

const GUID = '89791762-2336-4186-9674-299b90a802e2';

test('the GUID of a schema is asked for where headers are to name it', async () => {
  const { codecs } = await codecsWith({ 'GET /schemas/ids/7': { id: 7, schema: '"int"', guid: GUID } });
  const inHeaders = { ...target, inHeaders: true };

  assert.equal((await codecs.choose({ ...choice, id: 7 }, target)).guid, null);
  assert.equal((await codecs.choose({ ...choice, id: 7 }, inHeaders)).guid, GUID);
});

test('a schema of another context gets no GUID of the default one', async () => {
  const { codecs } = await codecsWith({
    'GET /schemas/ids/7': { id: 7, schema: '"int"', guid: GUID },
    'GET /subjects/%3A.other%3As/versions/latest': { id: 7, schema: '"string"' },
  });
  const inHeaders = { ...target, inHeaders: true };

  const choosing = codecs.choose({ ...choice, subject: ':.other:s', version: 'latest' }, inHeaders);

  await assert.rejects(choosing, { name: 'SchemaNotAvailable', message: /no GUID for schema 7/ });
});

for (const guid of [undefined, null, 7, 'none', `${GUID}0`]) {
  test(`a registry whose GUID is ${guid} cannot be named in headers`, async () => {
    const { codecs } = await codecsWith({ 'GET /schemas/ids/7': { id: 7, schema: '"int"', guid } });

    await assert.rejects(codecs.choose({ ...choice, id: 7 }, { ...target, inHeaders: true }), {
      name: 'SchemaNotAvailable',
      message: 'The schema registry gives no GUID for schema 7, by which a header could name it: leave out schema-ids=headers',
    });
  });
}
