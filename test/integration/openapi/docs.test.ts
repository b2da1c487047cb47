import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { operationsOf, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';
import { startBrowser } from '../../harness/browser/browser.ts';
import { call, configure } from '../../harness/http/gateway.ts';

configure('127.0.0.1:9');

let server: Server;
let address: string;
let chromium: Awaited<ReturnType<typeof startBrowser>>;
let page: Page;
let requested: string[];
let complaints: string[];

before(async () => {
  server = createServer(async (request, response) => {
    const { status, headers, text } = await call('GET', request.url ?? '/', { headers: { host: request.headers.host ?? '' } });
    response.writeHead(status, headers).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  server?.close();
});
beforeEach(async (t) => {
  [requested, complaints] = [[], []];
  page = await chromium.browser.newPage();
  page.on('request', (request) => requested.push(request.url()));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${address}/docs`);
  if ('after' in t) t.after(() => page.close());
});

test('the page shows every operation, in its own style, and loads nothing else', async () => {
  const shown = await page.$$eval('section[id] > h3', (titles) => titles.map((title) => title.textContent));
  const font = await page.evaluate('getComputedStyle(document.body).fontFamily');

  for (const { route } of operationsOf(parseDescription(readDescriptionText()))) assert.ok(shown.includes(route), route);
  assert.equal(font, 'system-ui, sans-serif');
  assert.deepEqual([requested, complaints], [[`${address}/docs`], []]);
});

test('each link leads somewhere', async () => {
  const [targets, ids] = await page.$$eval('[href], [id]', (elements) => [
    elements.flatMap((element) => element.getAttribute('href') ?? []),
    elements.flatMap((element) => element.id || []),
  ]);

  const inside = targets.filter((target) => target.startsWith('#'));
  assert.deepEqual(
    inside.filter((target) => !ids.includes(target.slice(1))),
    [],
  );
  assert.deepEqual(
    targets.filter((target) => !target.startsWith('#')),
    [`${address}/openapi.json`],
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('a link of the contents leads to its operation', async () => {
  await page.click('nav a[href="#fetchRecords"]');

  const top = await page.$eval('#fetchRecords', (section) => section.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 100, `${top}`);
});

test('the link to the description leads to it, with the address of this gateway', async () => {
  const [response] = await Promise.all([page.waitForNavigation(), page.click('a[href$="/openapi.json"]')]);

  assert.ok(response);
  const { openapi, servers } = await response.json();
  assert.deepEqual([openapi, servers[0].url], ['3.1.1', address]);
});

test('on a narrow screen, nothing but commands is wider than it', async () => {
  await page.setViewport({ width: 360, height: 640 });

  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, 360);
});

test('with the contents beside it, nothing is wider than the screen', async () => {
  await page.setViewport({ width: 1200, height: 800 });

  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, 1200);
});

test('a script that got into the page does not run', async () => {
  const ran = await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'document.title = "changed"';
    document.body.append(script);
    document.title`);

  assert.equal(ran, 'Kafka HTTP gateway');
  assert.match(complaints.join(), /Content Security Policy/);
});
