import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';

const listed = `listed-${crypto.randomUUID()}`;
configure(sharedKafka(), {
  GATEWAY_METRIC_TOPICS: listed,
  GATEWAY_STACK: 'gateway-test',
  AWS_LAMBDA_FUNCTION_NAME: 'gateway-test-function',
});
beforeEach(() => setLogLevel('info'));

const json = { 'content-type': 'application/vnd.kafka.json.v2+json' };

/** The metrics of the one line that there is, by their names. */
function only(lines: readonly Record<string, unknown>[]): Map<string, number> {
  const requests = lines.filter(({ event }) => event === 'request');
  assert.equal(requests.length, 1);
  return new Map(metricsOf(requests[0]).map(({ name, value }) => [name, value]));
}

const of = (route: string, name: string): string => `KafkaHttpGateway ${name} function=gateway-test-function route=${route}`;

test('what is written counts as Kafka has acknowledged it: bytes, records, those of listed topics, the time of Kafka', async (t) => {
  const other = await createTopic();
  await call('POST', '/admin/topics', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ topic_name: listed }) });
  const lines = captureLog(t);
  const body = JSON.stringify({
    records: [
      { topic: listed, value: 1 },
      { topic: listed, value: 2 },
      { topic: other, value: 3 },
      { topic: other, partition: 7, value: 4 },
    ],
  });

  const answer = await call('POST', '/records', { headers: json, body });

  const metrics = only(lines);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(metrics.get(of('POST /records', 'RecordsIn')), 3);
  assert.equal(metrics.get(of('POST /records', 'BytesIn')), body.length);
  assert.equal(metrics.get(of('POST /records', 'BytesOut')), Buffer.byteLength(answer.text));
  assert.equal(metrics.get('KafkaHttpGateway/Topics in_'.concat(listed, ' stack=gateway-test')), 2);
  assert.ok([...metrics.keys()].every((name) => !name.includes(other)));
  const [whole, kafka] = ['Latency', 'KafkaLatency'].map((name) => metrics.get(`KafkaHttpGateway ${name} stack=gateway-test`) ?? 0);
  assert.ok(kafka > 0 && kafka <= whole + 0.01, `${kafka} of ${whole} ms`);
});

test('what is read counts as it is handed out', async (t) => {
  const topic = await createTopic();
  await call('POST', `/topics/${topic}`, { headers: json, body: '{"records":[{"value":1},{"value":2},{"value":3}]}' });
  const lines = captureLog(t);

  await call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=earliest&limit=2' });
  const one = only(lines);
  lines.length = 0;
  await call('GET', `/topics/${topic}/records`, { query: 'from=earliest' });
  const many = only(lines);

  assert.equal(one.get(of('GET /topics/{topic}/partitions/{partition}/records', 'RecordsOut')), 2);
  assert.equal(many.get(of('GET /topics/{topics}/records', 'RecordsOut')), 3);
});

test('an error of a client is no fault, and counts by its code', async (t) => {
  const lines = captureLog(t);

  await call('GET', '/topics/there-is-no-such-topic');

  const metrics = only(lines);
  assert.equal(metrics.get('KafkaHttpGateway Errors stack=gateway-test errorCode=40401'), 1);
  assert.equal(metrics.get('KafkaHttpGateway Faults stack=gateway-test'), 0);
});
