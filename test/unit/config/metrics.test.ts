import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMetrics } from '../../../lib/config/metrics.ts';
import { problemsOf } from './problems.ts';

test('metrics are in the log unless they are switched off; topics are those that are listed', () => {
  assert.deepEqual(readMetrics({}), { emf: true, topics: new Set(), function: 'local', stack: 'local' });
  assert.deepEqual(
    readMetrics({ GATEWAY_METRICS: 'none', GATEWAY_METRIC_TOPICS: 'orders, clicks', AWS_LAMBDA_FUNCTION_NAME: 'f', GATEWAY_STACK: 's' }),
    { emf: false, topics: new Set(['orders', 'clicks']), function: 'f', stack: 's' },
  );
});

test('what is wrong with the variables is told', () => {
  assert.match(problemsOf(readMetrics, { GATEWAY_METRICS: 'all' }), /GATEWAY_METRICS must be one of emf, none/);
  assert.match(problemsOf(readMetrics, { GATEWAY_METRIC_TOPICS: 'a b' }), /GATEWAY_METRIC_TOPICS must be names of topics/);
  const topics = Array.from({ length: 51 }, (_, i) => `t${i}`).join();
  assert.match(problemsOf(readMetrics, { GATEWAY_METRIC_TOPICS: topics }), /GATEWAY_METRIC_TOPICS must have no more than 50 topics/);
});
