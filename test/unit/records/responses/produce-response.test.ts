import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  longestEntry,
  MAX_MESSAGES_BYTES,
  type RecordResult,
  renderProduceResponse,
} from '../../../../lib/records/responses/produce-response.ts';
import { anyText } from '../text-arbitrary.ts';

const written = fc.record({ partition: fc.nat(), offset: fc.maxSafeNat(), timestamp: fc.maxSafeNat() });
const failed = fc.record({ error: fc.record({ code: fc.nat(), message: anyText() }) });

/** The entry as the API describes it, nulls included. */
const entry = (result: RecordResult) =>
  'error' in result
    ? { partition: null, offset: null, timestamp: null, error_code: result.error.code, error: result.error.message }
    : { partition: result.partition, offset: result.offset, timestamp: result.timestamp, error_code: null, error: null };

test('there is one entry for each record, in order, with nulls written', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(written, failed)), (results) => {
      const expected = { offsets: results.map(entry), key_schema_id: null, value_schema_id: null };

      assert.equal(renderProduceResponse(results), JSON.stringify(expected));
    }),
  );
});

test('entries name their topics where a request can have several', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(written, failed), anyText())), (pairs) => {
      const offsets = pairs.map(([result, topic]) => ({ topic, ...entry(result) }));
      const results = pairs.map(([result]) => result);
      const topics = pairs.map(([, topic]) => topic);

      assert.deepEqual(JSON.parse(renderProduceResponse(results, topics)).offsets, offsets);
    }),
  );
});

test('a response looks as the API shows it', () => {
  const results = [{ partition: 0, offset: 5, timestamp: 1700000000000 }, { error: { code: 50002, message: 'too "large"' } }];

  assert.equal(
    renderProduceResponse(results, ['a', 'b']),
    '{"offsets":[' +
      '{"topic":"a","partition":0,"offset":5,"timestamp":1700000000000,"error_code":null,"error":null},' +
      '{"topic":"b","partition":null,"offset":null,"timestamp":null,"error_code":50002,"error":"too \\"large\\""}' +
      '],"key_schema_id":null,"value_schema_id":null}',
  );
});

test('the ids of schemas are given where there are some', () => {
  assert.match(renderProduceResponse([], undefined, { key: 5, value: null }), /"key_schema_id":5,"value_schema_id":null\}$/);
});

test('messages that a response has no room for are left unsaid, but not the codes', () => {
  const message = '"'.repeat(1000);
  const results = Array.from({ length: 1000 }, () => ({ error: { code: 50002, message } }));

  const text = renderProduceResponse(results);

  const { offsets } = JSON.parse(text);
  assert.ok(JSON.stringify(text).length < MAX_MESSAGES_BYTES + 1000 * longestEntry(false));
  assert.deepEqual(
    [offsets.length, offsets[0].error, offsets[999].error, offsets[999].error_code],
    [1000, message, 'see error_code', 50002],
  );
});

test('no entry is longer than is reckoned with', () => {
  const most = { partition: 2 ** 31 - 1, offset: Number.MAX_SAFE_INTEGER, timestamp: Number.MAX_SAFE_INTEGER };
  const unsaid = { error: { code: 50401, message: 'see error_code' } };

  for (const result of [most, unsaid]) {
    for (const topics of [undefined, ['', '']]) {
      const longer = JSON.stringify(renderProduceResponse([result, result], topics)).length;

      assert.ok(longer - JSON.stringify(renderProduceResponse([result], topics)).length <= longestEntry(topics !== undefined));
    }
  }
});
