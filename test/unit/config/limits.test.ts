import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLimits } from '../../../lib/config/limits.ts';
import { problemsOf } from './problems.ts';

test('limits are handed on as they are, with their table and what is done when they cannot be counted', () => {
  const GATEWAY_LIMITS = '[{"kind":"concurrency","key":"all","limit":1}]';
  const limits = { GATEWAY_LIMITS, GATEWAY_TABLE: 'gateway' };

  assert.equal(readLimits({}), null);
  assert.deepEqual(readLimits(limits), { rules: GATEWAY_LIMITS, table: 'gateway', onFailure: 'allow' });
  assert.equal(readLimits({ ...limits, GATEWAY_LIMITS_ON_FAILURE: 'Deny' })?.onFailure, 'deny');
  assert.match(problemsOf(readLimits, { GATEWAY_LIMITS }), /GATEWAY_LIMITS needs GATEWAY_TABLE/);
  assert.match(problemsOf(readLimits, { GATEWAY_LIMITS_ON_FAILURE: 'maybe' }), /GATEWAY_LIMITS_ON_FAILURE must be one of allow, deny/);
});
