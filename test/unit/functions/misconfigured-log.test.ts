import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/openapi.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

test('a log level that is not one is told with the first request, which is refused', async (t) => {
  t.mock.property(process, 'env', { ...process.env, GATEWAY_LOG_LEVEL: 'trace' });
  const lines = captureLog(t);

  const { statusCode } = await handler(httpEvent('GET', '/docs'), lambdaContext());

  assert.equal(statusCode, 500);
  assert.match(JSON.stringify(lines), /GATEWAY_LOG_LEVEL must be one of debug, info, warn, error/);
});
