import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header, NewRecord } from '../../../../lib/kafka/record.ts';
import { withTrace } from '../../../../lib/records/requests/trace-headers.ts';

const record = (headers: Header[] | null): NewRecord => ({ key: null, value: null, headers, timestamp: 0 });
const header = (key: string, value: string): Header => ({ key, value: Buffer.from(value) });
const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true, state: null };
const ofContext = header('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);

test('every record carries the context of its request, after its own headers', () => {
  const records = [record(null), record([header('a', 'b')])];

  withTrace(records, { ...context, state: 'vendor=1' });

  const state = header('tracestate', 'vendor=1');
  assert.deepEqual(records, [record([ofContext, state]), record([header('a', 'b'), ofContext, state])]);
});

test('the context that a record has already stays, and nothing is added to it', () => {
  const own = [header('Traceparent', 'its own')];
  const records = [record(own)];

  withTrace(records, context);

  assert.deepEqual(records, [record(own)]);
});

test('nothing is made for a record without headers of its own: all have the same', () => {
  const records = [record(null), record(null)];

  withTrace(records, context);

  assert.equal(records[0].headers, records[1].headers);
});
