import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRawSchema } from '../../../../lib/records/requests/raw-schema.ts';

test('headers say which schema a raw body is of, under the names of the members of a body', () => {
  const headers = {
    ...{ 'kafka-value-schema-id': '7', 'kafka-value-schema-version': 'latest', 'kafka-value-subject': 's', 'kafka-value-message': 'M' },
    ...{ 'kafka-key': 'k', 'value-schema-id': '8' },
  };

  assert.deepEqual(
    [...readRawSchema(headers, 'kafka-', true)],
    [
      ['value_schema_id', '7'],
      ['value_schema_version', 'latest'],
      ['value_subject', 's'],
      ['value_message', 'M'],
    ],
  );
  assert.deepEqual([...readRawSchema(headers, '', true)], [['value_schema_id', '8']]);
});

test('an empty header says nothing', () => {
  assert.equal(readRawSchema({ 'kafka-value-schema-id': '' }, 'kafka-', false).size, 0);
});

test('without a registry such a header is refused', () => {
  assert.throws(() => readRawSchema({ 'x-value-schema-id': '7' }, 'x-', false), {
    name: 'BadRequest',
    message: 'The header x-value-schema-id needs a schema registry, and the gateway has none: leave it out',
  });
});
