import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBody } from '../../../lib/config/body.ts';
import { notNumbers, problemsOf } from './problems.ts';

test('bodies have 6 MB at most, unless a number says otherwise', () => {
  assert.deepEqual(readBody({}), { maxBytes: 6 * 1024 * 1024 });
  assert.deepEqual(readBody({ GATEWAY_MAX_BODY_BYTES: ' ' }), { maxBytes: 6 * 1024 * 1024 });
  assert.deepEqual(readBody({ GATEWAY_MAX_BODY_BYTES: '123456789' }), { maxBytes: 123_456_789 });
});

test('GATEWAY_MAX_BODY_BYTES must be a whole number above 0', () => {
  for (const GATEWAY_MAX_BODY_BYTES of notNumbers) {
    assert.equal(
      problemsOf(readBody, { GATEWAY_MAX_BODY_BYTES }),
      'Configuration: GATEWAY_MAX_BODY_BYTES must be a whole number above 0',
      GATEWAY_MAX_BODY_BYTES,
    );
  }
});
