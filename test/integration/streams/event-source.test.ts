import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { startBrowser } from '../../harness/browser/browser.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/proxy/tcp-proxy.ts';

configure(sharedKafka(), { GATEWAY_AUTH: 'none' });

suite("a browser's EventSource", () => {
  let gateway: GatewayServer;
  let proxy: TcpProxy;
  let chromium: Awaited<ReturnType<typeof startBrowser>>;

  before(async () => {
    gateway = await startServer({ port: 0, host: '127.0.0.1' });
    proxy = await startTcpProxy(gateway.port);
    chromium = await startBrowser();
  });
  after(async () => {
    await chromium?.stop();
    await proxy?.close();
    await gateway?.close(0);
  });

  test('gets each record once, in order, through connections that drop', async () => {
    const topic = await createTopic();
    const page = await chromium.browser.newPage();
    await page.goto(`http://127.0.0.1:${proxy.port}/health`);
    // In the browser: how often it has connected, and what it was sent.
    await page.evaluate((path) => {
      const state: { opened: number; values: number[] } = { opened: 0, values: [] };
      const source = new EventSource(path);
      source.addEventListener('open', () => {
        state.opened++;
      });
      source.addEventListener('record', (event) => state.values.push(JSON.parse(Object(event).data).value));
      Object.assign(globalThis, { state });
    }, `/topics/${topic}/records`);
    const reaches = (what: 'opened' | 'values', count: number) =>
      page.waitForFunction(
        (name, least) => {
          const { state } = Object(globalThis);
          return (name === 'opened' ? state.opened : state.values.length) >= least;
        },
        {},
        what,
        count,
      );

    await reaches('opened', 1);
    await writeTopic(topic, [{ value: '0' }]);
    await reaches('values', 1);
    for (let round = 1; round <= 2; round++) {
      proxy.hangUp();
      await writeTopic(topic, [{ value: `${round * 2 - 1}` }, { value: `${round * 2}` }]);
      await reaches('values', round * 2 + 1);
    }
    const values = await page.evaluate(() => Object(globalThis).state.values);
    await page.close();

    assert.deepEqual(values, [0, 1, 2, 3, 4]);
  });
});
