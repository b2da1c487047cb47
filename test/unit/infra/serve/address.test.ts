import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressIn, portIn } from '../../../../infra/serve/address.ts';

test('the address is the default one, also where variables are empty', () => {
  for (const environment of [{}, { PORT: '', HOST: ' ' }]) assert.deepEqual(addressIn(environment), { port: 8082, host: '0.0.0.0' });
});

test('variables come before the endpoint of a Lambda web function', () => {
  const AWS_LAMBDA_HTTP_ENDPOINT = 'http://127.0.0.1:9001/';

  assert.deepEqual(addressIn({ AWS_LAMBDA_HTTP_ENDPOINT, PORT: '' }), { port: 9001, host: '127.0.0.1' });
  assert.deepEqual(addressIn({ AWS_LAMBDA_HTTP_ENDPOINT, PORT: ' 8083\r', HOST: '::1' }), { port: 8083, host: '::1' });
});

test('there is no port for metrics where the variable is empty', () => {
  assert.deepEqual([portIn({}, 'METRICS_PORT'), portIn({ METRICS_PORT: ' ' }, 'METRICS_PORT')], [null, null]);
});

test('what is no port is refused', () => {
  for (const PORT of ['65536', '-1', '80.5', '0x50', '1e3', 'http']) {
    assert.throws(() => addressIn({ PORT }), { message: `PORT must be a number from 0 to 65535, not ${PORT}.` });
  }
});
