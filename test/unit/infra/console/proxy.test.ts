import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { after, before, beforeEach, suite, test } from 'node:test';
import { AwsV4Signer } from 'aws4fetch';
import { type ConsoleProxy, startConsoleProxy } from '../../../../infra/console/proxy.ts';
import { consoleDocument } from '../../../../lib/console/document.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an example of a key', sessionToken: 'a session' };
const region = 'eu-central-1';
const document = consoleDocument(
  { base: '/stage', auth: ['iam'], mode: 'write', hasSubscriptions: true, oidc: null, streams: null },
  'console-a1.js',
  'console-b2.css',
);

interface Seen {
  request: IncomingMessage;
  body: Buffer<ArrayBuffer>;
}

const seen: Seen[] = [];
const gateway = createServer(async (request, response) => {
  seen.push({ request, body: Buffer.concat(await request.toArray()) });
  if (request.url === '/stage/console') response.setHeader('content-security-policy', "default-src 'none'").end(document.html);
  else response.writeHead(418, { 'content-type': 'text/plain', 'x-request-id': 'r1' }).end('short and stout');
});
let proxy: ConsoleProxy;
let origin: string;

/** What a browser that has got somewhere sends. */
const ask = async (path: string, headers: Record<string, string> = {}): Promise<number | undefined> => {
  const asked = httpRequest(`${origin}${path}`, { headers });
  asked.end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
};

suite('the console of a gateway that wants signatures', () => {
  before(async () => {
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const { port } = Object(gateway.address());
    proxy = await startConsoleProxy({ gateway: `http://127.0.0.1:${port}/stage/`, region, credentials: async () => credentials });
    origin = new URL(proxy.url).origin;
  });
  beforeEach(() => {
    seen.length = 0;
  });
  after(async () => {
    await proxy[Symbol.asyncDispose]();
    gateway.close();
  });

  test('what it asks is signed as the gateway checks it, and takes nothing else along', async () => {
    const response = await fetch(`${proxy.url}/topics/a%20b?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'a=b', authorization: 'Bearer x' },
      body: '{"ü":1}',
    });

    const [{ request, body }] = seen;
    const { authorization = '', host = '', 'x-amz-date': datetime } = request.headers;
    const signer = new AwsV4Signer({
      ...{ ...credentials, region, service: 'execute-api', method: 'POST', body, datetime: String(datetime) },
      url: `http://${host}${request.url}`,
    });
    assert.deepEqual([response.status, response.headers.get('x-request-id'), await response.text()], [418, 'r1', 'short and stout']);
    assert.equal(request.url, '/stage/topics/a%20b?x=1');
    assert.equal(String(body), '{"ü":1}');
    assert.equal(authorization, (await signer.sign()).headers.get('authorization'));
    assert.equal(request.headers['x-amz-security-token'], 'a session');
    assert.deepEqual([request.headers.cookie, request.headers['content-type']], [undefined, 'application/json']);
  });

  test('its page asks at this address, and nobody for a password', async () => {
    const response = await fetch(`${proxy.url}/console`);
    const html = await response.text();

    const { pathname } = new URL(proxy.url);
    assert.ok(html.includes(`src="${pathname}/console/console-a1.js"`), html);
    assert.ok(html.includes('&#34;auth&#34;:[],&#34;mode&#34;:&#34;write&#34;'), html);
    assert.equal(response.headers.get('content-security-policy'), "default-src 'none'");
  });

  test('whoever does not know the address, and any other page, gets nothing', async () => {
    const { pathname, host } = new URL(proxy.url);

    const statuses = await Promise.all([
      ask('/topics'),
      ask(`${pathname}x/topics`),
      ask(`${pathname}/topics`, { origin: 'https://evil.example' }),
      ask(`${pathname}/topics`, { origin: 'null' }),
      ask(`${pathname}/topics`, { host: `evil.example:${new URL(proxy.url).port}` }),
      ask(`${pathname}/topics`, { 'sec-fetch-site': 'cross-site' }),
      ask(`${pathname}/topics`, { 'sec-fetch-site': 'same-site' }),
    ]);
    const asked = seen.length;
    const own = await ask(`${pathname}/topics`, { host, origin, 'sec-fetch-site': 'same-origin' });

    assert.deepEqual(statuses, [404, 404, 403, 403, 403, 403, 403]);
    assert.deepEqual([asked, own], [0, 418]);
  });

  test('a gateway that is not there, or has no console, is told of', async () => {
    const { port } = Object(gateway.address());
    await using elsewhere = await startConsoleProxy({
      gateway: `http://127.0.0.1:${port}/other`,
      region,
      credentials: async () => credentials,
    });
    await using failing = await startConsoleProxy({
      gateway: 'http://127.0.0.1:9',
      region,
      credentials: () => Promise.reject(new Error('Your session has ended')),
    });

    const none = await fetch(`${elsewhere.url}/console`);
    const failed = await fetch(`${failing.url}/console`);

    assert.deepEqual([none.status, failed.status], [418, 502]);
    assert.match(await failed.text(), /Your session has ended/);
  });

  test('a body that is too long is refused before it is signed', async () => {
    const { status } = await fetch(`${proxy.url}/topics/a`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });

    assert.deepEqual([status, seen.length], [413, 0]);
  });
});
