import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { users } from '../../../../infra/local/properties.ts';
import { kafkaCluster } from '../../../../lib/clusters/kafka-cluster.ts';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import { setLogLevel } from '../../../../lib/telemetry/log.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { basic, bearer, challengeOf, unauthorized } from '../../../harness/http/caller.ts';
import { call, configure } from '../../../harness/http/gateway.ts';
import { assertRefused } from '../../../harness/http/refusal.ts';
import { fetchPage, produceText } from '../../../harness/http/requests.ts';
import { startOAuthBearerBroker } from '../../../harness/kafka/oauthbearer-broker.ts';
import { type Claims, startTokenIssuer, type TokenIssuer } from '../../../harness/kafka/token-issuer.ts';
import { createTopic } from '../../../harness/kafka/topics.ts';
import { type KafkaProxy, startKafkaProxy } from '../../../harness/proxy/kafka-proxy.ts';
import { until } from '../../../harness/until.ts';

const INVALID = 'Bearer realm="Kafka", error="invalid_token"';

let issuer: TokenIssuer;
let broker: Broker;
let proxy: KafkaProxy;

before(async () => {
  issuer = await startTokenIssuer();
  broker = await startOAuthBearerBroker(issuer);
  proxy = await startKafkaProxy(Number(broker.address('SASL_PLAINTEXT').split(':')[1]));
  configure(`127.0.0.1:${proxy.port}`, {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512,OAUTHBEARER',
    KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'logicalCluster=lkc-1',
  });
});
after(async () => {
  await proxy?.close();
  await broker?.stop();
  await issuer?.stop();
});

function logOf(t: TestContext): Record<string, unknown>[] {
  setLogLevel('info');
  t.after(() => setLogLevel('debug'));
  return captureLog(t);
}

suite('a token', () => {
  test('that Kafka accepts produces and fetches; the log has its subject, and none of it', async (t) => {
    const lines = logOf(t);
    const topic = await createTopic({ bootstrapServers: broker.address('PLAINTEXT') });
    const token = await issuer.token({ subject: 'größe "1"' });

    await produceText(topic, 'hello', { headers: bearer(token) });
    const page = await fetchPage(topic, 'text', 'offset=0', { headers: bearer(token) });

    assert.equal(page.json[0].value, 'hello');
    assert.deepEqual(
      lines.map(({ principal }) => principal),
      ['größe "1"', 'größe "1"'],
    );
    assert.ok(!JSON.stringify(lines).includes(token.split('.')[2]));
  });

  const wrong: Record<string, Claims> = {
    'that another key signed': { forged: true },
    'for another audience': { audience: 'another' },
    'of another issuer': { issuer: 'https://another.test' },
  };
  for (const [what, claims] of Object.entries(wrong)) {
    test(`${what} is 401 with a challenge, and asked of Kafka once`, async (t) => {
      const lines = logOf(t);
      const headers = bearer(await issuer.token({ ...claims, subject: 'mallory' }));
      proxy.startCounting();

      const answers = [await call('GET', '/topics', { headers }), await call('GET', '/topics', { headers })];

      for (const answer of answers) {
        assertRefused(answer, unauthorized(/^Kafka refuses these credentials: check them$/));
        assert.equal(challengeOf(answer), INVALID);
      }
      assert.deepEqual(proxy.requests(), ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']);
      assert.ok(!JSON.stringify(lines).includes('mallory'), 'nobody was let in');
    });
  }

  test('that has expired is 401 without asking Kafka', async (t) => {
    logOf(t);
    const headers = bearer(await issuer.token({ lifeS: -1 }));
    proxy.startCounting();

    const answer = await call('GET', '/topics', { headers });

    assertRefused(answer, unauthorized(/^The token has expired: get another one$/));
    assert.equal(challengeOf(answer), INVALID);
    assert.equal(proxy.connections(), 0);
  });

  test('that is none is 401', async (t) => {
    logOf(t);

    assertRefused(await call('GET', '/topics', { headers: bearer('none') }), unauthorized(/^Kafka refuses these credentials: check them$/));
  });

  for (const [what, smuggled] of [
    ['an end of the token', '\x01\x01'],
    ['an extension', '\x01logicalCluster=lkc-2'],
    ['another token', '\x01auth=Bearer other'],
    ['a line break', '\r\nx-evil: 1'],
  ]) {
    test(`with ${what} in it is 401 without asking Kafka`, async (t) => {
      logOf(t);
      const token = await issuer.token();
      proxy.startCounting();

      const answer = await call('GET', '/topics', { headers: bearer(token + smuggled) });

      assertRefused(answer, unauthorized(/^The Bearer credentials in the header Authorization are malformed: check how they are encoded$/));
      assert.equal(proxy.connections(), 0);
    });
  }

  test('after it, the next token of the same caller has a session of its own', async () => {
    const [first, second] = [await issuer.token({ lifeS: 600 }), await issuer.token({ lifeS: 601 })];
    await call('GET', '/brokers', { headers: bearer(first) });
    proxy.startCounting();

    const answers = [await call('GET', '/brokers', { headers: bearer(second) }), await call('GET', '/brokers', { headers: bearer(first) })];

    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(proxy.requests().filter((name) => name === 'SaslHandshake').length, 1);
  });

  test('that ends while a request goes on is refused by Kafka when the session is to be renewed: 401', async (t) => {
    const lifeS = 2;
    const deadline = Date.now() + 10_000;
    const headers = bearer(await issuer.token({ lifeS }));
    const cluster = await kafkaCluster({ headers, principal: null, deadline, onEnd: (end) => t.after(end) });
    let ended: unknown;

    await until(async () => {
      ended = await again(Date.now() + 10_000, () => cluster.metadata([])).then(
        () => null,
        (error: unknown) => error,
      );
      return ended !== null;
    });

    assert.match(String(ended), /^Unauthorized: Kafka refuses these credentials: check them$/);
  });
});

test('a user is let in beside those with tokens', async () => {
  const answer = await call('GET', '/brokers', { headers: basic('alice', users.alice) });

  assert.equal(answer.status, 200, answer.text);
});

test('without credentials both ways are offered', async (t) => {
  logOf(t);

  const answer = await call('GET', '/brokers');

  assertRefused(answer, unauthorized(/as Basic or Bearer$/));
  assert.equal(challengeOf(answer), 'Basic realm="Kafka", charset="UTF-8", Bearer realm="Kafka"');
});
