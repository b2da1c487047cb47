import assert from 'node:assert/strict';
import { after, beforeEach, suite, type TestContext, test } from 'node:test';
import { handler as createTopic } from '../../../functions/create-topic.ts';
import { handler as fetchFromOffset } from '../../../functions/fetch-from-offset.ts';
import { handler as listOffsets } from '../../../functions/list-offsets.ts';
import { handler as produce } from '../../../functions/produce.ts';
import { handler as topicMetadata } from '../../../functions/topic-metadata.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { topicOn } from '../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../routes/gateway.ts';

const rules = [
  { kind: 'fixed-window', key: 'header:x-window', limit: 2, window: 86_400, operations: ['read', 'describe', 'create'] },
  { kind: 'fixed-window', key: 'header:x-records', of: 'records', limit: 5, window: 86_400, status: 503, code: 42_999, message: 'Full.' },
  { kind: 'concurrency', key: 'header:x-at-once', limit: 1, topics: ['slow'] },
  { kind: 'leaky-bucket', key: 'source-address', rate: 0.1, burst: 1, topics: ['dripping'] },
  { kind: 'leaky-bucket', key: 'header:x-waiting', rate: 20, burst: 1, delay: 0.5, topics: ['waiting'] },
];
const dynamodb = await startFakeDynamoDb();
after(() => dynamodb.stop());
const { kafkaHas } = gatewayWith(topicMetadata, { ...dynamodb.environment, GATEWAY_LIMITS: JSON.stringify(rules) });

beforeEach(() => {
  dynamodb.state = 'well';
  dynamodb.table.calls = [];
  kafkaHas({ topics: ['orders', 'slow', 'dripping', 'waiting'].map((name) => topicOn(name, 1)) }, () => Buffer.alloc(0));
});

let callers = 0;
/** A header that nobody else sends in these tests, so that what it is counted by starts at nothing. */
const newCaller = (header: string) => ({ [header]: `caller-${callers++}` });

interface Parts {
  headers?: Record<string, string>;
  query?: string;
  body?: string;
  sourceIp?: string;
}

async function send(t: TestContext, handler: GatewayHandler, method: string, path: string, parts: Parts = {}) {
  const log = captureLog(t);
  const event = httpEvent(method, path, parts);
  event.requestContext.http.sourceIp = parts.sourceIp ?? '192.0.2.1';
  const { statusCode: status, headers, body } = await handler(event, lambdaContext());
  t.mock.restoreAll();
  return { status, headers, body: JSON.parse(body), log };
}

