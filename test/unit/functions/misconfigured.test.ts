import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { rows } from '../../../infra/functions.ts';
import { script } from '../../../lib/console/files.ts';
import { api, type RouteKey } from '../../../lib/http/api.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

/** Each route as the function that serves it answers; functions that share it are not told apart. */
const names = rows.filter(([, { routes }]) => routes.length > 0).map(([name]) => name);
const handlers = await Promise.all(
  names.map(async (name): Promise<GatewayHandler> => (await import(`../../../functions/${name}.ts`)).handler),
);

const withoutKafka: readonly RouteKey[] = [
  'GET /',
  'GET /health',
  'GET /healthy',
  'GET /whoami',
  'GET /openapi/v3',
  'GET /docs',
  'GET /openapi.json',
  'GET /console',
  'GET /console/{file}',
];
const withKafka = api.filter((route) => !withoutKafka.includes(route));
const parameters: Record<string, string> = { partition: '0', broker: '1', file: script.name };

async function send(t: TestContext, route: RouteKey, environment: Record<string, string>) {
  t.mock.property(process, 'env', { ...process.env, ...environment });
  const lines = captureLog(t);
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'orders');
  const content = ['POST', 'PUT'].includes(method) ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
  for (const handler of handlers) {
    const { statusCode, body } = await handler(httpEvent(method, path, content), lambdaContext());
    if (!body.includes('is not served by this function')) return { statusCode, body, logged: JSON.stringify(lines) };
  }
  return assert.fail('no function serves it');
}

const faults: [variable: string, environment: Record<string, string>][] = [
  ['KAFKA_BOOTSTRAP_SERVERS', {}],
  ['KAFKA_SECURITY_PROTOCOL', { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', KAFKA_SECURITY_PROTOCOL: 'TLS' }],
  ['KAFKA_SECRET_ID', { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN' }],
  ['GATEWAY_MAX_CLIENTS', { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', GATEWAY_MAX_CLIENTS: 'many' }],
  ['GATEWAY_TABLE', { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', GATEWAY_LIMITS: '[]' }],
];

for (const [variable, environment] of faults) {
  suite(`where ${variable} is missing or wrong`, () => {
    for (const route of withoutKafka) {
      test(`${route}, which needs no Kafka, is answered`, async (t) => {
        const { statusCode } = await send(t, route, environment);

        assert.equal(statusCode, route === 'GET /healthy' ? 204 : 200);
      });
    }

    for (const route of withKafka) {
      test(`${route} is refused, and the log names the variable`, async (t) => {
        const { statusCode, body, logged } = await send(t, route, environment);

        assert.deepEqual(
          [statusCode, JSON.parse(body).message],
          [500, 'The gateway is not configured: ask its operator to read its log, which says what to set'],
        );
        assert.ok(logged.includes(variable), logged);
      });
    }
  });
}
