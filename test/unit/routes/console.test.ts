import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { handler } from '../../../functions/console.ts';
import { letHold } from '../../../lib/config/running.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

const get = (path: string, headers: Record<string, string> = {}) =>
  handler(httpEvent('GET', path, { headers: { host: 'gateway.example', ...headers } }), lambdaContext());

const filesOf = (html: string): string[] => [...html.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)].map(([, path = '']) => path);

test('the page names its files, and lets nothing else in', async () => {
  const { statusCode, headers, body } = await get('/console', { accept: 'text/html,*/*;q=0.8' });

  assert.deepEqual([statusCode, headers['content-type'], headers['cache-control']], [200, 'text/html; charset=utf-8', 'no-cache']);
  assert.match(
    headers['content-security-policy'],
    /^default-src 'none'; script-src 'self'; style-src 'self';.*require-trusted-types-for 'script'; trusted-types 'none'$/,
  );
  assert.equal(filesOf(body).length, 2);
  assert.doesNotMatch(body, /<script[^>]*>[^<]|<style| style=| on\w+=/);
});

test('streams at an address of their own are told to the page, which may call that origin and no other', async (t) => {
  t.after(() => letHold(null));
  const answers: { streams: string | null; connect: string }[] = [];
  for (const [url, auth] of [
    ['https://streams.example:8443/streams/', 'basic'],
    ['https://streams.example/streams', 'iam'],
    ["javascript:'unsafe-inline'", 'basic'],
  ]) {
    letHold({ GATEWAY_STREAM_URL: url, GATEWAY_AUTH: auth });
    const { headers, body } = await get('/console');
    const [, settings = ''] = /name="console" content="([^"]+)"/.exec(body) ?? [];
    const { streams } = JSON.parse(settings.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)));
    answers.push({ streams, connect: /connect-src[^;]*/.exec(headers['content-security-policy'])?.[0] ?? '' });
  }

  const none = { streams: null, connect: "connect-src 'self'" };
  assert.deepEqual(answers, [
    { streams: 'https://streams.example:8443/streams', connect: "connect-src 'self' https://streams.example:8443" },
    none,
    none,
  ]);
});

test('a page that has not changed is not sent again', async () => {
  const { headers } = await get('/console');
  const { statusCode, body } = await get('/console', { 'if-none-match': `"other", W/${headers.etag}` });

  assert.deepEqual([statusCode, body], [304, '']);
});

test('its files are compressed as the browser accepts it, and the same for ever', async () => {
  for (const path of filesOf((await get('/console')).body)) {
    const [br, gzip, plain] = [
      await get(path, { 'accept-encoding': 'gzip, deflate, br, zstd' }),
      await get(path, { 'accept-encoding': 'br;q=0, gzip' }),
      await get(path),
    ];
    const bytes = ({ body }: typeof br) => Buffer.from(body, 'base64');

    assert.deepEqual(
      [br, gzip, plain].map(({ headers }) => headers['content-encoding']),
      ['br', 'gzip', undefined],
    );
    assert.deepEqual(brotliDecompressSync(bytes(br)), bytes(plain));
    assert.deepEqual(gunzipSync(bytes(gzip)), bytes(plain));
    assert.match(br.headers['cache-control'], /immutable/);
  }
});

test('the whole page takes less than 30 kB', async () => {
  const { body } = await get('/console');
  const files = await Promise.all(filesOf(body).map((path) => get(path, { 'accept-encoding': 'br' })));

  const size = files.reduce((sum, file) => sum + Buffer.from(file.body, 'base64').length, body.length);
  assert.ok(size <= 30_000, `${size}`);
});

test('a file of another version is not there', async (t) => {
  captureLog(t);

  const { statusCode, body } = await get('/console/console-old.js');

  assert.equal(statusCode, 404);
  assert.match(body, /load \/console again/);
});
