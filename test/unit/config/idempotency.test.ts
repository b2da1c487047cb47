import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIdempotency } from '../../../lib/config/idempotency.ts';
import { problemsOf } from './problems.ts';

test('idempotency keys are remembered for the time given, in the table', () => {
  const lifetimeOf = (GATEWAY_IDEMPOTENCY: string) => readIdempotency({ GATEWAY_IDEMPOTENCY, GATEWAY_TABLE: 'gateway' })?.lifetimeMs;

  assert.deepEqual(['90s', '30m', '24h', '7 D'].map(lifetimeOf), [90_000, 1_800_000, 86_400_000, 604_800_000]);
  assert.equal(readIdempotency({}), null);
  assert.deepEqual(readIdempotency({ GATEWAY_IDEMPOTENCY: '24h', GATEWAY_TABLE: 'gateway' }), {
    lifetimeMs: 86_400_000,
    table: 'gateway',
  });
});

test('a lifetime of idempotency keys that is none, or without a table, is reported', () => {
  for (const GATEWAY_IDEMPOTENCY of ['24', 'h', '1.5h', '24 hours', '59s', '366d', '-1h', 'on']) {
    assert.match(
      problemsOf(readIdempotency, { GATEWAY_IDEMPOTENCY, GATEWAY_TABLE: 'gateway' }),
      /GATEWAY_IDEMPOTENCY must be a time from 1m to 365d/,
    );
  }
  assert.match(problemsOf(readIdempotency, { GATEWAY_IDEMPOTENCY: '24h' }), /GATEWAY_IDEMPOTENCY needs GATEWAY_TABLE/);
});
