import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { writeCaller } from '../../lib/access/caller.ts';
import type { Grant } from '../../lib/access/grants.ts';
import { api } from '../../lib/http/api.ts';
import { call, configure, type RequestParts } from './gateway.ts';

// Nothing listens on the discard port: what is refused here is refused before Kafka is asked.
configure('127.0.0.1:9', { GATEWAY_AUTH: 'jwt,basic' });

/** Routes that tell nothing of topics and groups. */
const FREE = ['GET /', 'GET /health', 'GET /health/ready', 'GET /brokers'];
/** Each of its messages is refused by itself. */
const BY_MESSAGE = 'POST /pubsub';

const callerWith = (grants: Grant[] | null, expiresAt: number | null = null) => ({
  lambda: writeCaller({ principal: 'alice', grants, expiresAt }),
});

/** A request of a route that is in order. */
function ask(route: string, authorizer?: unknown) {
  const [method, pattern] = route.split(' ');
  const path = pattern.replace('{topic}', 'orders').replace('{partition}', '0');
  const parts: RequestParts = { authorizer, query: path.endsWith('/records') && method === 'GET' ? { offset: 0 } : '', remainingMs: 800 };
  if (method !== 'POST') return call(method, path, parts);
  const isAdmin = path.startsWith('/admin');
  return call(method, path, {
    ...parts,
    headers: { 'content-type': isAdmin ? 'application/json' : 'application/vnd.kafka.json.v2+json' },
    body: JSON.stringify(isAdmin ? { topic_name: 'orders' } : { records: [{ ...(path === '/records' && { topic: 'orders' }), value: 1 }] }),
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

    if (!FREE.includes(route) && route !== 'GET /topics' && route !== BY_MESSAGE) {
      test('refuses a caller without a grant', async () => {
        const grants: Grant[] = [{ principal: '*', operations: ['*'], topics: ['order', 'orders2', 'orders.*'], consumer_groups: ['*'] }];

        const { status, json } = await ask(route, callerWith(grants));

        assert.equal(status, 403);
        assert.match(JSON.stringify(json), /"error_code":40301,"message":"You have no grant to \w+ on the topic \\"orders\\"/);
      });
    }

    if (!['GET /', 'GET /health', BY_MESSAGE].includes(route)) {
      test('asks Kafka for a caller with the grant', async () => {
        const { status } = await ask(route, callerWith([{ principal: '*', operations: ['*'], topics: ['orders'] }]));

        assert.ok(status === 503 || status === 504, String(status));
      });
    }
  });
}
