import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { exportSpans } from '../../../lib/telemetry/otlp.optional.ts';
import { kinds, RequestTrace, tracingSettings } from '../../../lib/telemetry/request-trace.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../harness/metrics/otlp-receiver.ts';

/** So that a busy machine drops nothing. */
const PATIENT_MS = 10_000;

let receiver: OtlpReceiver;
before(async () => {
  receiver = await startOtlpReceiver();
  Object.assign(tracingSettings, { exportTo: receiver.url, exportMs: PATIENT_MS });
});
beforeEach(() => void receiver.spans.splice(0));
after(() => receiver.stop());

async function traceWithASpan(): Promise<RequestTrace> {
  const trace = new RequestTrace({});
  const link = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true, state: null };
  await trace.within(
    { name: 'poll orders', kind: kinds.consumer },
    async () => null,
    () => ({ attributes: { text: 'a', number: 1, flag: true }, links: [link] }),
  );
  return trace;
}

test('a collector gets the spans as OTLP has them', async () => {
  const trace = await traceWithASpan();

  const dropped = await exportSpans(trace, trace.spans, 'gateway-dev');

  const [span] = receiver.spans;
  assert.equal(dropped, 0);
  assert.deepEqual([span.name, span.kind, span.traceId, span.parentSpanId], ['poll orders', 5, trace.traceId, trace.spanId]);
  assert.deepEqual(span.attributes, { text: 'a', number: '1', flag: true });
  assert.deepEqual(span.links, [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }]);
  assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
});

test('a link has the state of its trace, and a span says how many links it has no room for', async () => {
  const trace = new RequestTrace({});
  const link = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true, state: 'vendor=1' };
  trace.add({ name: 'poll orders', kind: kinds.consumer, start: trace.now() }, { links: [link], droppedLinks: 3 });

  await exportSpans(trace, trace.spans, 'gateway-dev');

  const [span] = receiver.spans;
  assert.deepEqual(span.links, [{ traceId: link.traceId, spanId: link.spanId, traceState: 'vendor=1' }]);
  assert.equal(span.droppedLinksCount, 3);
});

test('spans that the collector refuses, does not answer for, or that find none are dropped and counted', async () => {
  const trace = await traceWithASpan();
  const taken = receiver.answer;

  receiver.answer = (response) => response.writeHead(503).end();
  const refused = await exportSpans(trace, trace.spans, 'gateway-dev');
  receiver.answer = () => undefined;
  tracingSettings.exportMs = 20;
  const unanswered = await exportSpans(trace, trace.spans, 'gateway-dev');
  receiver.answer = taken;
  tracingSettings.exportMs = PATIENT_MS;
  tracingSettings.exportTo = 'http://127.0.0.1:1';
  const nobody = await exportSpans(trace, trace.spans, 'gateway-dev');
  tracingSettings.exportTo = receiver.url;

  assert.deepEqual([refused, unanswered, nobody], [1, 1, 1]);
});
