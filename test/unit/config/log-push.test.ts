import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogPush } from '../../../lib/config/log-push.ts';
import { problemsOf } from './problems.ts';

test('entries are written as they are, without a key, unless something else is said', () => {
  assert.deepEqual(readLogPush({ GATEWAY_LOG_TOPIC: 'logs' }), { topic: 'logs', key: null, value: 'entry', ownGroup: null });
});

test('a template is JSON whose texts name what there is', () => {
  const { key, value } = readLogPush({ GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_KEY: '$.ip', GATEWAY_LOG_FORMAT: '{"a":["$.b.c","$id"]}' });

  assert.deepEqual([key, value], ['$.ip', { a: ['$.b.c', '$id'] }]);
});

test('what is wrong is named', () => {
  assert.match(problemsOf(readLogPush, {}), /GATEWAY_LOG_TOPIC must be the name of a topic/);
  assert.match(problemsOf(readLogPush, { GATEWAY_LOG_TOPIC: 'logs', GATEWAY_AUTH: 'passthrough' }), /passthrough leaves it without/);
  for (const format of ['"$.a"', '{', '{"a":"$nothing"}', '[]', 'xml']) {
    assert.match(problemsOf(readLogPush, { GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_FORMAT: format }), /GATEWAY_LOG_FORMAT must be entry/);
  }
  assert.match(problemsOf(readLogPush, { GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_KEY: '$ip' }), /GATEWAY_LOG_KEY must be/);
});
