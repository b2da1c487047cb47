import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Broker, startBroker } from '../../../../infra/local/broker.ts';
import { certificates } from '../../../../infra/local/certificates.ts';
import { users } from '../../../../infra/local/properties.ts';
import { startSecretsManager } from '../../../harness/aws/secrets-manager.ts';
import { asking, basic } from '../../../harness/http/caller.ts';
import { clientCertificates, encrypted, type PemPair } from '../../../harness/kafka/client-certificates.ts';
import { until } from '../../../harness/until.ts';
import { ask, assertRefused, clusterFor } from './cluster-for.ts';

const { ca, keystore, keystorePassword } = await certificates();
const { trusted, foreign, expired } = await clientCertificates();
let broker: Broker;

before(async () => {
  broker = await startBroker({
    listeners: ['SSL', 'SASL_SSL'],
    properties: {
      'listener.name.ssl.ssl.client.auth': 'required',
      'listener.name.sasl_ssl.ssl.client.auth': 'required',
      // It holds the certificate of the authority, too.
      'ssl.truststore.type': 'PKCS12',
      'ssl.truststore.location': keystore,
      'ssl.truststore.password': keystorePassword,
    },
  });
});
after(() => broker?.stop());

const mutual = { KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA: ca };
const withSasl = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA: ca,
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'alice',
  KAFKA_SASL_PASSWORD: users.alice,
};
const of = ({ cert, key }: PemPair) => ({ KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key });

for (const [what, protocol, variables] of [
  ['TLS alone', 'SSL', mutual],
  ['TLS and SASL', 'SASL_SSL', withSasl],
] as const) {
  const at = () => ({ KAFKA_BOOTSTRAP_SERVERS: broker.address(protocol), ...variables });

  suite(`a listener that wants a certificate, with ${what}`, () => {
    test('lets in who shows one of its authority', async (t) => {
      const { brokers } = await ask(clusterFor(t, { ...at(), ...of(trusted) }));

      assert.equal(brokers.length, 1);
    });

    test('lets in who has the key under a passphrase', async (t) => {
      const pair = {
        KAFKA_SSL_CERT: trusted.cert,
        KAFKA_SSL_KEY: encrypted(trusted.key, 'open sesame'),
        KAFKA_SSL_KEY_PASSPHRASE: 'open sesame',
      };

      const { brokers } = await ask(clusterFor(t, { ...at(), ...pair }));

      assert.equal(brokers.length, 1);
    });

    for (const [which, pair] of [
      ['no certificate', {}],
      ['one of a foreign authority', of(foreign)],
      ['an expired one', of(expired)],
    ] as const) {
      test(`refuses who shows ${which}, at once`, async (t) => {
        await assertRefused(clusterFor(t, { ...at(), ...pair }), /ERR_SSL_\S*ALERT/);
      });
    }
  });
}

test('a certificate that the broker refuses is replaced by the one that its secret has by then, and no caller notices', async (t) => {
  const secretOf = ({ cert, key }: PemPair) => ({ certificate: cert, private_key: key });
  const secretsManager = await startSecretsManager(secretOf(expired));
  t.after(() => secretsManager.close());
  const aws = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  t.mock.property(process, 'env', { ...process.env, ...aws, AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url });
  const cluster = clusterFor(t, { KAFKA_BOOTSTRAP_SERVERS: broker.address('SSL'), ...mutual, KAFKA_SECRET_ID: 'kafka/gateway' });

  const callers = Promise.all(Array.from({ length: 10 }, () => ask(cluster)));
  await until(() => secretsManager.reads > 1);
  secretsManager.rotate(secretOf(trusted));

  for (const { brokers } of await callers) assert.equal(brokers.length, 1);
  assert.equal(secretsManager.reads, 1);
});

suite('a listener that wants a certificate and callers who bring their own credentials', () => {
  const { KAFKA_SASL_USERNAME: _, KAFKA_SASL_PASSWORD: __, ...passingOn } = withSasl;
  const at = () => ({ KAFKA_BOOTSTRAP_SERVERS: broker.address('SASL_SSL'), ...passingOn });

  test('gets both: the certificate of the gateway, and the user of the caller', async (t) => {
    const ask = asking(t, { ...at(), ...of(trusted) });

    assert.equal(await ask(basic('alice', users.alice)), 'alice');
    await assert.rejects(ask(basic('alice', 'wrong')), { status: 401 });
  });

  test('refuses a certificate to the operator, not the caller', async (t) => {
    const ask = asking(t, { ...at(), ...of(foreign) });

    await assert.rejects(ask(basic('alice', users.alice)), { status: 502 });
  });
});
