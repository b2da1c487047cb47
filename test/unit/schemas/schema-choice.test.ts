import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChoice, readSchemaChoice } from '../../../lib/schemas/schema-choice.ts';

const read = (members: object) => readSchemaChoice(new Map(Object.entries(members)), 'value');
const nothing = { id: null, version: null, text: null, references: [], subject: null, strategy: 'TOPIC_NAME', message: null };

test('a schema is chosen by id, text, version or subject', () => {
  assert.deepEqual(read({ value_schema_id: 5 }), { ...nothing, id: 5 });
  assert.deepEqual(read({ value_schema: '"int"' }), { ...nothing, text: '"int"' });
  assert.deepEqual(read({ value_schema_version: 2, value_subject: 's' }), { ...nothing, version: 2, subject: 's' });
  assert.deepEqual(read({ value_subject: 's' }), { ...nothing, version: 'latest', subject: 's' });
  assert.deepEqual(read({ value_schema_version: 'latest' }), { ...nothing, version: 'latest' });
});

test('a schema may be JSON itself', () => {
  assert.equal(read({ value_schema: { type: 'int' } })?.text, '{"type":"int"}');
});

test('what is said of keys is nothing of values', () => {
  assert.equal(read({ key_schema_id: 5 }), null);
});

test('a strategy, references and a message by themselves choose nothing', () => {
  assert.equal(read({ value_subject_name_strategy: 'RECORD_NAME', value_message: 'M', value_schema_references: [] }), null);
});

test('references are read', () => {
  const reference = { name: 'n', subject: 's', version: 1 };

  assert.deepEqual(read({ value_schema: 'x', value_schema_references: [{ ...reference, more: 1 }] })?.references, [reference]);
});

for (const [members, message] of [
  [
    { value_schema: 'x', value_schema_id: 1 },
    /^More than one of value_schema, value_schema_id and value_schema_version is given: give one of them$/,
  ],
  [{ value_schema: 5 }, /^value_schema must be a string/],
  [{ value_schema: '' }, /^value_schema must be a string/],
  [{ value_schema: 'x'.repeat(2 ** 20 + 1) }, /^value_schema is larger/],
  [{ value_schema_id: -1 }, /^value_schema_id must be an integer from 0/],
  [{ value_schema_id: 2 ** 31 }, /^value_schema_id must be/],
  [{ value_schema_version: 0 }, /^value_schema_version must be an integer from 1 to 2147483647, or "latest"$/],
  [{ value_subject_name_strategy: 'topic' }, /^value_subject_name_strategy must be one of TOPIC_NAME, RECORD_NAME/],
  [{ value_schema_references: {} }, /^value_schema_references must be an array/],
  [{ value_schema_references: [{ name: 'n' }] }, /^value_schema_references\[0\] must be/],
] as const) {
  test(`${JSON.stringify(members).slice(0, 60)} is refused`, () => {
    assert.throws(() => read(members), { name: 'InvalidRecord', message });
  });
}

test('members may have other names; without one that names a schema the latest version is meant', () => {
  const place = 'records[1].value.';

  const choice = readChoice(new Map([[`${place}subject_name_strategy`, 'TOPIC_NAME']]), place);

  assert.deepEqual([choice.id, choice.version, choice.text, choice.subject], [null, 'latest', null, null]);
  assert.throws(() => readChoice(new Map([[`${place}schema_id`, 'x']]), place), {
    name: 'InvalidRecord',
    message: /^records\[1\]\.value\.schema_id must be an integer/,
  });
});
