import assert from 'node:assert/strict';
import { test } from 'node:test';
import { templateFor } from '../../../../infra/template/template.ts';

test('an empty variable counts as unset: the functions, too, ask who is calling', () => {
  const empty = templateFor({ GATEWAY_AUTH: '', LAG_ALARM_RECORDS: '', LOG_RETENTION_DAYS: '', RESERVED_CONCURRENCY: '' });

  assert.deepEqual(empty.defaults, { GATEWAY_AUTH: 'iam', LAG_ALARM_RECORDS: '100000', LOG_RETENTION_DAYS: '30' });
  assert.deepEqual(empty.defaults, templateFor({}).defaults);
  assert.equal(empty.functions.produce.reservedConcurrency, undefined);
});

test('a variable that is set is taken', () => {
  const { defaults, functions } = templateFor({ GATEWAY_AUTH: 'none', LOG_RETENTION_DAYS: '7', RESERVED_CONCURRENCY: '3' });

  assert.deepEqual([defaults.GATEWAY_AUTH, defaults.LOG_RETENTION_DAYS], ['none', '7']);
  assert.equal(functions.produce.reservedConcurrency, `\${env:RESERVED_CONCURRENCY, null}`);
});
