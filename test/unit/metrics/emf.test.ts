import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emfMembers } from '../../../lib/metrics/emf.ts';
import type { MeasuredRequest } from '../../../lib/metrics/measured-request.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';
import { request } from './request.ts';

const settings = { emf: true, topics: new Set<string>(), function: 'gateway-dev-produce', stack: 'gateway-dev' };

const lineOf = (measured: MeasuredRequest) =>
  JSON.parse(`{"route":${JSON.stringify(measured.route)}${emfMembers(measured, settings, 1_772_366_400_000)}}`);

const shown = (measured: MeasuredRequest) => metricsOf(lineOf(measured)).map(({ name, value }) => `${name} ${value}`);

test('a request is counted by deployment, by route, and by route and class of its status', () => {
  const metrics = shown(request({ kafkaMs: 2.345, recordsIn: 3, bytesIn: 100, bytesOut: 50 }));

  const ofRoute = 'function=gateway-dev-produce route=POST /topics/{topic}';
  assert.deepEqual(metrics, [
    'KafkaHttpGateway Requests stack=gateway-dev 1',
    'KafkaHttpGateway Latency stack=gateway-dev 3.21',
    'KafkaHttpGateway KafkaLatency stack=gateway-dev 2.35',
    `KafkaHttpGateway Requests ${ofRoute} 1`,
    `KafkaHttpGateway Latency ${ofRoute} 3.21`,
    `KafkaHttpGateway KafkaLatency ${ofRoute} 2.35`,
    'KafkaHttpGateway Faults stack=gateway-dev 0',
    `KafkaHttpGateway RecordsIn ${ofRoute} 3`,
    `KafkaHttpGateway BytesIn ${ofRoute} 100`,
    `KafkaHttpGateway BytesOut ${ofRoute} 50`,
    `KafkaHttpGateway Requests ${ofRoute} statusClass=2xx 1`,
  ]);
});

test('an error is counted by its code, a fault and a refusal for too many requests by themselves', () => {
  const away = shown(request({ status: 503, errorCode: 50003 }));
  const tooMany = shown(request({ status: 429, errorCode: 429 }));

  assert.ok(away.includes('KafkaHttpGateway Errors stack=gateway-dev errorCode=50003 1'));
  assert.ok(away.includes('KafkaHttpGateway Errors stack=gateway-dev 1'));
  assert.ok(away.includes('KafkaHttpGateway Faults stack=gateway-dev 1'));
  assert.ok(tooMany.includes('KafkaHttpGateway Throttled stack=gateway-dev 1'));
  assert.ok(tooMany.includes('KafkaHttpGateway Faults stack=gateway-dev 0'));
});

test('connections, cold starts and records of listed topics are counted where there are any', () => {
  const metrics = shown(
    request({
      connections: 2,
      isFirst: true,
      byTopic: new Map([
        ['in_orders', 3],
        ['out_my.topic', 4],
      ]),
    }),
  );

  assert.ok(metrics.includes('KafkaHttpGateway Connections stack=gateway-dev 2'));
  assert.ok(metrics.includes('KafkaHttpGateway ColdStart stack=gateway-dev 1'));
  assert.ok(metrics.includes('KafkaHttpGateway/Topics in_orders stack=gateway-dev 3'));
  assert.ok(metrics.includes('KafkaHttpGateway/Topics out_my.topic stack=gateway-dev 4'));
});

test('a request without a route is counted by deployment alone', () => {
  const metrics = metricsOf(lineOf(request({ route: null, status: 404, errorCode: 404, bytesIn: 7, recordsIn: 1 })));

  assert.ok(metrics.length > 0);
  assert.ok(metrics.every(({ name }) => name.includes(' stack=') && !name.includes('route=')));
});

test('whatever a request comes to, its line is one of the format', () => {
  const count = fc.nat();
  const measured = fc.record({
    route: fc.constantFrom(null, 'GET /topics', 'POST /topics/{topic}'),
    status: fc.constantFrom(200, 204, 404, 429, 500, 503),
    errorCode: fc.constantFrom(null, 404, 50003),
    ms: fc.double({ min: 0, max: 29_000, noNaN: true }).map((ms) => Math.round(ms * 100) / 100),
    kafkaMs: fc.double({ min: 0, max: 29_000, noNaN: true }),
    connections: count,
    recordsIn: count,
    recordsOut: count,
    bytesIn: count,
    bytesOut: count,
    isFirst: fc.boolean(),
    byTopic: fc
      .dictionary(fc.stringMatching(/^[\w.-]{1,249}$/), count, { maxKeys: 120 })
      .map((byTopic) => new Map(Object.entries(byTopic).map(([topic, records]) => [`in_${topic}`, records]))),
  });

  fc.assert(fc.property(measured, (one) => metricsOf(lineOf(one)).length > 0));
});
