import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds, RequestTrace } from '../../../lib/telemetry/request-trace.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' };
const exportTo = 'http://localhost:4318';

test('without spans of our own, records follow the caller', () => {
  const trace = new RequestTrace(headers, { headers: true, exportTo: null });

  assert.deepEqual(trace.ofRecords, { traceId, spanId, isSampled: true, state: 'vendor=1' });
  assert.equal(trace.hasSpans, false);
});

test('with spans, records follow the span that sends them', () => {
  const trace = new RequestTrace(headers, { headers: true, exportTo });

  assert.equal(trace.ofRecords?.traceId, traceId);
  assert.notEqual(trace.ofRecords?.spanId, spanId);
  assert.notEqual(trace.ofRecords?.spanId, trace.spanId);
  assert.equal(trace.parentId, spanId);
});

test('records carry nothing where that is not wanted, or where there is no trace', () => {
  assert.equal(new RequestTrace(headers, { headers: false, exportTo }).ofRecords, null);
  assert.equal(new RequestTrace({}, { headers: true, exportTo: null }).ofRecords, null);
});

test('a request without a trace begins one where spans are recorded', () => {
  const trace = new RequestTrace({}, { headers: true, exportTo });

  assert.match(trace.traceId, /^[\da-f]{32}$/);
  assert.deepEqual([trace.parentId, trace.hasSpans, trace.ofRecords?.traceId], [null, true, trace.traceId]);
});

test('a trace that its beginner does not want to be recorded is not', () => {
  const trace = new RequestTrace({ traceparent: `00-${traceId}-${spanId}-00` }, { headers: true, exportTo });

  assert.deepEqual([trace.hasSpans, trace.ofRecords], [false, { traceId, spanId, isSampled: false, state: null }]);
});

test('what throws within a span ends it with its name, and throws on', async () => {
  const trace = new RequestTrace({}, { headers: false, exportTo });
  const fail = async () => {
    throw new RangeError('too far');
  };

  await assert.rejects(
    trace.within({ name: 'send orders', kind: kinds.producer }, fail, () => ({})),
    RangeError,
  );

  assert.deepEqual(
    trace.spans.map(({ name, error, parentId }) => [name, error, parentId]),
    [['send orders', 'RangeError', trace.spanId]],
  );
});
