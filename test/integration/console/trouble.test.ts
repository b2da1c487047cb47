import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import type { HTTPRequest } from 'puppeteer-core';
import { checkAccessibility, type Opened } from '../../harness/browser/console.ts';
import { type ServedConsole, serveConsole } from '../../harness/browser/served-console.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka(), { GATEWAY_AUTH: 'none', GATEWAY_CONSOLE: 'write' });

let served: ServedConsole;
let opened: Opened;
/** What becomes of a request of the page, if not what becomes of all others. */
let meddle: (request: HTTPRequest) => boolean;

suite('the console, when something goes wrong or somebody changes their mind', () => {
  before(async () => {
    served = await serveConsole();
  });
  after(() => served?.stop());
  beforeEach(async () => {
    opened = await served.open();
    meddle = () => false;
    await opened.page.setRequestInterception(true);
    opened.page.on('request', (request) => void (meddle(request) || request.continue()));
  });
  afterEach(() => opened.close());

  test('a search is stopped in the middle of a request, at what it has found, and goes on from there', async () => {
    const { page, show, click, shows } = opened;
    const topic = await createTopic();
    await writeTopic(
      topic,
      Array.from({ length: 300 }, (_, i) => ({ key: `${i}`, value: `{"id":${i},"is_wanted":${i % 20 === 0}}` })),
    );
    let reads = 0;
    // The first answer has the newest 50 records; the second never comes.
    meddle = (request) => request.url().includes('/records?') && ++reads === 2;

    await show(`#/topics/${topic}?filter=value.is_wanted==true`);
    await shows('2 found in 50 offsets');
    await checkAccessibility(page);
    await click('Stop the search', 'button');
    await shows('2 records');
    const found = await page.$$eval('tbody th', (cells) => cells.map(({ textContent }) => textContent));
    await click('Older records');
    await shows('13 records');
    const older = await page.$$eval('tbody th', (cells) => cells.map(({ textContent }) => textContent));

    assert.deepEqual(found, ['280', '260']);
    assert.deepEqual([older[0], older.at(-1)], ['240', '0']);
  });

  test('a browser that blocks storage shows the page, and keeps nothing', async () => {
    const { page, show, shows } = opened;
    const topic = await createTopic();
    await page.evaluateOnNewDocument(() =>
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      }),
    );

    await page.reload();
    await show(`#/topics/${topic}`);

    await shows(topic);
  });

  test('who goes elsewhere while a group is deleted stays there', async () => {
    const { page, show, fill, click, shows } = opened;
    const [topic, group] = [await createTopic(), 'console-left-behind'];
    const committed = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offsets: [{ topic, offset: 'latest' }] }) };
    assert.equal((await call('PUT', `/groups/${group}/offsets`, committed)).status, 200);
    const held = Promise.withResolvers<HTTPRequest>();
    meddle = (request) => {
      if (request.method() === 'DELETE') held.resolve(request);
      return request.method() === 'DELETE';
    };

    await show(`#/groups/${group}`);
    await fill('Name of the group to delete, to confirm', group);
    await click('Delete the group', 'button');
    const request = await held.promise;
    await click('Health');
    await shows('Kafka answers');
    await Promise.all([page.waitForResponse((response) => response.request().method() === 'DELETE'), request.continue()]);
    // What follows an answer is done before the next frame but one.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

    assert.ok(page.url().endsWith('#/health'), page.url());
  });

  test('while Kafka does not answer, Health says what does, and You says who is asking', async () => {
    const { page, show, shows, text } = opened;
    meddle = (request) => /\/(?:health\/ready|brokers|topics)$/.test(new URL(request.url()).pathname);

    await show('#/health');
    await page.waitForFunction("document.querySelectorAll('tbody td:nth-child(3) bdi').length === 3");
    const health = await text('table[aria-label=Health] tbody');
    await show('#/you');
    await shows('Nobody in particular');
    const facts = await text('.facts');

    assert.match(health, /^The gateway runsGoodok.*Kafka answersLooking …The brokersLooking …You are let inGoodStatus 200$/);
    assert.match(facts, /LimitLoading …$/);
  });

  test('an address of a topic that leads to no view says so', async () => {
    const { show, shows } = opened;
    const topic = await createTopic();

    await show(`#/topics/${topic}/no-such`);

    await shows('Nothing is here');
  });

  test('a partition that a topic does not have is told of, whichever way its records are read', async () => {
    const { show, text } = opened;
    const topic = await createTopic();

    const told: string[] = [];
    for (const order of ['', '&from=earliest']) {
      await show('#/health');
      await show(`#/topics/${topic}?partition=77${order}`);
      told.push(await text('[role=alert]'));
    }

    assert.deepEqual(told, Array(2).fill('The topic has no partition 77: choose one from 0 to 0'));
  });

  test('an error says what to do, and what has failed is tried again', async () => {
    const { page, show, click, text } = opened;
    const json = (status: number, message: string) => (request: HTTPRequest) =>
      request.respond({ status, contentType: 'application/json', body: JSON.stringify({ message }) });
    const troubles: [said: string, answer: (request: HTTPRequest) => Promise<void>][] = [
      ['cannot be reached', (request) => request.abort()],
      ['Forbidden', json(403, 'Forbidden')],
      ['Service Unavailable', json(503, 'Service Unavailable')],
      ['502', (request) => request.respond({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' })],
    ];
    let answer: ((request: HTTPRequest) => Promise<void>) | null = null;
    meddle = (request) => {
      if (answer === null || !new URL(request.url()).pathname.endsWith('/groups')) return false;
      void answer(request);
      return true;
    };

    const told: string[] = [];
    for (const [said, trouble] of troubles) {
      answer = trouble;
      await (told.length === 0 ? show('#/groups') : click('Try again', 'button'));
      await page.waitForFunction(`document.querySelector('[role=alert]')?.textContent.includes(${JSON.stringify(said)})`);
      told.push(await text('[role=alert]'));
      if (told.length === 1) await checkAccessibility(page);
    }
    answer = null;
    await click('Try again', 'button');
    await page.waitForSelector('table');
    await show('#/groups/of-no-other-test');
    const missing = await text('[role=alert]');

    assert.match(told[0], /^The gateway cannot be reached: look whether you are connected, then try again$/);
    assert.match(told[1], /^Forbidden: sign in as somebody who may do this, or ask .* for a grantStatus 403$/);
    assert.match(told[2], /^Service Unavailable: wait a moment, then try againStatus 503$/);
    assert.match(told[3], /^The gateway answered 502: /);
    assert.match(missing, /Status 404, error_code 404\d+, request /);
  });

  test('a live view that cannot reach the gateway says so, and goes on when it is told to', async () => {
    const { show, click, text, shows } = opened;
    const topic = await createTopic();
    let isLost = true;
    meddle = (request) => {
      if (isLost && request.url().includes('/records?')) void request.abort();
      return isLost && request.url().includes('/records?');
    };

    await show(`#/topics/${topic}?live=1`);
    const lost = await text('[role=alert]');
    isLost = false;
    const isComing = opened.page.waitForResponse((response) => response.headers()['content-type'] === 'text/event-stream');
    await click('Go on from here', 'button');
    await isComing;
    await writeTopic(topic, [{ key: 'a', value: '{"back":true}' }]);
    await shows('1 record has come');

    assert.match(lost, /cannot be reached/);
    assert.equal(await text('tbody td:last-child'), '{"back":true}');
  });
});
