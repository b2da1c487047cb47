import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { startBrowser } from '../../harness/browser/browser.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { checkAccessibility, keepScreenshot, type Opened, openConsole } from './opened.ts';

const TOPIC = 'console-orders';
const HOSTILE = ['<img src=x onerror="document.title=1">', '\u202Eevil\u202C\u0000', '{"__proto__":{"x":1}}'];

configure(sharedKafka(), { GATEWAY_AUTH: 'none', GATEWAY_CONSOLE: 'write' });

let gateway: GatewayServer;
let chromium: Awaited<ReturnType<typeof startBrowser>>;
let opened: Opened;

const post = async (path: string, contentType: string, body: string): Promise<void> => {
  const response = await fetch(`${gateway.url}${path}`, { method: 'POST', headers: { 'content-type': contentType }, body });
  assert.ok(response.ok, await response.text());
};

before(async () => {
  gateway = await startServer({ port: 0, host: '127.0.0.1' });
  chromium = await startBrowser();
  await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: TOPIC, partitions_count: 3 }));
  const records = Array.from(
    { length: 120 },
    (_, i) => `{"key":"order-${i}","value":{"id":${i},"total":9007199254740993.10,"customer":{"id":${i % 7}}}}`,
  );
  await post(`/topics/${TOPIC}`, 'application/vnd.kafka.json.v2+json', `{"records":[${records.join()}]}`);
});
after(async () => {
  await chromium?.stop();
  await gateway?.close(0);
});
beforeEach(async () => {
  opened = await openConsole(chromium.browser, gateway.url);
});
afterEach(async () => {
  const { complaints, page } = opened;
  await page.close();
  assert.deepEqual(complaints, []);
});

test('a topic is found by a part of its name, which is in the address', async () => {
  const { page, fill, click, text } = opened;

  await fill('Search', 'sole-ord');
  const address = page.url();
  await checkAccessibility(page);
  await keepScreenshot(page, 'topics');
  await click(TOPIC);

  assert.match(address, /#\/topics\?q=sole-ord$/);
  assert.equal(await text('h1'), TOPIC);
});

test('the newest records come first, each once, as they were sent', async () => {
  const { page, show, shows, click } = opened;
  const seen: string[] = [];

  await show(`#/topics/${TOPIC}`);
  for (const count of ['50 records', '50 records', '20 records']) {
    await shows(count);
    seen.push(...(await page.$$eval('tbody tr td:nth-child(4)', (cells) => cells.map((cell) => cell.textContent ?? ''))));
    if (count === '50 records') await click('Older records');
  }

  assert.ok(seen.length >= 60, `${seen.length}`);
});

test('a record shows all of its digits', async () => {
  const { page, show, text } = opened;

  await show(`#/topics/${TOPIC}?open=0%230`);
  const value = await text('section[aria-label=Value]');
  await checkAccessibility(page);
  await keepScreenshot(page, 'record');

  assert.match(value, /^\{\n {2}"id": \d+,\n {2}"total": 9007199254740993\.10,/);
});

test('keys and values that are hostile are text', async () => {
  const { page, show, text } = opened;
  const topic = 'console-hostile';
  await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: topic, partitions_count: 1 }));
  const records = HOSTILE.map((one) => ({ key: one, value: one, headers: [{ key: one, value: Buffer.from(one).toString('base64') }] }));
  await post(`/topics/${topic}`, 'application/vnd.kafka.text.v2+json', JSON.stringify({ records }));

  await show(`#/topics/${topic}?format=text&open=0%230`);
  const markup = await text('section[aria-label=Value]');
  await show(`#/topics/${topic}?format=text&open=0%231`);
  const bidi = await text('section[aria-label=Value]');

  assert.match(markup, /<img src=x onerror=/);
  assert.equal(await page.$('img'), null);
  assert.match(bidi, /u\{202e\}evil/);
});
