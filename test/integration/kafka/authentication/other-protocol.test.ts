import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { users } from '../../../../infra/local/properties.ts';
import { sharedKafka, sharedKafkaCaFile } from '../../../harness/kafka/shared-kafka.ts';
import { assertRefused, clusterFor } from './cluster-for.ts';

const ca = await readFile(sharedKafkaCaFile(), 'utf8');
const user = { KAFKA_SASL_USERNAME: 'alice', KAFKA_SASL_PASSWORD: users.alice, KAFKA_SASL_MECHANISM: 'PLAIN' };

for (const [ours, theirs, why] of [
  ['PLAINTEXT', 'SSL', /speaks TLS/],
  ['PLAINTEXT', 'SASL_PLAINTEXT', /wants SASL/],
  ['PLAINTEXT', 'SASL_SSL', /speaks TLS/],
  ['SSL', 'PLAINTEXT', /does not speak TLS/],
  ['SSL', 'SASL_PLAINTEXT', /does not speak TLS/],
  ['SSL', 'SASL_SSL', /wants SASL/],
  ['SASL_PLAINTEXT', 'PLAINTEXT', /ILLEGAL_SASL_STATE|not valid given the current SASL state/],
  ['SASL_PLAINTEXT', 'SSL', /speaks TLS/],
  ['SASL_PLAINTEXT', 'SASL_SSL', /speaks TLS/],
  ['SASL_SSL', 'PLAINTEXT', /does not speak TLS/],
  ['SASL_SSL', 'SSL', /ILLEGAL_SASL_STATE|not valid given the current SASL state/],
  ['SASL_SSL', 'SASL_PLAINTEXT', /does not speak TLS/],
] as const) {
  test(`${ours} on a listener of ${theirs} is refused at once, and the log says what it is`, async (t) => {
    const variables = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(theirs), KAFKA_SECURITY_PROTOCOL: ours, KAFKA_SSL_CA: ca };

    await assertRefused(clusterFor(t, { ...variables, ...(ours.startsWith('SASL') && user) }), why);
  });
}

test('a mechanism that the listener has not is refused at once', async (t) => {
  const variables = { ...user, KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_SASL_OAUTHBEARER_TOKEN: 'token' };
  const cluster = clusterFor(t, {
    ...variables,
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  });

  await assertRefused(cluster, /mechanism/i);
});
