import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/openapi.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

process.env.KAFKA_BOOTSTRAP_SERVERS = '127.0.0.1:9';

const get = async (path: string, headers: Record<string, string> = {}) => {
  const result = await handler(
    httpEvent('GET', path, { headers: { host: 'gateway.example', 'x-forwarded-proto': 'https', ...headers } }),
    lambdaContext(),
  );
  return { ...result, type: result.headers['content-type'] };
};

test('the description is JSON, with the address that the caller has used', async () => {
  const { statusCode, type, body } = await get('/openapi.json');

  assert.deepEqual([statusCode, type], [200, 'application/json']);
  const { openapi, servers } = JSON.parse(body);
  assert.deepEqual([openapi, servers[0].url], ['3.1.1', 'https://gateway.example']);
});

test('the page has that address, too, and lets nothing in but its style', async () => {
  const { statusCode, type, headers, body } = await get('/docs/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });

  assert.deepEqual([statusCode, type], [200, 'text/html; charset=utf-8']);
  assert.match(body, /href="https:\/\/gateway\.example\/openapi\.json"/);
  assert.doesNotMatch(body, /127\.0\.0\.1/);
  assert.match(headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'/);
});

test('an address that is none is left out rather than shown', async () => {
  const { body } = await get('/docs', { host: '"><script>' });

  assert.doesNotMatch(body, /<script/);
});

test('whoever accepts neither gets 406', async (t) => {
  captureLog(t);

  const answers = [await get('/docs', { accept: 'application/json' }), await get('/openapi.json', { accept: 'text/html' })];

  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [406, 406],
  );
});
