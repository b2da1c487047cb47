import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/topic-metadata.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { gatewayWith } from '../routes/gateway.ts';

gatewayWith(handler, { GATEWAY_TABLE: 'gateway', GATEWAY_LIMITS: '[{"kind":"fixed-window","key":"all","limit":1}]' });

test('a mistake in the limits is told in the log with its place, and nothing is let through', async (t) => {
  const lines = captureLog(t);

  const first = await handler(httpEvent('GET', '/topics'), lambdaContext());
  const second = await handler(httpEvent('GET', '/topics'), lambdaContext());

  assert.deepEqual([first.statusCode, second.statusCode], [500, 500]);
  assert.match(JSON.stringify(lines), /Configuration: GATEWAY_LIMITS\[0\]\.window must be a number/);
});
