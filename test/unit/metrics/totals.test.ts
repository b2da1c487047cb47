import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Totals } from '../../../lib/metrics/totals.ts';
import { request } from './request.ts';

test('sums are told as Prometheus reads them', () => {
  const totals = new Totals();
  totals.count('produce', request({ ms: 3, kafkaMs: 2, recordsIn: 3, bytesIn: 100, connections: 1, isFirst: true }));
  totals.count('produce', request({ ms: 40_000, status: 503, errorCode: 50003, byTopic: new Map([['in_orders', 3]]) }));
  totals.count('produce', request({ ms: 1, status: 429, errorCode: 429, route: null }));

  const lines = totals.text().split('\n');

  const labels = 'function="produce",route="POST /topics/{topic}"';
  for (const line of [
    '# TYPE kafka_http_gateway_requests_total counter',
    `kafka_http_gateway_requests_total{${labels},status_class="2xx"} 1`,
    `kafka_http_gateway_requests_total{${labels},status_class="5xx"} 1`,
    'kafka_http_gateway_requests_total{function="produce",route="none",status_class="4xx"} 1',
    '# TYPE kafka_http_gateway_request_duration_seconds histogram',
    `kafka_http_gateway_request_duration_seconds_bucket{${labels},le="0.0025"} 0`,
    `kafka_http_gateway_request_duration_seconds_bucket{${labels},le="0.005"} 1`,
    `kafka_http_gateway_request_duration_seconds_bucket{${labels},le="30"} 1`,
    `kafka_http_gateway_request_duration_seconds_bucket{${labels},le="+Inf"} 2`,
    `kafka_http_gateway_request_duration_seconds_sum{${labels}} 40.003`,
    `kafka_http_gateway_request_duration_seconds_count{${labels}} 2`,
    `kafka_http_gateway_kafka_wait_seconds_total{${labels}} 0.002`,
    `kafka_http_gateway_records_total{${labels},flow="in"} 3`,
    `kafka_http_gateway_body_bytes_total{${labels},flow="in"} 100`,
    'kafka_http_gateway_errors_total{error_code="50003"} 1',
    'kafka_http_gateway_topic_records_total{topic="orders",flow="in"} 3',
    'kafka_http_gateway_throttled_total 1',
    'kafka_http_gateway_connections_opened_total 1',
    'kafka_http_gateway_cold_starts_total 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('every sample has a type, and the text ends with a line break', () => {
  const totals = new Totals();
  totals.count('produce', request({ errorCode: 404, status: 404, byTopic: new Map([['in_a', 1]]) }));

  const text = totals.text();

  const typed = [...text.matchAll(/^# TYPE (\S+) (?:counter|histogram)$/gm)].map(([, name]) => name);
  for (const [, name] of text.matchAll(/^([a-z_]+)[{ ].*\d$/gm)) {
    assert.ok(typed.includes(name) || typed.includes(name.replace(/_(bucket|sum|count)$/, '')), name);
  }
  assert.ok(text.endsWith('\n'));
});
