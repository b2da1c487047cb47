import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, type TestContext, test } from 'node:test';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { script } from '../../../lib/console/files.ts';
import { api, type RouteKey } from '../../../lib/http/api.ts';
import { startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { keys } from '../../harness/fake-broker/broker-side.ts';
import { FakeBroker } from '../../harness/fake-broker/fake-broker.ts';
import { topicOn, withMetadata } from '../../harness/fake-broker/fake-cluster.ts';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';

/** Answered from the function itself: whatever their query or body, nothing is granted or counted. */
const WITHOUT_KAFKA: readonly RouteKey[] = [
  'GET /',
  'GET /health',
  'GET /healthy',
  'GET /whoami',
  'GET /openapi/v3',
  'GET /openapi.json',
  'GET /docs',
  'GET /console',
  'GET /console/{file}',
];
/**
 * What everybody is answered, with its status: files without secrets, which show what a browser asks for with the credentials of its user;
 * and that the process runs.
 */
const OPEN: Partial<Record<RouteKey, number>> = {
  'GET /console': 200,
  'GET /console/{file}': 200,
  'GET /health': 200,
  'GET /healthy': 204,
};
/** Ask Kafka, and are free to all callers; each message of pubsub is admitted by itself. */
const FREE: readonly RouteKey[] = ['GET /health/ready', 'GET /ready', 'POST /pubsub'];
/** Whose topics are counted, which have to be found before: of a group's offsets, of a consumer instance, of a subscription. */
const FINDS_TOPICS = /\/groups\/\{group\}\/offsets$|\/lags?(?:-summary|\/|$)|\{instance\}|\{subscription\}/;

const dynamodb = await startFakeDynamoDb();
let broker: FakeBroker;

before(async () => {
  broker = await FakeBroker.listen((request) => (request.key === keys.apiVersions ? broker.apiVersions() : Buffer.alloc(0)));
  const rules = [{ kind: 'fixed-window', key: 'source-address', limit: 1000, window: 86_400 }];
  configure(broker.address, {
    ...dynamodb.environment,
    GATEWAY_AUTH: 'iam',
    GATEWAY_IDEMPOTENCY: '1h',
    GATEWAY_PUSH: 'continuous',
    GATEWAY_LIMITS: JSON.stringify(rules),
    GATEWAY_GRANTS: JSON.stringify([{ principal: 'arn:all', operations: ['*'], topics: ['*'], consumer_groups: ['*'] }]),
  });
  // What is loaded with the first request to Kafka and DynamoDB takes longer on a busy machine than requests below are given.
  answerMetadata();
  assert.equal((await call('GET', '/brokers', caller('arn:all'))).status, 200);
});
after(async () => {
  closeClusters();
  await Promise.all([broker.stop(), dynamodb.stop()]);
});
beforeEach(() => {
  answerMetadata();
  broker.requests.length = 0;
  dynamodb.table.calls = [];
});

function answerMetadata(): void {
  const content = { brokers: [{ id: 1, host: '127.0.0.1', port: broker.port }], controller: 1, topics: [topicOn('orders', 1)] };
  const respond = withMetadata(
    () => content,
    () => Buffer.alloc(0),
  );
  broker.respond = (request) => (request.key === keys.apiVersions ? broker.apiVersions() : respond(request));
}

const caller = (userArn: string) => ({ authorizer: { iam: { userArn } } });
const values: Record<string, string> = {
  topic: 'orders',
  topics: 'orders',
  partition: '0',
  group: 'g',
  cluster: 'c',
  broker: '1',
  config: 'x',
  file: script.name,
};

/** Sends a request of a route that is right but for the parts given, and tells what it was answered, and who was asked for that. */
async function send(t: TestContext, key: RouteKey, parts: RequestParts) {
  captureLog(t);
  const [method, pattern] = key.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => values[name]);
  const { status, headers } = await call(method, path, { ...caller('arn:all'), ...parts });
  return { status, counted: 'x-ratelimit-limit' in headers, kafka: broker.requests.length, dynamodb: dynamodb.table.calls.length };
}

const untouched = (status: number) => ({ status, counted: false, kafka: 0, dynamodb: 0 });
const asks = (key: RouteKey): boolean => !WITHOUT_KAFKA.includes(key);
/** That of a verification is not looked at. */
const hasBody = (key: RouteKey): boolean => /^(POST|PUT) /.test(key) && !key.endsWith('/verify');
const json = { 'content-type': 'application/json' };

