import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header, NewRecord } from '../../../../lib/kafka/record.ts';
import { withPrincipal } from '../../../../lib/records/requests/principal-header.ts';

const record = (headers: Header[] | null): NewRecord => ({ key: null, value: null, headers, timestamp: 0 });
const header = (key: string, value: string): Header => ({ key, value: Buffer.from(value) });

test('every record says who has written it, after its own headers', () => {
  const records = [record(null), record([header('a', 'b')])];

  withPrincipal(records, 'written-by', 'alice');

  assert.deepEqual(records, [record([header('written-by', 'alice')]), record([header('a', 'b'), header('written-by', 'alice')])]);
});

test('what a client has put there is left out, however it is written', () => {
  const records = [record([header('Written-By', 'bob'), header('a', 'b'), header('written-by', 'bob')])];

  withPrincipal(records, 'written-by', 'alice');

  assert.deepEqual(records, [record([header('a', 'b'), header('written-by', 'alice')])]);
});

test('an anonymous caller writes no such header, nor a forged one', () => {
  const records = [record([header('written-by', 'bob')]), record(null)];

  withPrincipal(records, 'written-by', null);

  assert.deepEqual(records, [record(null), record(null)]);
});
