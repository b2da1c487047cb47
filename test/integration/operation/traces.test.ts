import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { tracingSettings } from '../../../lib/telemetry/request-trace.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../harness/metrics/otlp-receiver.ts';
import { commands } from '../../harness/pubsub/pubsub.ts';

let receiver: OtlpReceiver;
let topic: string;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const json = { 'content-type': 'application/vnd.kafka.json.v2+json' };

before(async () => {
  receiver = await startOtlpReceiver();
  configure(sharedKafka(), { GATEWAY_TRACE_HEADERS: 'true', GATEWAY_TRACING: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  topic = await createTopic();
  // So that a busy machine drops nothing.
  tracingSettings.exportMs = 10_000;
  // The configuration is read with the first request.
  await call('GET', '/health');
});
beforeEach(() => void receiver.spans.splice(0));
after(() => receiver.stop());

test('a trace goes through the log: from who writes to who reads', async () => {
  const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const records = [{ value: 1 }, { value: 2 }, { value: 3, headers: [{ key: 'traceparent', value: Buffer.from(own).toString('base64') }] }];
  const written = await call('POST', `/topics/${topic}`, {
    headers: { ...json, traceparent },
    body: JSON.stringify({ records }),
  });
  const sent = receiver.spans.splice(0);
  const read = await call('GET', `/topics/${topic}/partitions/0/records`, {
    query: 'offset=earliest',
    headers: { accept: 'application/vnd.kafka.json.v2+json' },
  });

  assert.deepEqual([written.status, read.status], [200, 200]);
  const [send, request] = sent;
  assert.deepEqual([send.name, send.kind, send.traceId, send.parentSpanId], [`send ${topic}`, 4, traceId, request.spanId]);
  assert.deepEqual([request.name, request.kind, request.parentSpanId], ['POST /topics/{topic}', 2, '00f067aa0ba902b7']);
  assert.deepEqual(request.attributes, {
    'http.request.method': 'POST',
    'http.route': '/topics/{topic}',
    'http.response.status_code': '200',
  });
  const carried = (await readTopic(topic)).map(({ headers }) => headers.map(({ key, value }) => `${key}=${value}`));
  const context = `traceparent=00-${traceId}-${send.spanId}-01`;
  assert.deepEqual(carried, [[context], [context], [`traceparent=${own}`]]);
  const [poll] = receiver.spans;
  assert.deepEqual([poll.name, poll.kind, poll.attributes['messaging.batch.message_count']], [`poll ${topic}`, 5, '3']);
  assert.deepEqual(
    poll.links.map((link) => link.spanId),
    [send.spanId, 'b7ad6b7169203331'],
  );
});

test('each command of PubSub that writes is a span of its own, and its records carry that', async () => {
  const own = await createTopic();
  const produce = (value: string) => ({ cmdKafkaProduce: { topic: own, records: [{ value: Buffer.from(value).toString('base64') }] } });

  const told = await commands([produce('1'), produce('2')], { headers: { traceparent } });

  assert.ok(
    told.every(({ kafkaProduceResp }) => kafkaProduceResp),
    JSON.stringify(told),
  );
  const spans = receiver.spans.filter(({ name }) => name === `send ${own}`).map((span) => `00-${traceId}-${span.spanId}-01`);
  const carried = (await readTopic(own)).map(({ headers }) => String(headers[0]?.value));
  assert.equal(new Set(spans).size, 2);
  assert.deepEqual(carried, spans);
});

test('a request that fails is a span with what went wrong', async () => {
  const answer = await call('POST', '/topics/no-such-topic-here', { headers: { ...json, traceparent }, body: '{"records":[{"value":1}]}' });

  assert.equal(answer.status, 404);
  const [send] = receiver.spans;
  assert.deepEqual([send.attributes['error.type'], send.status], ['TopicNotFound', { code: 2 }]);
});

test('nobody sees spans of a trace that is not to be recorded; its records carry it all the same', async () => {
  const silent = await createTopic();
  const unsampled = `00-${traceId}-00f067aa0ba902b7-00`;

  await call('POST', `/topics/${silent}`, { headers: { ...json, traceparent: unsampled }, body: '{"records":[{"value":1}]}' });

  const [record] = await readTopic(silent);
  assert.deepEqual(
    record.headers.map(({ key, value }) => [key, String(value)]),
    [['traceparent', unsampled]],
  );
  assert.equal(receiver.spans.length, 0);
});

test('a collector that hangs costs spans, and neither the answer nor a record', async (t) => {
  const taken = receiver.answer;
  t.after(() => {
    receiver.answer = taken;
    tracingSettings.exportMs = 10_000;
  });
  receiver.answer = () => undefined;
  tracingSettings.exportMs = 20;

  const answer = await call('POST', `/topics/${topic}`, { headers: { ...json, traceparent }, body: '{"records":[{"value":4}]}' });

  assert.equal(answer.status, 200, answer.text);
});
