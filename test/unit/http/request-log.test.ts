import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { GatewayError } from '../../../lib/errors.ts';
import { gatewayHandler, type Route } from '../../../lib/http/gateway-handler.ts';
import { metricsSettings } from '../../../lib/metrics/settings.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

beforeEach(() => {
  setLogLevel('info');
  metricsSettings.emf = false;
});

const call = (route: Route, method = 'GET', path = '/topics') =>
  gatewayHandler({ 'GET /topics': route })(httpEvent(method, path, { authorizer: { iam: { userArn: 'arn:caller' } } }), lambdaContext());

const fail = (error: unknown) => () => {
  throw error;
};

test('a request is one line', async (t) => {
  const lines = captureLog(t);

  await call(() => ({ status: 201, body: '' }));

  const [{ timestamp, ms, ...line }] = lines;
  assert.equal(lines.length, 1);
  assert.deepEqual(line, {
    level: 'INFO',
    event: 'request',
    message: 'request',
    requestId: 'JKJaXmPLvHcESHA=',
    route: 'GET /topics',
    method: 'GET',
    status: 201,
    principal: 'arn:caller',
    mode: 'iam',
  });
  assert.equal(typeof timestamp, 'string');
  assert.ok(typeof ms === 'number' && ms >= 0);
});

test('a principal that became known on the way is logged, whatever came of the request', async (t) => {
  const lines = captureLog(t);

  await call((request) => {
    request.principal = 'alice';
    request.mode = 'basic';
    throw new GatewayError('TopicNotFound', 'There is no topic x');
  });

  assert.deepEqual([lines[0].status, lines[0].principal, lines[0].mode], [404, 'alice', 'basic']);
});

test("a client's error is one line with its name", async (t) => {
  const lines = captureLog(t);

  await call(fail(new GatewayError('TopicNotFound', 'There is no topic x')));

  assert.equal(lines.length, 1);
  assert.deepEqual([lines[0].level, lines[0].status, lines[0].error], ['INFO', 404, 'TopicNotFound']);
});

test('a request without a route is logged too', async (t) => {
  const lines = captureLog(t);

  await call(() => ({ body: '' }), 'DELETE', '/nope');

  assert.deepEqual([lines[0].route, lines[0].method, lines[0].status, lines[0].error], [null, 'DELETE', 404, 'RouteNotFound']);
});

test("the cause of a client's error is a warning without a stack", async (t) => {
  const lines = captureLog(t);

  await call(fail(new GatewayError('BadRequest', 'bad gzip', { cause: new Error('incorrect header check') })));

  const { timestamp, ...warning } = lines[0];
  assert.deepEqual(warning, {
    level: 'WARN',
    event: 'request_failed',
    message: 'bad gzip',
    requestId: 'JKJaXmPLvHcESHA=',
    principal: 'arn:caller',
    error: 'BadRequest',
    cause: 'Error: incorrect header check',
  });
  assert.equal(lines[1].event, 'request');
  assert.equal(typeof timestamp, 'string');
});

test('a warning does not quote what could not be parsed', async (t) => {
  const lines = captureLog(t);
  let cause: unknown;
  try {
    JSON.parse('hunter2');
  } catch (error) {
    cause = error;
  }

  await call(fail(new GatewayError('BadRequest', 'not JSON', { cause })));

  assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
});

test('a fault is logged whole, with the request id', async (t) => {
  const lines = captureLog(t);
  const socket = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  await call(fail(new GatewayError('KafkaUnavailable', 'Kafka is away', { cause: socket })));

  const { error, ...line } = JSON.parse(JSON.stringify(lines[0]));
  assert.deepEqual(
    [line.level, line.event, line.message, line.requestId],
    ['ERROR', 'request_failed', 'Kafka is away', 'JKJaXmPLvHcESHA='],
  );
  assert.equal(error.cause.code, 'ECONNREFUSED');
  assert.match(error.cause.stack, /request-log\.test\.ts/);
  assert.deepEqual([lines[1].level, lines[1].status, lines[1].error], ['INFO', 503, 'KafkaUnavailable']);
});

test('what is no error of ours is logged whole as the cause of a 500', async (t) => {
  const lines = captureLog(t);

  await call(fail(new RangeError('Maximum call stack size exceeded')));

  assert.match(JSON.stringify(lines[0].error), /"name":"InternalError".*"cause":\{"name":"RangeError"/);
  assert.deepEqual([lines[1].status, lines[1].error], [500, 'InternalError']);
});
