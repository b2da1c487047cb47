import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { startGateway } from '../../../infra/local/gateway.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { api } from '../../../lib/http/api.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';

configure(sharedKafka());

const PAGE = 'https://app.example.com';
const STRANGER = 'https://stranger.example';

test('the functions leave CORS to API Gateway: whoever asks, no answer has anything of it', async () => {
  for (const route of api) {
    const [method, path] = route.replace('{topic}', 'no-such-topic').replace('{partition}', '0').split(' ');

    const { headers } = await call(method, path, { headers: { origin: STRANGER }, query: { offset: 0 } });

    assert.deepEqual(corsOf(headers), []);
  }
});

test('a preflight gets no permission of the functions', async () => {
  const { status, headers } = await call('OPTIONS', '/topics', { headers: { origin: STRANGER, 'access-control-request-method': 'POST' } });

  assert.deepEqual([status, corsOf(headers)], [405, []]);
});

suite('under npm start', () => {
  const started = async (t: TestContext, environment: Record<string, string>): Promise<number> => {
    const [port] = await freePorts(1);
    const gateway = await startGateway(port, { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), ...environment });
    t.after(() => gateway.stop());
    return port;
  };

  test('no page may call unless CORS_ORIGINS says so', async (t) => {
    const port = await started(t, { CORS_ORIGINS: '' });

    for (const headers of await answersTo(port, STRANGER)) assert.deepEqual(corsOf(headers), []);
  });

  test('pages of CORS_ORIGINS may call, and others may not', async (t) => {
    const port = await started(t, { CORS_ORIGINS: `${PAGE}, https://other.example` });

    const [asked, got] = await answersTo(port, PAGE);
    for (const headers of [asked, got]) {
      assert.equal(headers['access-control-allow-origin'], PAGE);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
    assert.match(String(asked['access-control-allow-headers']), /\bkafka-key\b/);
    assert.doesNotMatch(String(asked['access-control-allow-headers']), /x-other/);
    for (const origin of [STRANGER, `${PAGE}.stranger.example`, 'null', '']) {
      for (const headers of await answersTo(port, origin)) assert.equal(headers['access-control-allow-origin'], undefined);
    }
  });
});

/** The headers of the answers to a preflight and to a request. */
async function answersTo(port: number, origin: string) {
  const asking = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-other' };
  return [await send(port, 'OPTIONS', asking), await send(port, 'GET', { origin })];
}

const corsOf = (headers: object): string[] => Object.keys(headers).filter((name) => name.startsWith('access-control'));

/** Not by fetch, which has rules of its own for such headers. */
async function send(port: number, method: string, headers: Record<string, string>) {
  const sent = request({ host: '127.0.0.1', port, path: '/topics', method, headers }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.headers;
}