const standingIn = (headers: Record<string, string>) => ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`]);

test('every response says where its caller stands, an error’s too, and the one over the limit is 429', async (t) => {
  const headers = newCaller('x-window');

  const first = await send(t, topicMetadata, 'GET', '/topics/orders/partitions', { headers });
  const second = await send(t, topicMetadata, 'GET', '/topics/none/partitions', { headers });
  const third = await send(t, topicMetadata, 'GET', '/topics/orders/partitions', { headers });

  assert.deepEqual([first.status, standingIn(first.headers).slice(0, 2)], [200, ['2', '1']]);
  assert.deepEqual([second.status, standingIn(second.headers).slice(0, 2)], [404, ['2', '0']]);
  assert.deepEqual([third.status, third.body.error_code, standingIn(third.headers).slice(0, 2)], [429, 429, ['2', '0']]);
  assert.match(third.body.message, /^The limit is reached, which is 2 requests in 86400 s: try again in \d+ s$/);
  assert.equal(third.headers['retry-after'], third.headers['x-ratelimit-reset']);
  assert.ok(Number(third.headers['retry-after']) <= 86_400);
});

suite('each route is counted:', () => {
  const routes: [handler: GatewayHandler, method: string, path: string, parts?: Parts][] = [
    [topicMetadata, 'GET', '/brokers'],
    [topicMetadata, 'GET', '/topics'],
    [topicMetadata, 'GET', '/topics/orders'],
    [topicMetadata, 'GET', '/topics/orders/partitions/0'],
    [listOffsets, 'GET', '/topics/orders/offsets'],
    [listOffsets, 'GET', '/topics/orders/partitions/0/offsets'],
    [fetchFromOffset, 'GET', '/topics/orders/partitions/0/records', { query: 'offset=0' }],
    [createTopic, 'POST', '/admin/topics', { body: '{"topic_name":"new"}', headers: { 'content-type': 'application/json' } }],
  ];
  for (const [handler, method, path, parts] of routes) {
    test(`${method} ${path}`, async (t) => {
      const headers = newCaller('x-window');
      for (let i = 0; i < 2; i++) await send(t, topicMetadata, 'GET', '/topics/none/partitions', { headers });

      const { status } = await send(t, handler, method, path, { ...parts, headers: { ...parts?.headers, ...headers } });

      assert.equal(status, 429);
    });
  }
});

test('what a rule says of status, code and message is what the refused get', async (t) => {
  const headers = { ...newCaller('x-records'), 'content-type': 'application/vnd.kafka.json.v2+json' };
  const body = JSON.stringify({ records: [{ value: 1 }, { value: 2 }, { value: 3 }] });

  await send(t, produce, 'POST', '/topics/none', { headers, body });
  const refused = await send(t, produce, 'POST', '/topics/none', { headers, body });
  const never = await send(t, produce, 'POST', '/topics/none', { headers, body: JSON.stringify({ records: Array(6).fill({ value: 1 }) }) });

  assert.deepEqual([refused.status, refused.body], [503, { error_code: 42_999, message: 'Full.' }]);
  assert.deepEqual(standingIn(refused.headers).slice(0, 2), ['5', '2']);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.deepEqual([never.status, never.body.error_code, never.headers['retry-after']], [413, 413, undefined]);
  assert.match(never.body.message, /^6 records are more than the limit, 5 records in 86400 s, ever allows/);
});

test('a request that is wrong in itself, and one that no rule is about, cost nothing', async (t) => {
  const headers = newCaller('x-window');

  const malformed = await send(t, fetchFromOffset, 'GET', '/topics/orders/partitions/0/records', { headers, query: 'offset=x' });
  const health = await send(t, topicMetadata, 'GET', '/health', { headers });
  const ready = await send(t, topicMetadata, 'GET', '/health/ready', { headers });

  assert.deepEqual([malformed.status, health.status, ready.status], [400, 200, 200]);
  for (const answer of [malformed, health, ready]) assert.deepEqual(standingIn(answer.headers), [undefined, undefined, undefined]);
  assert.deepEqual(dynamodb.table.calls, []);
});

test('what concurrency counts is given back before the response, an error’s too', async (t) => {
  const headers = { ...newCaller('x-at-once'), ...newCaller('x-window') };

  const first = await send(t, topicMetadata, 'GET', '/topics/slow/partitions', { headers });
  const second = await send(t, topicMetadata, 'GET', '/topics/slow/partitions/9', { headers });

  assert.deepEqual([first.status, second.status], [200, 404]);
  assert.deepEqual(
    dynamodb.table.calls.filter((call) => call !== 'batchGetItems'),
    ['transactWriteItems', 'updateItem', 'transactWriteItems', 'updateItem'],
  );
});

test('a lease that could not be given back is logged', async (t) => {
  const headers = { ...newCaller('x-at-once'), ...newCaller('x-window') };
  const { table } = dynamodb;
  const updateItem = table.updateItem.bind(table);
  t.after(() => {
    table.updateItem = updateItem;
  });
  table.updateItem = () => Promise.reject(Object.assign(new Error('no'), { name: 'ValidationException' }));

  const { status, log } = await send(t, topicMetadata, 'GET', '/topics/slow/partitions', { headers });

  assert.equal(status, 200);
  assert.ok(log.some(({ level, message }) => level === 'WARN' && message === 'Work that follows a request failed'));
});

test('callers are told apart by the address that connected, not by what they say of it', async (t) => {
  const from = (sourceIp: string) => {
    const headers = { 'x-forwarded-for': crypto.randomUUID(), ...newCaller('x-window') };
    return send(t, topicMetadata, 'GET', '/topics/dripping/partitions', { sourceIp, headers });
  };

  const answers = [await from('192.0.2.7'), await from('192.0.2.7'), await from('192.0.2.8')];

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 429, 200],
  );
});

test('what overflows a bucket that lets it wait is answered all the same', async (t) => {
  const headers = { ...newCaller('x-waiting'), ...newCaller('x-window') };

  const answers = [];
  for (let i = 0; i < 2; i++) answers.push(await send(t, topicMetadata, 'GET', '/topics/waiting/partitions', { headers }));

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  );
});

suite('when DynamoDB cannot be asked, requests go on, and the log says so', () => {
  for (const state of ['failing', 'silent'] as const) {
    test(`when it is ${state}`, async (t) => {
      const headers = newCaller('x-window');
      dynamodb.state = state;

      const { status, headers: answered, log } = await send(t, topicMetadata, 'GET', '/topics/orders/partitions', { headers });

      assert.equal(status, 200);
      assert.deepEqual(standingIn(answered), [undefined, undefined, undefined]);
      const [line] = log.filter(({ level }) => level === 'ERROR');
      assert.equal(line.event, 'limits_unavailable');
    });
  }
});
