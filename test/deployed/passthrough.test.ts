import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { users } from '../../infra/local/properties.ts';
import { type MiniStack, startMiniStack } from '../harness/aws/ministack.ts';
import { startBrowser } from '../harness/browser/browser.ts';
import { openConsole } from '../harness/browser/console.ts';
import { until } from '../harness/until.ts';
import { type Deployment, deploy } from './deployment.ts';
import { call } from './request.ts';

const TEXT = 'application/vnd.kafka.text.v2+json';

let broker: Broker;
let aws: MiniStack;
let gateway: Deployment;

before(async () => {
  [broker, aws] = await Promise.all([startBroker({ listeners: ['SASL_PLAINTEXT'], acls: true }), startMiniStack()]);
  gateway = await deploy(aws, 'passthrough', {
    GATEWAY_AUTH: 'passthrough',
    GATEWAY_CONSOLE: 'write',
    KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  });
});
after(async () => {
  await gateway?.close();
  await aws?.stop();
  await broker?.stop();
});

const basic = (user: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
const admin = basic('admin', users.admin);
const alice = basic('alice', users.alice);

const request = (path: string, headers: Record<string, string>, body?: string) =>
  call(aws, gateway.url + path, { credentials: null, headers, ...(body !== undefined && { method: 'POST', body }) });

test('who has Kafka credentials may do what Kafka lets them, without a secret of the gateway', async () => {
  const created = await request('/admin/topics', { ...admin, 'content-type': 'application/json' }, '{"topic_name":"orders"}');
  const produced = await request('/topics/orders', { ...admin, 'content-type': TEXT }, '{"records":[{"value":"hello"}]}');
  const fetched = await request('/topics/orders/partitions/0/records?offset=0', { ...admin, accept: TEXT });
  const offsets = await request('/topics/orders/offsets', admin);
  const listed = await request('/topics', admin);

  assert.equal(created.status, 201, created.body);
  assert.equal(produced.status, 200, produced.body);
  assert.equal(JSON.parse(fetched.body)[0].value, 'hello');
  assert.deepEqual(JSON.parse(offsets.body), [{ partition: 0, beginning_offset: 0, end_offset: 1 }]);
  assert.deepEqual(JSON.parse(listed.body), ['orders']);
});

test("what Kafka's ACLs refuse is 403, whether it exists or not", async () => {
  const [existing, missing] = [await request('/topics/orders', alice), await request('/topics/missing', alice)];

  assert.deepEqual([existing.status, JSON.parse(existing.body).error_code], [403, 40301]);
  assert.deepEqual([missing.status, missing.body], [existing.status, existing.body]);
});

test('a wrong password and no credentials are 401 with a challenge, on every route that needs Kafka', async () => {
  const wrong = await request('/topics', basic('admin', 'wrong'));
  const none = [
    await request('/topics', {}),
    await request('/health/ready', {}),
    await request('/topics/orders', {}, 'value'),
    await request('/records', {}, 'value'),
    await request('/admin/topics', { 'content-type': 'application/json' }, '{}'),
    await request('/topics/orders/offsets', {}),
    await request('/topics/orders/partitions/0/records?offset=0', {}),
  ];

  for (const { status, headers, body } of [wrong, ...none]) {
    assert.deepEqual([status, JSON.parse(body).error_code], [401, 40101]);
    assert.equal(headers['www-authenticate'] ?? headers['x-amzn-remapped-www-authenticate'], 'Basic realm="Kafka", charset="UTF-8"');
  }
});

test('what needs no Kafka needs no credentials', async () => {
  const statuses = [(await request('/', {})).status, (await request('/health', {})).status];

  assert.deepEqual(statuses, [200, 200]);
});

test('the console comes whole, and whoever signs in produces, reads and follows records; by pages where nothing streams', async (t) => {
  const page = await request('/console', {});
  const unchanged = await request('/console', { 'if-none-match': `W/${page.headers.etag}` });
  const [, connect = ''] = /connect-src ([^;]+)/.exec(String(page.headers['content-security-policy'])) ?? [];
  const chromium = await startBrowser();
  t.after(() => chromium.stop());
  const opened = await openConsole(chromium.browser, gateway.url);
  // No emulator streams, and the tests ask nobody but this machine.
  await opened.page.setRequestInterception(true);
  const elsewhere = new Set<string>();
  opened.page.on('request', (asked) => {
    const { origin } = new URL(asked.url());
    if (origin === gateway.url) return void asked.continue();
    elsewhere.add(origin);
    void asked.abort();
  });
  const { fill, click, show, shows, text } = opened;

  await show('#/topics/orders/produce');
  const [script] = await Promise.all([opened.page.waitForResponse((one) => one.url().endsWith('.js')), opened.page.reload()]);
  await fill('User', 'admin');
  await fill('Password', users.admin);
  await click('Sign in', 'button');
  await fill('Record value', '{"total":9007199254740993}');
  await click('Produce', 'button');
  await shows('Written to partition 0 at offset');
  await click('Records');
  await opened.page.waitForSelector('tbody tr');
  const newest = await text('tbody tr:first-child td:last-child');
  await Promise.all([opened.page.waitForRequest((one) => one.url().includes('cursor=')), click('Live')]);
  await request('/topics/orders', { ...admin, 'content-type': TEXT }, '{"records":[{"value":"\\"live\\""}]}');
  await shows('1 record has come');
  const live = await text('tbody td:last-child');
  await opened.close();

  assert.deepEqual([page.status, unchanged.status, unchanged.body], [200, 304, '']);
  assert.deepEqual([script.status(), script.headers()['content-encoding']], [200, 'br']);
  assert.deepEqual([newest, live], ['{"total":9007199254740993}', '"live"']);
  assert.deepEqual([...elsewhere], connect.split(' ').slice(1));
  assert.match(connect, /^'self' https:\/\/[^ ]+\.execute-api\.[^ ]+$/);
});

test('the log has who was let in, and no password', async () => {
  await request('/brokers', alice);

  const logs = new CloudWatchLogsClient(aws);
  const logGroupName = `/aws/lambda/${gateway.functionName('topic-metadata')}`;
  let log = '';
  await until(async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    log = events.map(({ message }) => message).join('\n');
    return log.includes('"principal":"alice"');
  });

  for (const secret of [users.alice, users.admin, alice.authorization, admin.authorization]) assert.ok(!log.includes(secret));
});
