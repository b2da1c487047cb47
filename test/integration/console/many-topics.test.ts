import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBroker } from '../../../infra/local/broker.ts';
import { checkAccessibility, keepScreenshot } from '../../harness/browser/console.ts';
import { serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { createTopics } from '../../harness/kafka/topics.ts';

const COUNT = 1000;
const FRAMES = 100;
/** In the order of their numbers. */
const nameOf = (i: number): string => `shop-${String(i).padStart(4, '0')}.${['carts', 'orders', 'payments', 'returns', 'stock'][i % 5]}`;

test('of a thousand topics, one is found by its name, its size or what comes in, by few requests', async (t) => {
  const broker = await startBroker();
  t.after(() => broker.stop());
  const topics = Array.from({ length: COUNT }, (_, i) => ({ topic: nameOf(i), numPartitions: 1 }));
  await createTopics(topics, broker.bootstrapServers);
  configure(broker.bootstrapServers, { GATEWAY_AUTH: 'none' });
  const served = await serveConsole();
  t.after(() => served.stop());
  const produce = async (topic: string, count: number, timestamp?: string): Promise<void> => {
    const records = Array.from({ length: count }, (_, i) => ({ value: i, ...(timestamp && { timestamp }) }));
    const headers = { 'content-type': 'application/vnd.kafka.json.v2+json' };
    const { status } = await fetch(`${served.url}/topics/${topic}`, { method: 'POST', headers, body: JSON.stringify({ records }) });
    assert.equal(status, 200);
  };
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
  await produce(nameOf(700), 1500, anHourAgo);
  await produce(nameOf(200), 40);
  for (let i = 1; i < 12; i++) await produce(nameOf(i * 83), i);
  const opened = await served.open();
  const { page, fill, click, show, shows } = opened;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const rowIs = (row: string) => page.waitForFunction(`document.querySelector('tbody tr').textContent === ${JSON.stringify(row)}`);

  await show('#/topics');
  await page.reload();
  await shows(`${COUNT} topics`);
  await rowIs(`${nameOf(0)}100`);
  const toOpen = asked.splice(0);
  const most = await page.evaluate(`(async () => {
    const box = document.querySelector('section.scroll');
    let most = 0;
    for (let frame = 1; frame <= ${FRAMES}; frame++) {
      box.scrollTop = ((box.scrollHeight - box.clientHeight) * frame) / ${FRAMES};
      await new Promise(requestAnimationFrame);
      most = Math.max(most, box.querySelectorAll('tr').length);
    }
    return most;
  })()`);
  await page.waitForFunction(`document.querySelector('tr[aria-rowindex="${COUNT + 1}"]')?.textContent === '${nameOf(COUNT - 1)}100'`);
  const toScroll = asked.splice(0);
  await click('Offsets');
  await page.waitForFunction("document.querySelector('[aria-sort=descending]')?.textContent.startsWith('Offsets')");
  await page.$eval('section.scroll', (box) => box.scrollTo(0, 0));
  await rowIs(`${nameOf(700)}11,5000`);
  const address = page.url();
  await checkAccessibility(page);
  await keepScreenshot(page, 'topics');
  await click('In the last minute');
  await rowIs(`${nameOf(200)}14040`);
  await click('Topic');
  await rowIs(`${nameOf(0)}100`);
  await click('Topic');
  await rowIs(`${nameOf(COUNT - 1)}100`);
  await fill('Search', 'shop-09');
  await shows(`100 of ${COUNT} topics`);
  const toSort = asked.splice(0);
  await click(nameOf(999));
  await page.waitForSelector('nav[aria-label=Topic]');
  await opened.close();

  t.diagnostic(`${toOpen.length} requests to open the list, ${toScroll.length} to scroll it, ${toSort.length} to sort it`);
  assert.match(address, /sort=-offsets$/);
  assert.ok(Number(most) < 100, `${most} rows`);
  assert.ok(toOpen.length <= 8 && toScroll.length <= FRAMES / 10 && toSort.length <= 12, [toOpen, toScroll, toSort].join('\n'));
});
