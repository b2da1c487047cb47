import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { startOAuthBearerBroker } from '../../../harness/kafka/oauthbearer-broker.ts';
import { type Claims, client, startTokenIssuer, type TokenIssuer } from '../../../harness/kafka/token-issuer.ts';
import { ask, assertRefused, causesOf, clusterFor } from './cluster-for.ts';

let issuer: TokenIssuer;
let broker: Broker;

before(async () => {
  issuer = await startTokenIssuer();
  broker = await startOAuthBearerBroker(issuer);
});
after(async () => {
  await broker?.stop();
  await issuer?.stop();
});

const variables = (more: Record<string, string>) => ({
  KAFKA_BOOTSTRAP_SERVERS: broker.address('SASL_PLAINTEXT'),
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  ...more,
});
const withClient = (more: Record<string, string> = {}) =>
  variables({
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: issuer.tokenUrl,
    KAFKA_SASL_OAUTHBEARER_CLIENT_ID: client.id,
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: client.secret,
    ...more,
  });

suite('a token of the configuration', () => {
  test('lets in', async (t) => {
    const cluster = clusterFor(t, variables({ KAFKA_SASL_OAUTHBEARER_TOKEN: await issuer.token() }));

    assert.equal((await ask(cluster)).brokers.length, 1);
  });

  test('may come with extensions', async (t) => {
    const extensions = 'logicalCluster=lkc-1, identityPoolId=pool=1';
    const token = await issuer.token();
    const cluster = clusterFor(t, variables({ KAFKA_SASL_OAUTHBEARER_TOKEN: token, KAFKA_SASL_OAUTHBEARER_EXTENSIONS: extensions }));

    assert.equal((await ask(cluster)).brokers.length, 1);
  });

  const wrong: Record<string, Claims> = {
    'that another key signed': { forged: true },
    'for another audience': { audience: 'another' },
    'of another issuer': { issuer: 'https://another.test' },
    'that has expired': { lifeS: -60 },
  };
  for (const [what, claims] of Object.entries(wrong)) {
    test(`${what} is refused at once`, async (t) => {
      const token = await issuer.token(claims);

      const cluster = clusterFor(t, variables({ KAFKA_SASL_OAUTHBEARER_TOKEN: token }));

      await assertRefused(cluster, /refuses the token: .*invalid_token/);
    });
  }

  test('that is none is refused, too', async (t) => {
    await assertRefused(clusterFor(t, variables({ KAFKA_SASL_OAUTHBEARER_TOKEN: 'none' })), /invalid_token|Authentication failed/);
  });
});

suite('a token endpoint', () => {
  test('is asked once for all connections', async (t) => {
    const before = issuer.requests.length;
    const cluster = clusterFor(t, withClient({ KAFKA_SASL_OAUTHBEARER_SCOPE: 'a b', KAFKA_SASL_OAUTHBEARER_AUDIENCE: 'kafka' }));

    await Promise.all([ask(cluster), ask(cluster)]);
    cluster.close();
    await ask(cluster);

    const requests = issuer.requests.slice(before).map((body) => Object.fromEntries(body));
    assert.deepEqual(requests, [{ grant_type: 'client_credentials', scope: 'a b', audience: 'kafka' }]);
  });

  test('that refuses the client is the end of it, and the log says no secret', async (t) => {
    const cluster = clusterFor(t, withClient({ KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'wrong-password' }));

    const error = await ask(cluster).catch((error: unknown) => error);

    assert.match(causesOf(error), /^KafkaAuthentication .*the token endpoint answered 401 \(invalid_client\)/s);
    assert.doesNotMatch(causesOf(error), /wrong-password|Basic/);
  });

  for (const [what, fault] of [
    ['fails', (response) => response.writeHead(503).end()],
    ['answers nonsense', (response) => response.end('<html>')],
    ['hangs up', (response) => response.destroy()],
    ['leads elsewhere', (response) => response.writeHead(307, { location: `${issuer.tokenUrl}/elsewhere` }).end()],
  ] satisfies [string, TokenIssuer['fault']][]) {
    test(`that ${what} is 503`, async (t) => {
      issuer.fault = fault;
      t.after(() => {
        issuer.fault = null;
      });

      await assert.rejects(ask(clusterFor(t, withClient())), { name: 'CredentialsUnavailable', status: 503 });
    });
  }

  test('whose token the broker refuses is asked for another, and the caller notices nothing', async (t) => {
    const forged = await issuer.token({ forged: true });
    issuer.fault = (response) => {
      issuer.fault = null;
      response.end(JSON.stringify({ access_token: forged, expires_in: 3600 }));
    };

    const { brokers } = await ask(clusterFor(t, withClient()));

    assert.equal(brokers.length, 1);
  });

  test('whose tokens the broker refuses is not asked again and again', async (t) => {
    const before = issuer.requests.length;
    const forged = await issuer.token({ forged: true });
    issuer.fault = (response) => response.end(JSON.stringify({ access_token: forged, expires_in: 3600 }));
    t.after(() => {
      issuer.fault = null;
    });
    const cluster = clusterFor(t, withClient());

    await assertRefused(cluster, /invalid_token/);
    await assertRefused(cluster, /invalid_token/);
    await assertRefused(cluster, /invalid_token/);

    assert.equal(issuer.requests.length - before, 2);
  });
});
