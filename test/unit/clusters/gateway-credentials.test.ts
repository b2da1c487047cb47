import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kafkaCredentials } from '../../../lib/clusters/gateway-credentials.ts';
import { readKafka } from '../../../lib/config/kafka.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { clientCertificates } from '../../harness/kafka/client-certificates.ts';
import { pass, stopTime, timePasses } from '../../harness/virtual-time.ts';

const { trusted, foreign } = await clientCertificates();
const plain = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN' };
const user = { username: 'u', password: 'p' };
const certificate = { certificate: trusted.cert, private_key: trusted.key };

/** The credentials of a gateway whose secret holds this, and how often that was read. */
function credentialsBy(variables: Record<string, string>, secret: { text: string }) {
  const config = readKafka({ KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092', KAFKA_SECRET_ID: 'kafka/gateway', ...variables });
  const reads: string[] = [];
  const source = kafkaCredentials(config, () => async (id) => {
    reads.push(id);
    return secret.text;
  });
  assert.ok(source);
  return { source, reads };
}
const json = (members: object) => ({ text: JSON.stringify(members) });

suite('a secret', () => {
  test('of a user is for SASL', async () => {
    const { source } = credentialsBy(plain, json(user));

    assert.deepEqual(await source.current(), { sasl: { mechanism: 'plain', ...user }, certificate: null });
  });

  test('of a user and a certificate is for both, and is read once', async () => {
    const { source, reads } = credentialsBy(plain, json({ ...user, ...certificate }));

    const { sasl, certificate: shown } = await source.current();

    assert.deepEqual(sasl, { mechanism: 'plain', ...user });
    assert.deepEqual(shown, trusted);
    assert.deepEqual(reads, ['kafka/gateway']);
  });

  test('of a certificate is for TLS', async () => {
    const { source } = credentialsBy({ KAFKA_SECURITY_PROTOCOL: 'SSL' }, json(certificate));

    assert.deepEqual(await source.current(), { sasl: null, certificate: trusted });
  });

  test('is read again when it is refused, and says whether it changed', async (t) => {
    stopTime(t);
    const secret = json(user);
    const { source, reads } = credentialsBy(plain, secret);
    const refused = await source.current();

    await timePasses(t, source.renew(refused));
    const before = reads.length;
    await pass(t, 10_000, 1000);
    const unchanged = await source.renew(refused);
    secret.text = JSON.stringify({ ...user, password: 'q' });
    await pass(t, 10_000, 1000);
    const changed = await source.renew(refused);

    assert.deepEqual([unchanged, changed, reads.length - before], [false, true, 2]);
    assert.deepEqual((await source.current()).sasl, { mechanism: 'plain', username: 'u', password: 'q' });
  });
});

suite('a secret that does not fit is an error for the log, which holds nothing of it', () => {
  const ssl = { KAFKA_SECURITY_PROTOCOL: 'SSL' };
  const oauth = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'OAUTHBEARER' };
  const endpoint = { KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://issuer.test/token' };
  for (const [what, variables, secret, why] of [
    ['text', plain, { text: 'hunter2' }, /kafka\/gateway is not a JSON object/],
    ['null', plain, { text: 'null' }, /kafka\/gateway is not a JSON object/],
    ['no password', plain, json({ username: 'hunter2' }), /must hold the member "password", a string/],
    ['no token', oauth, json(user), /must hold the member "token"/],
    ['no client', { ...oauth, ...endpoint }, json({ client_id: 'hunter2' }), /must hold the member "client_secret"/],
    ['no certificate', ssl, json(user), /must hold the member "certificate"/],
    ['no certificate in PEM', ssl, json({ ...certificate, certificate: 'hunter2' }), /"certificate" must hold a certificate in PEM/],
    ['the key of another', ssl, json({ ...certificate, private_key: foreign.key }), /"private_key" is not the key of "certificate"/],
  ] as const) {
    test(what, async () => {
      const { source } = credentialsBy(variables, secret);

      await assert.rejects(source.current(), (error) => {
        assert.ok(error instanceof GatewayError && error.cause instanceof Error);
        assert.deepEqual([error.name, error.status], ['CredentialsUnavailable', 503]);
        const log = `${error.cause} ${error.cause.cause}`;
        assert.match(log, why);
        assert.doesNotMatch(`${error.message} ${log}`, /hunter2/);
        return true;
      });
    });
  }
});
