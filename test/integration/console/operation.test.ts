import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { startConsoleProxy } from '../../../infra/console/proxy.ts';
import { checkAccessibility, keepScreenshot, type Opened, openConsole } from '../../harness/browser/console.ts';
import { type ServedConsole, serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { act, deliverFor, get, subscribe } from '../../harness/push/push-requests.ts';
import { configureQueue, settleAll } from '../queues/queue-requests.ts';

const grants = [
  { principal: '*', operations: ['*'], topics: ['topic-*'], consumer_groups: ['parcels-*', 'push.*'] },
  { principal: '*', operations: ['describe'], topics: ['push.*'], consumer_groups: ['looked-at-*'] },
];
const limits = [{ kind: 'fixed-window', key: 'all', limit: 100_000, window: 3600, operations: ['describe'] }];

let served: ServedConsole;
let push: PushWorld;
let opened: Opened;

suite('the console, for those who run things', () => {
  before(async () => {
    push = await startPush();
    configure(sharedKafka(), {
      ...push.environment,
      GATEWAY_AUTH: 'none',
      GATEWAY_CONSOLE: 'write',
      GATEWAY_GRANTS: JSON.stringify(grants),
      GATEWAY_LIMITS: JSON.stringify(limits),
    });
    served = await serveConsole();
  });
  after(async () => {
    await served?.stop();
    await push?.stop();
  });
  beforeEach(async () => {
    opened = await served.open();
  });
  afterEach(() => opened.close());

  test('records of a queue are received and settled, and its settings changed', async () => {
    const { page, show, click, fill, choose, shows, text } = opened;
    const topic = await createTopic();
    await writeTopic(
      topic,
      ['a', 'b', 'c'].map((key) => ({ key, value: JSON.stringify({ to: key }) })),
    );

    await show('#/queues');
    await fill('Name of another queue', 'parcels-1');
    await click('Open', 'button');
    await choose('Begins with', 'earliest');
    await fill('Lock in ms, if another', '20000');
    await click('Save', 'button');
    await shows('Saved');
    await fill('Topics, with commas', topic);
    await click('Receive', 'button');
    await shows('3 held until');
    await page.waitForSelector('table[aria-label=Partitions]');
    await checkAccessibility(page);
    await keepScreenshot(page, 'queue');
    await click(`Acknowledge ${topic}@0#0`, 'button');
    await shows('1 settled');
    await click('Acknowledge all', 'button');
    await shows('2 settled');
    await click('Read again', 'button');
    // What was read before is shown until the answer is there.
    await page.waitForFunction(`/^${topic}0\\d0$/.test(document.querySelector('table[aria-label=Partitions] tbody')?.textContent)`);

    assert.match(await text('.facts'), /20000/);
    await show('#/queues?q=parcels');
    await shows('parcels-1');
    await checkAccessibility(page);
  });

  test('a settlement that is too late is told of, and nothing that the caller may not do is offered', async () => {
    const { page, show, click, fill, shows, text } = opened;
    const topic = await createTopic();
    await writeTopic(topic, [{ key: 'a', value: '1' }]);
    assert.equal((await configureQueue('parcels-2')).status, 204);

    await show('#/queues/parcels-2');
    await fill('Topics, with commas', topic);
    const [received] = await Promise.all([page.waitForResponse((one) => one.url().endsWith('/receive')), click('Receive', 'button')]);
    await shows('1 held until');
    const { receipt }: { receipt: string } = JSON.parse(await received.text());
    await settleAll('parcels-2', 'release', [receipt]);
    await click('Acknowledge all', 'button');
    const problem = await text('[role=alert]');
    await show('#/queues/looked-at-1');
    await shows('Not there before its first receive');

    assert.match(problem, /held/);
    assert.equal(await page.$('form'), null);
  });

  test('a subscription shows what went wrong, and is tested, paused, replayed and deleted', async () => {
    const { page, show, click, fill, shows, text } = opened;
    const topic = await createTopic();
    await writeTopic(topic, [{ key: 'a', value: '1' }]);
    const name = await subscribe(topic, push.receiver, { dead_letter_topic: await createTopic() });
    push.receiver.script = () => 400;
    await deliverFor(30_000);

    await show('#/subscriptions');
    await click(name);
    await shows('Last error');
    await shows('dead_lettered');
    await checkAccessibility(page);
    await keepScreenshot(page, 'subscription');
    push.receiver.script = () => 204;
    await click('Send a ping', 'button');
    await shows('Its URL has answered the ping');
    await click('Pause', 'button');
    await shows('Nothing is delivered until it goes on');
    const paused = (await get(name)).state;
    await click('Go on', 'button');
    await shows('It goes on');
    await fill('Replay from, such as 2026-01-31T12:00:00Z', 'once upon a time');
    await click('Replay', 'button');
    const refused = await text('[role=alert]');
    await fill('Replay from, such as 2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z');
    await click('Replay', 'button');
    await shows('Its records are delivered once more');
    const { replaying, state } = await get(name);
    await fill('Name of the subscription, to confirm', name);
    await click('Delete the subscription', 'button');
    await shows('0 subscriptions');

    assert.match(refused, /Status 422/);
    assert.deepEqual([paused, state, replaying], ['paused', 'active', true]);
    assert.equal((await act(name, 'verify')).status, 404);
  });

  test('behind a proxy that signs, it is the same page', async () => {
    await using proxy = await startConsoleProxy({
      gateway: served.url,
      region: 'eu-central-1',
      credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an example of a key' }),
    });
    const topic = await createTopic();
    const { page, complaints, fill, click, text } = await openConsole(served.browser, proxy.url);

    await fill('Search', topic);
    await click(topic);
    await text('nav[aria-label=Topic]');

    assert.ok(page.url().startsWith(`${proxy.url}/console#/topics/${topic}`));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('it says who is asking, what that one may do, how much is left of a limit, and what answers', async () => {
    const { page, show, click, shows, text } = opened;

    await click('You');
    await page.waitForSelector('table[aria-label=Grants]');
    await shows(' of 100000 left');
    const grantsShown = await text('table[aria-label=Grants] tbody');
    const facts = await text('.facts');
    await checkAccessibility(page);
    await click('Health');
    await page.waitForFunction("document.querySelectorAll('tbody td:nth-child(3) bdi').length === 5");
    await checkAccessibility(page);
    await keepScreenshot(page, 'health');
    const health = await text('table[aria-label=Health] tbody');
    await show('#/subscriptions/no-such');

    assert.match(grantsShown, /topic-\*parcels-\*, push\.\*/);
    assert.match(facts, /Limit\d+ of 100000 left/);
    assert.match(health, /Kafka answersGood1 broker(?!s).*You are let inGood/);
    assert.match(await text('[role=alert]'), /There is no subscription no-such.*Status 404, error_code 40408, request /);
  });
});
