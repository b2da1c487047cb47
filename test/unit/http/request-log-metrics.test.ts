import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { GatewayError } from '../../../lib/errors.ts';
import { gatewayHandler, type Route } from '../../../lib/http/gateway-handler.ts';
import { countRequestsBy } from '../../../lib/metrics/listener.ts';
import type { MeasuredRequest } from '../../../lib/metrics/measured-request.ts';
import { metricsSettings } from '../../../lib/metrics/settings.ts';
import { countRecords } from '../../../lib/metrics/work.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';

afterEach(() => {
  setLogLevel('info');
  Object.assign(metricsSettings, { emf: true, topics: new Set() });
  countRequestsBy(null);
});

const call = (route: Route, body?: string) =>
  gatewayHandler({ 'POST /topics/{topic}': route })(
    httpEvent('POST', '/topics/orders', body === undefined ? {} : { body }),
    lambdaContext(),
  );

const ok = () => ({ body: '{"a":1}' });

test('the line of a request carries its metrics, those of its answer and of what was done in Kafka for it', async (t) => {
  const lines = captureLog(t);

  await call(() => {
    countRecords('in', 'orders', 3);
    return ok();
  }, 'Zoë');

  assert.equal(lines.length, 1);
  const metrics = metricsOf(lines[0]).map(({ name, value }) => `${name} ${value}`);
  for (const metric of ['RecordsIn 3', 'BytesIn 4', 'BytesOut 7', 'Requests 1']) {
    const [name, value] = metric.split(' ');
    assert.ok(metrics.includes(`KafkaHttpGateway ${name} function=local route=POST /topics/{topic} ${value}`), metric);
  }
});

test('a fault is counted in the line of its request, by its code', async (t) => {
  const lines = captureLog(t);

  await call(() => {
    throw new GatewayError('KafkaUnavailable', 'Kafka is away');
  });

  const metrics = metricsOf(lines[1]).map(({ name, value }) => `${name} ${value}`);
  assert.ok(metrics.includes('KafkaHttpGateway Errors stack=local errorCode=50003 1'));
  assert.ok(metrics.includes('KafkaHttpGateway Faults stack=local 1'));
});

test('an error of version 3 is counted by the code that its answer has', async (t) => {
  const lines = captureLog(t);
  const handler = gatewayHandler({
    'GET /v3/clusters/{cluster}/topics/{topic}': () => {
      throw new GatewayError('TopicNotFound', 'There is no topic orders');
    },
  });

  const { body } = await handler(httpEvent('GET', '/v3/clusters/c/topics/orders'), lambdaContext());

  const metrics = metricsOf(lines[0]).map(({ name, value }) => `${name} ${value}`);
  assert.match(String(body), /40403/);
  assert.ok(metrics.includes('KafkaHttpGateway Errors stack=local errorCode=40403 1'));
});

test('a thousand topics make no metric more than one does', async (t) => {
  const lines = captureLog(t);

  for (let i = 0; i < 1000; i++) {
    const route = () => {
      countRecords('in', `topic-${i}`, 1);
      return ok();
    };
    await gatewayHandler({ 'POST /topics/{topic}': route })(httpEvent('POST', `/topics/topic-${i}`), lambdaContext());
  }

  const names = new Set(lines.slice(1).flatMap((line) => metricsOf(line).map(({ name }) => name)));
  assert.deepEqual(names, new Set(metricsOf(lines[1]).map(({ name }) => name)));
});

test('without metrics a line has none', async (t) => {
  const lines = captureLog(t);
  metricsSettings.emf = false;

  await call(ok);

  assert.equal(lines[0]._aws, undefined);
});

test('whoever counts besides the log is told of every request, also where its line is not written', async (t) => {
  const lines = captureLog(t);
  setLogLevel('error');
  const counted: MeasuredRequest[] = [];
  countRequestsBy((request) => counted.push(request));

  await call(ok);

  assert.equal(lines.length, 0);
  assert.deepEqual(
    counted.map(({ route, status, bytesOut }) => [route, status, bytesOut]),
    [['POST /topics/{topic}', 200, 7]],
  );
});
