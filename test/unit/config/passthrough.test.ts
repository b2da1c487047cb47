import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readKafka } from '../../../lib/config/kafka.ts';
import { GatewayError } from '../../../lib/errors.ts';

const passthrough = {
  KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  GATEWAY_AUTH: 'passthrough',
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
};
const read = (variables: Record<string, string>) => readKafka({ ...passthrough, ...variables });

for (const [mechanism, expected] of [
  ['PLAIN', { basic: 'PLAIN', bearer: null }],
  ['scram-sha-256', { basic: 'SCRAM-SHA-256', bearer: null }],
  ['SCRAM-SHA-512', { basic: 'SCRAM-SHA-512', bearer: null }],
  ['OAUTHBEARER', { basic: null, bearer: { extensions: {} } }],
  ['SCRAM-SHA-512, OAUTHBEARER', { basic: 'SCRAM-SHA-512', bearer: { extensions: {} } }],
  ['OAUTHBEARER,PLAIN', { basic: 'PLAIN', bearer: { extensions: {} } }],
] as const) {
  test(`callers' credentials go to Kafka by ${mechanism}, and the gateway needs none`, () => {
    const { passthrough, sasl, secret } = read({ KAFKA_SASL_MECHANISM: mechanism });

    assert.deepEqual(passthrough, expected);
    assert.deepEqual([sasl, secret], [null, null]);
  });
}

test('extensions go with tokens', () => {
  const { passthrough } = read({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'logicalCluster=lkc-1' });

  assert.deepEqual(passthrough?.bearer, { extensions: { logicalCluster: 'lkc-1' } });
});

test('a secret may hold a certificate for TLS', () => {
  assert.deepEqual(read({ KAFKA_SECRET_ID: 'kafka' }).secret, { id: 'kafka', region: null });
});

suite('what contradicts it is told in one line', () => {
  const mechanisms = 'needs KAFKA_SASL_MECHANISM PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, and/or OAUTHBEARER, separated by a comma';
  for (const [problem, variables] of [
    ['needs KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT', { KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' }],
    ['needs KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT', { KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SASL_MECHANISM: '' }],
    ['needs KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT', { KAFKA_SECURITY_PROTOCOL: '' }],
    [mechanisms, { KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM' }],
    [mechanisms, { KAFKA_SASL_MECHANISM: '' }],
    [mechanisms, { KAFKA_SASL_MECHANISM: 'PLAIN,SCRAM-SHA-512' }],
    [mechanisms, { KAFKA_SASL_MECHANISM: 'OAUTHBEARER,' }],
    [
      'shows Kafka the credentials of callers: unset KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD',
      { KAFKA_SASL_USERNAME: 'alice', KAFKA_SASL_PASSWORD: 'hunter2' },
    ],
    ['shows Kafka the credentials of callers: unset KAFKA_SASL_OAUTHBEARER_TOKEN', { KAFKA_SASL_OAUTHBEARER_TOKEN: 'hunter2' }],
    [
      'shows Kafka the credentials of callers: unset KAFKA_SECRET_ID',
      { KAFKA_SECRET_ID: 'hunter2', KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' },
    ],
  ] as const) {
    test(`${JSON.stringify(variables)}: ${problem}`, () => {
      assert.throws(
        () => read(variables),
        (error) => {
          assert.ok(error instanceof GatewayError && error.cause instanceof Error);
          assert.equal(error.cause.message, `Configuration: GATEWAY_AUTH=passthrough ${problem}`);
          return true;
        },
      );
    });
  }
});
