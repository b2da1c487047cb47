import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { startBrowser } from '../harness/browser/browser.ts';
import { openConsole } from '../harness/browser/console.ts';
import { basicHeader } from '../harness/events/presented.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startGateway, zipNames } from '../harness/lambda/deployed-function.ts';
import { httpApiOf } from '../harness/lambda/http-api.ts';
import { type Authorize, restApiOf } from '../harness/lambda/rest-api.ts';

const PASSWORD = 'a password of the console test';
const authorization = basicHeader('alice', PASSWORD);
const configured = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_AUTH: 'basic', GATEWAY_CONSOLE: 'write' };

const authorize: Authorize = (headers) => (headers.authorization === authorization ? { principalId: 'alice', mode: 'basic' } : null);

/** The functions behind an HTTP API, and the one that streams behind a REST API of another origin. */
async function startApis(t: TestContext): Promise<{ url: string; streams: string }> {
  const env: Record<string, string> = { ...configured };
  const start = (name: string) => {
    const zip = zipNames.find((one) => one === name);
    if (zip === undefined) throw new Error(`${name} is not packaged`);
    return startGateway(t, zip, { env });
  };
  const url = await httpApiOf(t, start, authorize);
  const streaming = await startGateway(t, 'stream-topics', { env: { ...configured, CORS_ORIGINS: url } });
  const streams = await restApiOf(t, streaming, authorize);
  env.GATEWAY_STREAM_URL = streams;
  return { url, streams };
}

suite('the console, from the zips', () => {
  test('signs in, produces, reads, and follows what is written where streams are; by pages where that cannot be reached', async (t) => {
    const topic = await createTopic();
    const { url, streams } = await startApis(t);
    const chromium = await startBrowser();
    t.after(() => chromium.stop());
    const opened = await openConsole(chromium.browser, url);
    const { page, show, fill, click, shows, text } = opened;
    const produce = async (value: string): Promise<void> => {
      const headers = { authorization, 'content-type': 'application/vnd.kafka.json.v2+json' };
      const { status } = await fetch(`${url}/topics/${topic}`, { method: 'POST', headers, body: `{"records":[{"value":${value}}]}` });
      assert.equal(status, 200);
    };

    await show(`#/topics/${topic}/produce`);
    await fill('User', 'alice');
    await fill('Password', 'wrong');
    await click('Sign in', 'button');
    const unknown = await text('[role=alert]');
    await fill('Password', PASSWORD);
    await click('Sign in', 'button');
    await fill('Record value', '{"total":9007199254740993}');
    await click('Produce', 'button');
    await shows('Written to partition 0 at offset 0');
    await click('Records');
    await shows('1 record');
    const read = await text('tbody td:last-child');
    const isStream = page.waitForResponse((response) => response.headers()['content-type'] === 'text/event-stream');
    await click('Live');
    const stream = await isStream;
    await produce('{"live":1}');
    await shows('1 record has come');
    const streamed = await text('tbody td:last-child');

    await page.setRequestInterception(true);
    const refused: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(streams)) return void request.continue();
      refused.push(request.method());
      void request.abort();
    });
    await click('All records');
    await shows('2 records');
    const isPage = page.waitForRequest((request) => request.url().includes('cursor=') && request.url().startsWith(url));
    await click('Live');
    await isPage;
    await produce('{"live":2}');
    await shows('1 record has come');
    const polled = await text('tbody td:last-child');
    await opened.close();

    assert.match(unknown, /Unauthorized: sign in.*Status 401/);
    assert.equal(read, '{"total":9007199254740993}');
    assert.equal(new URL(stream.url()).origin, new URL(streams).origin);
    assert.deepEqual([streamed, polled], ['{"live":1}', '{"live":2}']);
    assert.ok(refused.length > 0);
  });
});
