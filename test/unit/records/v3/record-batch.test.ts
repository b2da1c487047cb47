import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { readRecordBatch } from '../../../../lib/records/v3/record-batch.ts';
import { textOf } from '../bytes-of.ts';

const read = (text: string) => readRecordBatch(Buffer.from(text), { topic: 'orders', now: 1, schemas: false });
const batch = (...entries: object[]) => JSON.stringify({ entries });
const value = { type: 'STRING', data: 'x' };

test('entries are read with their ids, wherever these stand', () => {
  const { ids, entries } = read(
    '{"entries":[{"id":"a-1","value":{"type":"STRING","data":"x"}},{"value":{"type":"JSON","data":1},"id":"B_2"}]}',
  );

  assert.deepEqual(ids, ['a-1', 'B_2']);
  assert.deepEqual(
    entries.map((entry) => (entry instanceof GatewayError ? entry : textOf(entry.value))),
    ['x', '1'],
  );
});

test('what is wrong with the content of an entry fails that one', () => {
  const { ids, entries } = read(
    batch(
      { id: 'a', value: { type: 'BINARY', data: '*' } },
      { id: 'b', value },
      { id: 'c', partition_id: -1 },
      { id: 'd', key: { schema_id: 1, data: 1 } },
    ),
  );

  assert.deepEqual(ids, ['a', 'b', 'c', 'd']);
  assert.deepEqual(
    entries.map((entry) => (entry instanceof GatewayError ? entry.code : null)),
    [400, null, 40402, 42206],
  );
});

const many = (count: number) => batch(...Array.from({ length: count }, (_, id) => ({ id: `${id}` })));

test('a batch may have ten entries', () => {
  assert.equal(read(many(10)).ids.length, 10);
  assert.equal(read(batch({ id: 'x'.repeat(80) })).ids.length, 1);
});

for (const [text, code, message] of [
  ['', 42208, 'Request body is empty. Data is required.'],
  [batch(), 42208, 'Empty batch.'],
  [many(11), 42208, 'Too many entries in batch.'],
  [batch({ id: 'a' }, { id: 'a' }), 42208, 'Batch entry IDs are not distinct.'],
  ...[{}, { id: null }, { id: 1 }, { id: '' }, { id: 'a b' }, { id: 'x'.repeat(81) }, { id: 'ü' }, { id: '"' }].map(
    (entry) => [batch(entry), 42208, 'Batch entry identifier is not a valid string.'] as const,
  ),
  ['{}', 422, 'entries is missing: the body must be an object {"entries": [...]}'],
  ['[]', 422, 'The body must be an object {"entries": [...]}'],
  ['{"entries":{}}', 422, 'entries must be an array'],
  ['{"entries":[5]}', 422, 'entries[0] must be an object'],
  ['{"records":[]}', 422, 'Unrecognized field: records in the body, which may have entries'],
  ['{"entries":[{"id":"a"}],"entries":[]}', 422, 'the body has "entries" twice: send it once'],
  [batch({ id: 'a', records: [] }), 422, /^Unrecognized field: records in entries\[0\], which may have id, partition_id/],
  [batch({ id: 'a', timestamp: 'x' }), 422, /^entries\[0\]\.timestamp must be/],
  ['{"entries":[{"id":"a"}', 400, /^Malformed JSON/],
  [`${batch({ id: 'a' })}{}`, 400, /^Malformed JSON: expected nothing more/],
] as const) {
  test(`the batch ${text.slice(0, 60)} is refused as a whole`, () => {
    assert.throws(() => read(text), { code, message });
  });
}
