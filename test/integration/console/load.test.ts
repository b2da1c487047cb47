import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { CDPSession } from 'puppeteer-core';
import type { Opened } from '../../harness/browser/console.ts';
import { type ServedConsole, serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

const ROWS = 100_000;
const FRAMES = 200;
const BATCH = 1000;
/** So many seconds of a tail, a batch in each; without it, a few as fast as they go. */
const SECONDS = process.env.CONSOLE_TAIL_SECONDS;
const BATCHES = Number(SECONDS ?? 12);
/** What the page has at hand before it is looked at: the first records, and code that runs for the first time. */
const WARM_BATCHES = 4;
const MB = 1024 * 1024;

let served: ServedConsole;
let opened: Opened;

/** What is alive in the page, in bytes. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Milliseconds that scripts have run so far. */
async function scripting(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
}

suite('the console, with much to show', () => {
  before(async () => {
    configure(sharedKafka(), { GATEWAY_AUTH: 'none', GATEWAY_CONSOLE: 'read' });
    served = await serveConsole();
  });
  after(() => served?.stop());
  beforeEach(async () => {
    opened = await served.open();
  });
  afterEach(() => opened.close());

  test('of 100,000 rows, only those in sight are there, wherever one scrolls to', async (t) => {
    const { page, show, shows } = opened;
    const names = Array.from({ length: ROWS }, (_, i) => `topic-${String(i).padStart(6, '0')}`);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const isList = new URL(request.url()).pathname === '/topics';
      void (isList ? request.respond({ contentType: 'application/json', body: JSON.stringify(names) }) : request.continue());
    });

    await show('#/topics');
    await page.reload();
    await shows('100000 topics');
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    const begin = await scripting(session);
    const most = await page.evaluate(`(async () => {
      const box = document.querySelector('section.scroll');
      let most = 0;
      for (let frame = 1; frame <= ${FRAMES}; frame++) {
        box.scrollTop = ((box.scrollHeight - box.clientHeight) * frame) / ${FRAMES};
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        most = Math.max(most, box.querySelectorAll('tr').length);
      }
      return most;
    })()`);
    const perFrame = ((await scripting(session)) - begin) / FRAMES;
    await shows('topic-099999');
    const { length } = await page.$$(`tr[aria-rowindex="${ROWS + 1}"]`);

    t.diagnostic(`${perFrame.toFixed(2)} ms of scripts a frame`);
    assert.ok(Number(most) < 100, `${most} rows`);
    assert.equal(length, 1);
  });

  const withTime = SECONDS === undefined ? {} : { timeout: (BATCHES + 300) * 1000 };
  test('a tail counts each record of thousands a second, and keeps no more than the last of them', withTime, async (t) => {
    const { page, show, shows } = opened;
    const topic = await createTopic({ partitions: 3 });
    const batch = (n: number) =>
      Array.from({ length: BATCH }, (_, i) => ({ key: `${i % 50}`, value: JSON.stringify({ n, i, text: 'x'.repeat(100) }) }));
    const isComing = page.waitForResponse((response) => response.headers()['content-type'] === 'text/event-stream');

    await Promise.all([isComing, show(`#/topics/${topic}?live=1`)]);
    const session = await page.createCDPSession();
    const heaps: number[] = [];
    for (let n = 1; n <= BATCHES; n++) {
      await Promise.all([writeTopic(topic, batch(n)), SECONDS !== undefined && setTimeout(1000)]);
      // A page that is shown a second late has everything then as well.
      if (SECONDS === undefined || n % 30 === 0 || n <= WARM_BATCHES) {
        await shows(`${n * BATCH} records have come`);
        heaps.push(await heapOf(session));
      }
    }
    await shows(`${BATCHES * BATCH} records have come`);

    const [warm, end] = [heaps[WARM_BATCHES - 1], heaps.at(-1) ?? 0];
    t.diagnostic(
      `heap ${(warm / MB).toFixed(1)} MB after ${WARM_BATCHES * BATCH} records, ${(end / MB).toFixed(1)} MB after ${BATCHES * BATCH}`,
    );
    assert.ok(end - warm < 5 * MB, heaps.map((heap) => (heap / MB).toFixed(1)).join());
  });

  test('a value of megabytes is shown in steps, in a list its beginning alone', async () => {
    const { page, show, shows, click, text } = opened;
    const topic = await createTopic({ configs: { 'max.message.bytes': String(8 * MB) } });
    const value = `<script>document.title=1</script>\u202E\u0000${'<b>&amp;'.repeat(400_000)}`;
    await writeTopic(topic, [{ key: '<i>', value }]);

    await show(`#/topics/${topic}?format=text`);
    await page.waitForSelector('tbody tr');
    const listed = await page.$eval('tbody td:last-child', ({ textContent }) => textContent?.length);
    await click('0');
    await shows(`Show more of ${value.length.toLocaleString('en')} characters`);
    const first = (await text('section[aria-label=Value]')).length;
    await click(`Show more of ${value.length.toLocaleString('en')} characters`, 'button');
    await page.waitForFunction(`document.querySelector('section[aria-label=Value]').textContent.length > ${first}`);
    const shown = await text('section[aria-label=Value]');

    assert.ok(Number(listed) < 2100, `${listed}`);
    assert.match(shown, /^<script>document\.title=1<\/script>\\u\{202e\}\\u\{0\}<b>&amp;<b>/);
    assert.ok(shown.length < 140_000, `${shown.length}`);
    assert.equal(await page.$('section[aria-label=Value] b'), null);
  });
});
