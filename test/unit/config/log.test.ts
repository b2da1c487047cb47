import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLog } from '../../../lib/config/log.ts';
import { problemsOf } from './problems.ts';

test('every log level is known, in any case; info is that of who sets none', () => {
  const levels = ['debug', 'info', 'warn', 'error', 'WARN', ' '].map((level) => readLog({ GATEWAY_LOG_LEVEL: level }).level);

  assert.deepEqual(levels, ['debug', 'info', 'warn', 'error', 'warn', 'info']);
  assert.deepEqual(readLog({}), { level: 'info' });
});

test('GATEWAY_LOG_LEVEL must be one of debug, info, warn, error', () => {
  for (const level of ['trace', 'verbose']) {
    assert.equal(
      problemsOf(readLog, { GATEWAY_LOG_LEVEL: level }),
      'Configuration: GATEWAY_LOG_LEVEL must be one of debug, info, warn, error',
    );
  }
});
