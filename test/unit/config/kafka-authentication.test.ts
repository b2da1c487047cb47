import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readKafka } from '../../../lib/config/kafka.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { clientCertificates } from '../../harness/kafka/client-certificates.ts';

const { trusted, foreign } = await clientCertificates();
const read = (variables: Record<string, string>) => readKafka({ KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092', ...variables });
const oauth = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'OAUTHBEARER' };
const endpoint = { KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://issuer.test/token' };
const iam = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM' };
const scram = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };

suite('a configuration', () => {
  for (const [what, variables, sasl] of [
    [
      'of a user',
      { ...scram, KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: ' p ' },
      { mechanism: 'SCRAM-SHA-512', user: { username: 'u', password: ' p ' } },
    ],
    ['of a user in a secret', { ...scram, KAFKA_SECRET_ID: 's' }, { mechanism: 'SCRAM-SHA-512', user: null }],
    [
      'of a token',
      { ...oauth, KAFKA_SASL_OAUTHBEARER_TOKEN: 't' },
      { mechanism: 'OAUTHBEARER', extensions: {}, endpoint: null, token: 't' },
    ],
    [
      'of a token in a secret',
      { ...oauth, KAFKA_SECRET_ID: 's' },
      { mechanism: 'OAUTHBEARER', extensions: {}, endpoint: null, token: null },
    ],
    [
      'of a token endpoint',
      {
        ...oauth,
        ...endpoint,
        KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'i',
        KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'c',
        KAFKA_SASL_OAUTHBEARER_SCOPE: 'a',
      },
      {
        mechanism: 'OAUTHBEARER',
        extensions: {},
        endpoint: { url: 'https://issuer.test/token', scope: 'a', audience: null },
        client: { clientId: 'i', clientSecret: 'c' },
      },
    ],
    [
      'of extensions',
      { ...oauth, KAFKA_SECRET_ID: 's', KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'logicalCluster=lkc-1, identityPoolId=pool=1' },
      { mechanism: 'OAUTHBEARER', extensions: { logicalCluster: 'lkc-1', identityPoolId: 'pool=1' }, endpoint: null, token: null },
    ],
    ['of IAM', { ...iam, KAFKA_MSK_REGION: 'eu-west-1' }, { mechanism: 'AWS_MSK_IAM', region: 'eu-west-1', roleArn: null }],
    [
      "of IAM, by its brokers' names",
      {
        ...iam,
        KAFKA_BOOTSTRAP_SERVERS: 'b-1.c.abc.c2.kafka.eu-west-1.amazonaws.com:9098',
        KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::123456789012:role/kafka',
      },
      { mechanism: 'AWS_MSK_IAM', region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/kafka' },
    ],
  ] as const) {
    test(`${what} is read`, () => {
      assert.deepEqual(read(variables).sasl, sasl);
    });
  }

  test('of a certificate is read, with its line breaks written out', () => {
    const oneLine = trusted.cert.replaceAll('\n', '\\n');

    const { certificate } = read({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CERT: oneLine, KAFKA_SSL_KEY: trusted.key });

    assert.deepEqual(certificate, { cert: trusted.cert, key: trusted.key.trim() });
  });
});

suite('a mistake is told by the name of the variable, and not by its value', () => {
  const ssl = { KAFKA_SECURITY_PROTOCOL: 'SSL' };
  for (const [problem, variables] of [
    [
      'KAFKA_SASL_MECHANISM must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM',
      { ...scram, KAFKA_SASL_MECHANISM: 'secret' },
    ],
    ['KAFKA_SASL_MECHANISM is set: KAFKA_SECURITY_PROTOCOL must be SASL_SSL or SASL_PLAINTEXT', { ...scram, ...ssl }],
    ['set KAFKA_SECRET_ID, or KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD', { ...scram, KAFKA_SASL_PASSWORD: 'secret' }],
    ['set KAFKA_SECRET_ID, KAFKA_SASL_OAUTHBEARER_TOKEN or KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL', oauth],
    ['set KAFKA_SECRET_ID, or KAFKA_SASL_OAUTHBEARER_CLIENT_ID and KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET', { ...oauth, ...endpoint }],
    [
      'KAFKA_SASL_OAUTHBEARER_TOKEN and KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL exclude each other',
      { ...oauth, ...endpoint, KAFKA_SASL_OAUTHBEARER_TOKEN: 'secret' },
    ],
    [
      'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL must be an http or https URL without credentials',
      { ...oauth, KAFKA_SECRET_ID: 's', KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://id:secret@issuer.test' },
    ],
    [
      'KAFKA_SASL_OAUTHBEARER_EXTENSIONS must be name=value, several separated by commas',
      { ...oauth, KAFKA_SECRET_ID: 's', KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'secret' },
    ],
    ["set KAFKA_MSK_REGION: the names in KAFKA_BOOTSTRAP_SERVERS are none of Amazon MSK's, which have it", iam],
    [
      'AWS_MSK_IAM needs KAFKA_SECURITY_PROTOCOL SASL_SSL',
      { ...iam, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', KAFKA_MSK_REGION: 'eu-west-1' },
    ],
    ['KAFKA_MSK_ROLE_ARN must be the ARN of a role', { ...iam, KAFKA_MSK_REGION: 'eu-west-1', KAFKA_MSK_ROLE_ARN: 'kafka' }],
    ['set both KAFKA_SSL_CERT and KAFKA_SSL_KEY', { ...ssl, KAFKA_SSL_CERT: trusted.cert }],
    [
      'KAFKA_SSL_CERT is set: KAFKA_SECURITY_PROTOCOL must be SSL or SASL_SSL',
      { KAFKA_SSL_CERT: trusted.cert, KAFKA_SSL_KEY: trusted.key },
    ],
    ['KAFKA_SSL_CERT must hold a certificate in PEM', { ...ssl, KAFKA_SSL_CERT: 'secret', KAFKA_SSL_KEY: trusted.key }],
    ['KAFKA_SSL_KEY must hold a private key in PEM', { ...ssl, KAFKA_SSL_CERT: trusted.cert, KAFKA_SSL_KEY: 'secret' }],
    ['KAFKA_SSL_KEY is not the key of KAFKA_SSL_CERT', { ...ssl, KAFKA_SSL_CERT: trusted.cert, KAFKA_SSL_KEY: foreign.key }],
  ] as const) {
    test(problem, () => {
      assert.throws(
        () => read(variables),
        (error) => {
          assert.ok(error instanceof GatewayError && error.cause instanceof Error);
          assert.equal(error.cause.message, `Configuration: ${problem}`);
          return true;
        },
      );
    });
  }
});
