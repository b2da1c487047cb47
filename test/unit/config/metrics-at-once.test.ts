import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsSettings } from '../../../lib/metrics/settings.ts';

test('lines of a process have the names of its deployment before its configuration is asked for, or where that is wrong', async () => {
  Object.assign(process.env, { GATEWAY_STACK: 'gateway-dev', AWS_LAMBDA_FUNCTION_NAME: 'gateway-dev-console', GATEWAY_METRICS: 'statsd' });

  const { metricsConfig } = await import('../../../lib/config/metrics.ts');

  assert.throws(metricsConfig);
  assert.deepEqual([metricsSettings.function, metricsSettings.stack, metricsSettings.emf], ['gateway-dev-console', 'gateway-dev', true]);
});
