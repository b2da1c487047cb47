import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTracing } from '../../../lib/config/tracing.ts';
import { problemsOf } from './problems.ts';

test('there are no traces unless they are switched on; spans go to the collector beside the function', () => {
  assert.deepEqual(readTracing({}), { headers: false, exportTo: null });
  assert.deepEqual(readTracing({ GATEWAY_TRACE_HEADERS: 'true', GATEWAY_TRACING: 'otlp' }), {
    headers: true,
    exportTo: 'http://localhost:4318',
  });
  assert.equal(
    readTracing({ GATEWAY_TRACING: 'OTLP', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/' }).exportTo,
    'https://collector.example',
  );
});

test('what is wrong with the variables is told', () => {
  assert.match(problemsOf(readTracing, { GATEWAY_TRACING: 'xray' }), /GATEWAY_TRACING must be one of none, otlp/);
  assert.match(problemsOf(readTracing, { GATEWAY_TRACE_HEADERS: 'yes' }), /GATEWAY_TRACE_HEADERS must be one of true, false/);
});
