import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { writeCaller } from '../../lib/access/caller.ts';
import type { Grant } from '../../lib/access/grants.ts';
import { api } from '../../lib/http/api.ts';
import { call, configure, type RequestParts } from './gateway.ts';

// Nothing listens on the discard port: what is refused here is refused before Kafka is asked.
configure('127.0.0.1:9', { GATEWAY_AUTH: 'jwt,basic' });

/** Routes that tell nothing of topics and groups. */
const FREE = [
  'GET /',
  'GET /health',
  'GET /health/ready',
  'GET /brokers',
  ...v3('', '/{cluster}', '/{cluster}/brokers', '/{cluster}/brokers/{broker}'),
];
/** Those that show what the caller may describe. */
const LISTS = ['GET /topics', 'GET /groups', ...v3('/{cluster}/topics')];
/** Each of its messages is refused by itself. */
const BY_MESSAGE = 'POST /pubsub';

function v3(...paths: string[]): string[] {
  return paths.map((path) => `GET /v3/clusters${path}`);
}

const callerWith = (grants: Grant[] | null, expiresAt: number | null = null) => ({
  lambda: writeCaller({ principal: 'alice', grants, expiresAt }),
});

/** What stands for a parameter in a path. */
const names: Record<string, string> = {
  ...{ topic: 'orders', topics: 'orders', partition: '0', group: 'billing' },
  ...{ cluster: 'any', broker: '1', config: 'retention.ms' },
};

const v3Record = { value: { type: 'STRING', data: 'a' } };

/** What routes with a body take; those that are not named take records of version 2. */
const bodies: Record<string, object> = {
  'POST /admin/topics': { topic_name: 'orders' },
  'POST /v3/clusters/{cluster}/topics': { topic_name: 'orders' },
  'POST /v3/clusters/{cluster}/topics/{topic}/records': v3Record,
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch': { entries: [{ id: 'a', ...v3Record }] },
  'PUT /groups/{group}/offsets': { offsets: [{ topic: 'orders', partition: 0, offset: 1 }] },
};

/** A request of a route that is in order. */
function ask(route: string, authorizer?: unknown) {
  const [method, pattern] = route.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => names[name]);
  const query = route === 'GET /topics/{topic}/partitions/{partition}/records' ? { offset: 0 } : '';
  const parts: RequestParts = { authorizer, query, remainingMs: 800 };
  if (method === 'GET' || method === 'DELETE') return call(method, path, parts);
  const json = bodies[route];
  return call(method, path, {
    ...parts,
    headers: { 'content-type': json === undefined ? 'application/vnd.kafka.json.v2+json' : 'application/json' },
    body: JSON.stringify(json ?? { records: [{ ...(path === '/records' && { topic: 'orders' }), value: 1 }] }),
  });
}

for (const route of api) {
  suite(route, () => {
    test('refuses a caller whom nobody knows', async () => {
      for (const authorizer of [undefined, { lambda: {} }, { lambda: null }]) {
        const { status, headers, json } = await ask(route, authorizer);

        assert.deepEqual([status, json], [401, { error_code: 40101, message: 'Say who you are: credentials are missing' }]);
        assert.equal(headers['www-authenticate'], 'Bearer, Basic realm="Kafka", charset="UTF-8"');
      }
    });

    test('refuses credentials that have ended since API Gateway checked them', async () => {
      const { status, json } = await ask(route, callerWith(null, Date.now()));

      assert.deepEqual([status, json], [401, { error_code: 40101, message: 'Your credentials have expired: renew them' }]);
    });

    if (![...FREE, ...LISTS, BY_MESSAGE].includes(route)) {
      test('refuses a caller without a grant', async () => {
        const topics = ['order', 'orders2', 'orders.*'];
        const grants: Grant[] = [{ principal: '*', operations: ['*'], topics, consumer_groups: ['billin', 'billing2', 'billing.*'] }];

        const { status, json } = await ask(route, callerWith(grants));

        assert.equal(status, 403);
        assert.match(
          JSON.stringify(json),
          /"error_code":40301,"message":"You have no grant to \w+ on the (topic \\"orders\\"|consumer group \\"billing\\")/,
        );
      });
    }

    if (!['GET /', 'GET /health', BY_MESSAGE].includes(route)) {
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
