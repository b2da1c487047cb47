import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverSubscriptions } from '../../../../lib/routes/subscriptions/deliver.ts';
import { output } from '../../../../lib/telemetry/output.ts';

test('an invocation that cannot deliver at all says why, under the name that an alarm matches, and fails', async (t) => {
  t.mock.property(process, 'env', { GATEWAY_AUTH: 'iam', GATEWAY_PUSH: 'continuous' });
  const write = t.mock.method(output, 'write', () => undefined);

  await assert.rejects(deliverSubscriptions()({}, { getRemainingTimeInMillis: () => 1000 }));

  const lines = write.mock.calls.map(({ arguments: [line] }) => JSON.parse(String(line)));
  assert.deepEqual(
    lines.map(({ event, error }) => [event, error.cause.message]),
    [['subscriptions_unavailable', 'Configuration: GATEWAY_PUSH needs GATEWAY_TABLE']],
  );
});
