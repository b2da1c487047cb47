import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tracingSettings } from '../../../lib/telemetry/request-trace.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../harness/metrics/otlp-receiver.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, subscribe } from '../../harness/push/push-requests.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

let collector: OtlpReceiver;
let push: PushWorld;

before(async () => {
  [collector, push] = await Promise.all([startOtlpReceiver(), startPush()]);
  const tracing = { GATEWAY_TRACE_HEADERS: 'true', GATEWAY_TRACING: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  configure(sharedKafka(), { ...push.environment, ...tracing });
  // So that a busy machine drops nothing.
  tracingSettings.exportMs = 10_000;
});
after(async () => {
  await collector?.stop();
  await push?.stop();
});

test('a delivery is a span that is linked to the one that wrote its record, and its receiver gets the same context', async () => {
  const topic = await createTopic();
  const name = await subscribe(topic, push.receiver, { retry: { schedule: [1] } });
  await call('POST', `/topics/${topic}`, { headers: { 'content-type': 'text/plain', traceparent }, body: 'traced' });
  const written = collector.spans.find((span) => span.name === `send ${topic}`);
  collector.spans.length = 0;
  push.receiver.script = ({ number }) => (number === 0 ? 500 : 204);

  await deliverFor(30_000);

  const spans = collector.spans.filter((span) => span.name === `process ${topic}`);
  const root = collector.spans.find((span) => span.name === 'deliver');
  assert.equal(written?.traceId, traceId);
  assert.deepEqual(
    spans.map((span) => [span.parentSpanId, span.links.map((link) => [link.traceId, link.spanId])]),
    Array(2).fill([root?.spanId, [[traceId, written?.spanId]]]),
  );
  assert.deepEqual(
    spans.map(({ attributes }) => [attributes['http.response.status_code'], attributes['error.type']]),
    [
      ['500', 'again'],
      ['204', undefined],
    ],
  );
  assert.equal(spans[0].attributes['messaging.consumer.group.name'], `push.${name}`);
  for (const { headers } of push.receiver.received) assert.equal(headers.traceparent, `00-${traceId}-${written?.spanId}-01`);
});
