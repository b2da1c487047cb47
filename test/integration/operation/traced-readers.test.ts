import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { tracingSettings } from '../../../lib/telemetry/request-trace.ts';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../harness/metrics/otlp-receiver.ts';
import { command } from '../../harness/pubsub/pubsub.ts';
import { openSubscriber } from '../../harness/pubsub/subscriber.ts';
import { openEvents, openLines } from '../../harness/streams/event-stream.ts';
import { until } from '../../harness/until.ts';
import { createQueue, LONG_MS, receive } from '../queues/queue-requests.ts';

/** The trace of whoever writes, and of whoever reads. */
const writing = '4bf92f3577b34da6a3ce929d0e0e4736';
const reading = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${reading}-00f067aa0ba902b7-01`;

let collector: OtlpReceiver;
before(async () => {
  collector = await startOtlpReceiver();
  configure(sharedKafka(), { GATEWAY_TRACE_HEADERS: 'true', GATEWAY_TRACING: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  // So that a busy machine drops nothing.
  tracingSettings.exportMs = 10_000;
  // The configuration is read with the first request.
  await call('GET', '/health');
});
beforeEach(() => void collector.spans.splice(0));
after(() => collector?.stop());

/** Writes two records in one request. @returns the span that sent them */
async function write(topic: string): Promise<ReceivedSpan> {
  const body = '{"records":[{"value":"first"},{"value":"second"}]}';
  const headers = { 'content-type': 'application/vnd.kafka.json.v2+json', traceparent: `00-${writing}-00f067aa0ba902b7-01` };
  const { status, text } = await call('POST', `/topics/${topic}`, { headers, body });
  assert.equal(status, 200, text);
  const span = collector.spans.find(({ name }) => name === `send ${topic}`);
  assert.ok(span);
  return span;
}

const spanNamed = (name: string): ReceivedSpan | undefined => collector.spans.find((span) => span.name === name);

/** That a span of the reader's trace is linked to the writer's span, once, and says this. */
function assertLinked(span: ReceivedSpan | undefined, written: ReceivedSpan, attributes: Record<string, string>): void {
  assert.ok(span);
  assert.deepEqual([span.traceId, span.kind], [reading, 5]);
  assert.deepEqual(span.links, [{ traceId: writing, spanId: written.spanId }]);
  assert.deepEqual(span.attributes, { 'messaging.system': 'kafka', ...attributes });
}

/** The ways to ask for records without a group. */
const requests: Record<string, (topic: string) => Promise<unknown>> = {
  'a fetch': (topic) => call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=earliest', headers: { traceparent } }),
  'a page': (topic) => call('GET', `/topics/${topic}/records`, { headers: { traceparent } }),
  'a command of PubSub': (topic) => command({ cmdKafkaFetch: { topic } }, { headers: { traceparent } }),
};

for (const [name, read] of Object.entries(requests)) {
  test(`${name} is linked to those who wrote what it reads`, async () => {
    const topic = await createTopic();
    const written = await write(topic);

    await read(topic);

    assertLinked(spanNamed(`poll ${topic}`), written, {
      'messaging.operation.name': 'poll',
      'messaging.operation.type': 'receive',
      'messaging.destination.name': topic,
      'messaging.batch.message_count': '2',
    });
  });
}

test('a poll of a consumer is linked to those who wrote what it hands out', async (t) => {
  const topic = await createTopic();
  const group = newGroup();
  const written = await write(topic);
  const consumer = await createConsumer(t, group);
  await consumer.subscribe([topic]);

  const polled = await consumer.poll({ timeout: 8000 }, { headers: { traceparent } });

  assert.equal(polled.json.length, 2, polled.text);
  const span = spanNamed(`poll ${topic}`);
  assertLinked(span, written, {
    'messaging.operation.name': 'poll',
    'messaging.operation.type': 'receive',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': group,
    'messaging.batch.message_count': '2',
  });
  assert.equal(span?.parentSpanId, spanNamed('GET /consumers/{group}/instances/{instance}/records')?.spanId);
});

test('a receive from a queue is linked to those who wrote what it hands out, and to nobody where the queue is empty', async () => {
  const topic = await createTopic();
  const queue = await createQueue();
  const written = await write(topic);

  const received = await receive(
    queue,
    { topics: [topic], wait: LONG_MS },
    { headers: { traceparent, 'content-type': 'application/json' } },
  );
  const span = spanNamed(`receive ${topic}`);
  collector.spans.length = 0;
  await receive(queue, { topics: [topic], wait: 0 });

  assert.equal(received.json.records.length, 2, received.text);
  assertLinked(span, written, {
    'messaging.operation.name': 'receive',
    'messaging.operation.type': 'receive',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': queue,
    'messaging.batch.message_count': '2',
  });
  assert.deepEqual(spanNamed(`receive ${topic}`)?.links, []);
});

/** What a span says of the two records of a topic that were sent on. */
const processed = (topic: string): Record<string, string> => ({
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.destination.name': topic,
  'messaging.batch.message_count': '2',
});

suite('a stream', () => {
  let server: GatewayServer;
  before(async () => {
    server = await startServer({ port: 0, host: '127.0.0.1' });
  });
  after(() => server.close(0));

  const address = (topic: string, query = ''): string => `${server.url}/topics/${topic}/records?${query}`;

  test('has a span for each page that is sent, below that of its request, which ends before it', async (t) => {
    const topic = await createTopic();
    const lines = captureLog(t);
    setLogLevel('info');
    const written = await write(topic);

    const stream = await openLines(address(topic, 'follow=true&from=earliest&limit=2&format=json'), { traceparent });
    for await (const _ of stream.lines);
    await until(() => spanNamed(`process ${topic}`) !== undefined && lines.some(({ event }) => event === 'stream'));

    const span = spanNamed(`process ${topic}`);
    const request = spanNamed('GET /topics/{topics}/records');
    assertLinked(span, written, processed(topic));
    assert.ok(request);
    assert.deepEqual([span?.parentSpanId, request.attributes['http.response.status_code']], [request.spanId, '200']);
    assert.ok(BigInt(request.endTimeUnixNano) <= BigInt(span?.startTimeUnixNano ?? 0));
    const line = lines.find(({ event }) => event === 'stream');
    assert.deepEqual([line?.trace_id, line?.spansDropped], [reading, undefined]);
  });

  test('hands its spans over while it goes on, also where it shares its pages with others', async () => {
    const topic = await createTopic();
    const streams = await Promise.all([1, 2].map(() => openEvents(address(topic), { traceparent })));
    const written = await write(topic);
    for (const stream of streams) for (let i = 0; i < 2; i++) await stream.nextOf('record');

    await until(() => collector.spans.filter(({ name }) => name === `process ${topic}`).length === 2);
    const isOpen = streams.map(({ response }) => !response.complete);
    for (const stream of streams) stream.cut();

    assert.deepEqual(isOpen, [true, true]);
    for (const span of collector.spans.filter(({ name }) => name === `process ${topic}`)) assertLinked(span, written, processed(topic));
  });

  test('of a trace that is not to be recorded has none', async (t) => {
    const topic = await createTopic();
    const lines = captureLog(t);
    setLogLevel('info');
    await write(topic);
    collector.spans.length = 0;

    const stream = await openLines(address(topic, 'follow=true&from=earliest&limit=2&format=json'), {
      traceparent: `00-${reading}-00f067aa0ba902b7-00`,
    });
    for await (const _ of stream.lines);
    await until(() => lines.some(({ event }) => event === 'stream'));

    assert.deepEqual(collector.spans, []);
  });
});

suite('a subscription of a WebSocket', () => {
  let server: GatewayServer;
  before(async () => {
    server = await startServer({ port: 0, host: '127.0.0.1' });
  });
  after(() => server.close(0));

  test('has a span for each push, linked to those who wrote what it has, below one of its own', async () => {
    const topic = await createTopic();
    const written = await write(topic);
    const subscriber = await openSubscriber(`ws://127.0.0.1:${server.port}/pubsub`);

    await subscriber.command({
      sequence: 1,
      cmdKafkaSubscribe: { topics: [topic], from: 'earliest', credit: 2, valueFormat: 'FORMAT_TEXT' },
    });
    await until(() => subscriber.records().length === 2);
    await subscriber.command({ sequence: 2, cmdKafkaUnsubscribe: { subscription: 1 } });
    await until(() => spanNamed('push') !== undefined);
    subscriber.close();

    const span = spanNamed(`process ${topic}`);
    const root = spanNamed('push');
    assert.ok(span);
    assert.deepEqual(span.links, [{ traceId: writing, spanId: written.spanId }]);
    assert.deepEqual(span.attributes, { 'messaging.system': 'kafka', ...processed(topic) });
    assert.deepEqual([span.traceId, span.parentSpanId], [root?.traceId, root?.spanId]);
  });
});
