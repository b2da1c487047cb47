import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { countRequestsBy, tell } from '../../../lib/metrics/listener.ts';
import { answerMetrics, countRequests } from '../../../lib/metrics/metrics-page.ts';
import { request } from './request.ts';

const totals = countRequests();
const server = createServer((received, response) => answerMetrics(totals, received, response)).listen(0, '127.0.0.1');
after(() => {
  countRequestsBy(null);
  server.close();
});

async function ask(method: string): Promise<Response> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return fetch(`http://127.0.0.1:${address.port}/metrics`, { method });
}

test('a server shows what this process has counted', async () => {
  tell(request());

  const response = await ask('GET');

  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(await response.text(), /^kafka_http_gateway_requests_total\{function="local",.*\} 1$/m);
});

test('nothing but reading is allowed', async () => {
  const response = await ask('POST');

  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD']);
  assert.equal((await ask('HEAD')).status, 200);
});
