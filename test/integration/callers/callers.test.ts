import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { writeCaller } from '../../../lib/access/caller.ts';
import type { Grant } from '../../../lib/access/grants.ts';
import { api } from '../../../lib/http/api.ts';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';

// Nothing listens on the discard port: what is refused here is refused before Kafka is asked.
configure('127.0.0.1:9', { GATEWAY_AUTH: 'jwt,basic' });

/** Routes that ask Kafka nothing. */
const WITHOUT_KAFKA = ['GET /', 'GET /health', 'GET /healthy', 'GET /whoami', 'GET /openapi/v3', 'GET /openapi.json', 'GET /docs'];
/** Routes that tell nothing of topics and groups. */
const FREE = [
  ...WITHOUT_KAFKA,
  ...['GET /health/ready', 'GET /ready', 'GET /brokers'],
  ...[
    'GET /v3/clusters',
    'GET /v3/clusters/{cluster}',
    'GET /v3/clusters/{cluster}/brokers',
    'GET /v3/clusters/{cluster}/brokers/{broker}',
  ],
];
/** Routes that leave out what the caller has no grant for. */
const FILTERED = [
  'GET /topics',
  'GET /v3/clusters/{cluster}/topics',
  'GET /groups',
  'GET /v3/clusters/{cluster}/consumer-groups',
  'GET /queues',
];
/** For everyone: the page where callers say who they are, and that the process runs, for whoever watches it. */
const OPEN = ['GET /console', 'GET /console/{file}', 'GET /health', 'GET /healthy'];
/** Its receipts are looked at before Kafka is asked. */
const SETTLES = /^POST \/queues\/\{group\}\/(ack|release|reject|renew)$/;
/** What it is about stands in the table, which is looked into first. */
const IN_TABLE = /\/subscriptions/;
/** Each of its messages is refused by itself. */
const BY_MESSAGE = 'POST /pubsub';

const names = {
  topic: 'orders',
  topics: 'orders',
  partition: '0',
  cluster: 'c',
  broker: '1',
  config: 'retention.ms',
  group: 'billing',
  consumer: 'c',
  instance: 'i',
  subscription: 's',
};

const json = 'application/json';
const v2Json = 'application/vnd.kafka.json.v2+json';
const partition = { topic: 'orders', partition: 0 };
const v3Record = { value: { type: 'JSON', data: 1 } };

/** Bodies that are in order, with their media types. */
const bodies: Record<string, [string, unknown]> = {
  'POST /topics/{topic}': [v2Json, { records: [{ value: 1 }] }],
  'POST /topics/{topic}/partitions/{partition}': [v2Json, { records: [{ value: 1 }] }],
  'POST /records': [v2Json, { records: [{ topic: 'orders', value: 1 }] }],
  'POST /admin/topics': [json, { topic_name: 'orders' }],
  'POST /v3/clusters/{cluster}/topics': [json, { topic_name: 'orders' }],
  'POST /v3/clusters/{cluster}/topics/{topic}/records': [json, v3Record],
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch': [json, { entries: [{ id: 'a', ...v3Record }] }],
  'POST /consumers/{group}/instances/{instance}/subscription': [json, { topics: ['orders'] }],
  'POST /consumers/{group}/instances/{instance}/assignments': [json, { partitions: [partition] }],
  'POST /consumers/{group}/instances/{instance}/positions': [json, { offsets: [{ ...partition, offset: 0 }] }],
  'POST /consumers/{group}/instances/{instance}/positions/beginning': [json, { partitions: [partition] }],
  'POST /consumers/{group}/instances/{instance}/positions/end': [json, { partitions: [partition] }],
  'PUT /queues/{group}': [json, { lock_ms: 30_000 }],
  'POST /queues/{group}/receive': [json, { topics: ['orders'] }],
  'PUT /groups/{group}/offsets': [json, { offsets: [{ topic: 'orders', partition: 0, offset: 0 }] }],
};

const callerWith = (grants: Grant[] | null, expiresAt: number | null = null) => ({
  lambda: writeCaller({ principal: 'alice', grants, expiresAt }),
});

/** A request of a route that is in order. */
function ask(route: string, authorizer?: unknown) {
  const [method, pattern] = route.split(' ');
  const path = Object.entries(names).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), pattern);
  const query = /^GET .*\/partitions\/.*\/(records|messages)$/.test(route) ? { offset: 0 } : '';
  const parts: RequestParts = { authorizer, query, remainingMs: 800 };
  if (!(route in bodies)) return call(method, path, parts);
  const [mediaType, body] = bodies[route];
  return call(method, path, { ...parts, headers: { 'content-type': mediaType }, body: JSON.stringify(body) });
}

for (const route of api.filter((one) => !OPEN.includes(one))) {
  suite(route, () => {
    test('refuses a caller whom nobody knows', async () => {
      for (const authorizer of [undefined, { lambda: {} }, { lambda: null }]) {
        const { status, headers, json } = await ask(route, authorizer);

        assert.deepEqual([status, json], [401, { error_code: 40101, message: 'Credentials are missing or wrong: say who you are' }]);
        assert.equal(headers['www-authenticate'], 'Bearer, Basic realm="Kafka", charset="UTF-8"');
      }
    });

    test('refuses credentials that have ended since API Gateway checked them', async () => {
      const { status, json } = await ask(route, callerWith(null, Date.now()));

      assert.deepEqual([status, json], [401, { error_code: 40101, message: 'Your credentials have expired: renew them' }]);
    });

    if (![...FREE, ...FILTERED, BY_MESSAGE].includes(route) && !IN_TABLE.test(route)) {
      test('refuses a caller without a grant', async () => {
        const grants: Grant[] = [
          { principal: '*', operations: ['*'], topics: ['order', 'orders2', 'orders.*'], consumer_groups: ['bill'] },
        ];

        const { status, json } = await ask(route, callerWith(grants));

        assert.equal(status, 403);
        assert.match(
          JSON.stringify(json),
          /"error_code":40301,"message":"You have no grant to \w+ on the (topic \\"orders|consumer group \\"billing)\\"/,
        );
      });
    }

    if (![...WITHOUT_KAFKA, BY_MESSAGE].includes(route) && !SETTLES.test(route) && !IN_TABLE.test(route)) {
      test('asks Kafka for a caller with the grant', async () => {
        const { status } = await ask(
          route,
          callerWith([{ principal: '*', operations: ['*'], topics: ['orders'], consumer_groups: ['billing'] }]),
        );

        assert.ok(status === 503 || status === 504, String(status));
      });
    }
  });
}

test('whoever watches the process is told that it runs, without credentials', async () => {
  const answers = await Promise.all(['/health', '/healthy'].map((path) => call('GET', path)));

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 204],
  );
});
