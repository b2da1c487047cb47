import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrometheusText } from '../../../lib/metrics/prometheus-text.ts';

test('values of labels are escaped', () => {
  const out = new PrometheusText('gateway_');

  out.sample('requests_total', { route: 'a"b\\c\nd' }, 1);

  assert.equal(out.toString(), 'gateway_requests_total{route="a\\"b\\\\c\\nd"} 1\n');
});
