import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventOf } from '../../../../lib/console/page/server-event.ts';

test('an event of a stream is its fields', () => {
  assert.deepEqual(eventOf('id: abc\nevent: record\ndata: {"a": 1}'), { id: 'abc', name: 'record', data: '{"a": 1}' });
});

test('a comment, and a bare cursor, are events without data', () => {
  assert.deepEqual(eventOf(': hb'), { id: null, name: 'message', data: '' });
  assert.deepEqual(eventOf('id: abc'), { id: 'abc', name: 'message', data: '' });
});