suite('neither Kafka nor DynamoDB is asked, and nothing is counted, for a request', () => {
  for (const key of api) {
    test(`without a caller: ${key}`, async (t) => {
      assert.deepEqual(await send(t, key, { authorizer: undefined }), untouched(OPEN[key] ?? 401));
    });

    test(`whose answer cannot be had as asked: ${key}`, async (t) => {
      const parts = { headers: { ...(hasBody(key) && json), accept: 'image/png' }, ...(hasBody(key) && { body: '{}' }) };

      assert.deepEqual(await send(t, key, parts), untouched(406));
    });
  }

  for (const key of api.filter((one) => /\{(topics?|group)\}/.test(one))) {
    test(`without a grant: ${key}`, async (t) => {
      const parts = { ...caller('arn:nobody'), ...(hasBody(key) && { headers: json, body: '{"value":1}' }) };

      assert.deepEqual(await send(t, key, parts), untouched(403));
    });
  }

  // What is malformed in a stream of records is the error of a record in it.
  for (const key of api.filter((one) => asks(one) && hasBody(one) && !one.endsWith('{topic}/records'))) {
    test(`whose body is malformed: ${key}`, async (t) => {
      const { status, ...rest } = await send(t, key, { headers: json, body: '{' });

      // A message of pubsub is answered for itself: with an error, in a response that is none.
      assert.deepEqual({ status, ...rest }, untouched(key === 'POST /pubsub' ? 200 : 400));
    });
  }

  for (const key of api.filter((one) => asks(one) && hasBody(one))) {
    test(`with a Content-Encoding that nobody knows: ${key}`, async (t) => {
      assert.deepEqual(await send(t, key, { headers: { ...json, 'content-encoding': 'br' }, body: '{}' }), untouched(415));
    });
  }

  for (const [key, query] of [
    ['POST /topics/{topic}', 'acks=7'],
    ['POST /topics/{topic}/partitions/{partition}', 'compression=best'],
    ['POST /records', 'async=maybe'],
    ['GET /topics/{topic}/offsets', 'timestamp=noon'],
    ['GET /topics/{topic}/partitions/{partition}/offsets', 'timestamp=-3'],
    ['GET /topics/{topic}/partitions/{partition}/records', 'offset=last'],
    ['GET /topics/{topic}/partitions/{partition}/messages', 'offset=1&timestamp=2'],
    ['GET /topics/{topics}/records', 'limit=0'],
    ['GET /groups/{group}/offsets', 'topic=a b'],
    ['DELETE /groups/{group}/offsets', 'partition=1'],
  ] as const) {
    test(`with a wrong query: ${key}?${query}`, async (t) => {
      assert.deepEqual(await send(t, key, { query, ...(hasBody(key) && { headers: json, body: '{}' }) }), untouched(400));
    });
  }

  for (const key of api.filter((one) => one.startsWith('POST ') && /topics\/\{topic\}|\/records/.test(one))) {
    test(`whose idempotency key is none: ${key}`, async (t) => {
      const headers = { ...json, 'idempotency-key': 'ü', 'kafka-topic': 'orders' };

      assert.deepEqual(await send(t, key, { headers, body: '{}' }), untouched(400));
    });
  }
});

suite('a request that is right', () => {
  // All but metadata is beyond this broker, and it says so at once: no request waits for its deadline.
  before(() => {
    closeClusters();
    broker.versions = broker.versions.filter(([key]) => key === keys.apiVersions || key === keys.metadata);
  });

  for (const key of WITHOUT_KAFKA) {
    test(`asks nobody and is not counted where it needs no Kafka: ${key}`, async (t) => {
      assert.deepEqual(await send(t, key, {}), untouched(key === 'GET /healthy' ? 204 : 200));
    });
  }

  for (const key of api.filter((one) => asks(one) && !FREE.includes(one) && one.startsWith('GET ') && !FINDS_TOPICS.test(one))) {
    test(`is counted, whatever Kafka says: ${key}`, async (t) => {
      const query = key.includes('/partitions/{partition}/') ? 'offset=0' : '';

      const { counted, dynamodb: asked } = await send(t, key, { query });

      assert.deepEqual([counted, asked > 0], [true, true]);
    });
  }
});
