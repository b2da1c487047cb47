import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startServer } from '../../../infra/serve/gateway-server.ts';
import { startMetrics } from '../../../infra/serve/metrics-server.ts';
import { countRequestsBy } from '../../../lib/metrics/listener.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';

configure(sharedKafka());

async function metricsUrl(t: TestContext): Promise<string> {
  const server = await startMetrics({ port: 0, host: '127.0.0.1' });
  t.after(() => {
    countRequestsBy(null);
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

test('the requests of a process are counted at a port of its own, and nothing else is there', async (t) => {
  const metrics = await metricsUrl(t);
  const gateway = await startServer({ port: 0, host: '127.0.0.1' });
  t.after(() => gateway.close(0));

  await (await fetch(`${gateway.url}/health`)).text();
  const page = await (await fetch(`${metrics}/metrics`)).text();
  const other = await fetch(`${metrics}/topics`);
  await other.text();
  const here = await fetch(`${gateway.url}/metrics`);
  await here.text();

  assert.match(page, /^kafka_http_gateway_requests_total\{.*route="GET \/health".*\} 1$/m);
  assert.deepEqual([other.status, here.status], [404, 404]);
});
