import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { type ErrorName, errors, GatewayError } from '../../../lib/errors.ts';
import { gatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

beforeEach(() => setLogLevel('info'));

const answerTo = (thrown: unknown, headers = {}) => {
  const handler = gatewayHandler({
    'GET /topics': () => {
      throw thrown;
    },
  });
  return handler(httpEvent('GET', '/topics', { headers }), lambdaContext());
};

test('every error of the table has its status, its code, and Retry-After when a retry may help', async (t) => {
  captureLog(t);
  const isErrorName = (name: string): name is ErrorName => name in errors;

  for (const name of Object.keys(errors).filter(isErrorName)) {
    const { statusCode, headers, body } = await answerTo(new GatewayError(name, 'what, and what to do'));

    assert.equal(statusCode, errors[name].status);
    assert.deepEqual(JSON.parse(body), { error_code: errors[name].code, message: 'what, and what to do' });
    assert.equal(headers['retry-after'], errors[name].retriable ? '1' : undefined);
    assert.equal(headers['content-type'], 'application/vnd.kafka.v2+json');
    assert.equal(headers['x-request-id'], 'JKJaXmPLvHcESHA=');
  }
});

test("an error's own headers are sent and may set Retry-After", async (t) => {
  captureLog(t);

  const { headers } = await answerTo(
    new GatewayError('QuotaExceeded', 'slow down', { headers: { 'Retry-After': '7', 'X-Other': 'a\r\nb: c' } }),
  );

  assert.equal(headers['retry-after'], '7');
  assert.equal(headers['x-other'], 'a  b: c');
});

for (const accept of [undefined, '*/*', 'application/json', 'application/vnd.kafka.v2+json', 'text/html']) {
  test(`in v3 of the API an error is JSON, to Accept: ${accept}`, async (t) => {
    captureLog(t);

    const { headers } = await gatewayHandler({})(httpEvent('GET', '/v3/nothing', { headers: { accept } }), lambdaContext());

    assert.equal(headers['content-type'], 'application/json');
  });
}

for (const [accept, mediaType] of [
  ['application/vnd.kafka.binary.v2+json', 'application/vnd.kafka.binary.v2+json'],
  ['application/json', 'application/json'],
  ['application/json, text/plain, */*', 'application/json'],
  ['application/vnd.kafka.avro.v1+json;q=0.9, application/json;q=0.5', 'application/vnd.kafka.avro.v2+json'],
  ['*/*', 'application/vnd.kafka.v2+json'],
  ['text/html', 'application/vnd.kafka.v2+json'],
  ['\0;;,=', 'application/vnd.kafka.v2+json'],
]) {
  test(`to Accept: ${JSON.stringify(accept)} an error is ${mediaType}`, async (t) => {
    captureLog(t);

    const { headers } = await answerTo(new GatewayError('BadRequest', 'bad'), { accept });

    assert.equal(headers['content-type'], mediaType);
  });
}

for (const thrown of [
  new Error('db password is hunter2'),
  new TypeError('x'),
  'hunter2',
  null,
  undefined,
  0,
  { statusCode: 200, message: 'hunter2' },
]) {
  test(`whatever else is thrown (${String(thrown)}) tells a client nothing but the request id`, async (t) => {
    const lines = captureLog(t);

    const { statusCode, headers, body } = await answerTo(thrown);

    assert.equal(statusCode, 500);
    assert.deepEqual(JSON.parse(body), {
      error_code: 500,
      message: 'The gateway failed: ask its operator to look up the request id JKJaXmPLvHcESHA= in the log',
    });
    assert.equal(headers['x-request-id'], 'JKJaXmPLvHcESHA=');
    assert.equal(lines.find(({ level }) => level === 'ERROR')?.requestId, 'JKJaXmPLvHcESHA=');
  });
}

test('the message of an error cannot break out of the body', async (t) => {
  captureLog(t);
  const message = '"},{"a":"\n\u0000</script>\ud800';

  const { body } = await answerTo(new GatewayError('BadRequest', message));

  assert.deepEqual(JSON.parse(body), { error_code: 400, message });
});
