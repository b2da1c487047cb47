import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { readKafka } from '../../../lib/config/kafka.ts';
import { notNumbers, problemsOf as problemsIn, type Variables } from './problems.ts';

const [CERTIFICATE, OTHER_CERTIFICATE] = rootCertificates;
const minimal: Variables = { KAFKA_BOOTSTRAP_SERVERS: 'kafka.example:9092' };
const withSasl: Variables = { ...minimal, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };

const kafka = (variables: Variables) => readKafka({ ...minimal, ...variables });
const problemsOf = (variables: Variables) => problemsIn(readKafka, variables);

test('bootstrap servers alone are enough', () => {
  assert.deepEqual(readKafka(minimal), {
    bootstrapServers: ['kafka.example:9092'],
    tls: false,
    ca: null,
    sasl: null,
    certificate: null,
    secret: null,
    passthrough: null,
    clientId: 'kafka-http-gateway',
    maxIdleMs: 180_000,
    metadataMaxAgeMs: 300_000,
    maxClients: 50,
  });
});

test('empty variables are as good as none', () => {
  const names = [
    'KAFKA_SECURITY_PROTOCOL',
    'KAFKA_SASL_MECHANISM',
    'KAFKA_SECRET_ID',
    'KAFKA_SSL_CA',
    'KAFKA_CLIENT_ID',
    'KAFKA_MAX_IDLE_MS',
    'KAFKA_METADATA_MAX_AGE_MS',
    'GATEWAY_AUTH',
    'GATEWAY_MAX_CLIENTS',
  ];

  assert.deepEqual(kafka(Object.fromEntries(names.map((name) => [name, ' ']))), readKafka(minimal));
});

test('several bootstrap servers are separated by commas', () => {
  assert.deepEqual(kafka({ KAFKA_BOOTSTRAP_SERVERS: ' a.example:9092 , 10.0.0.1:1,[2001:db8::1]:65535 ' }).bootstrapServers, [
    'a.example:9092',
    '10.0.0.1:1',
    '[2001:db8::1]:65535',
  ]);
});

const notServers = [
  '',
  ',',
  'kafka',
  'kafka:',
  ':9092',
  'kafka:port',
  'kafka:0',
  'kafka:65536',
  'kafka:99999',
  'a:1,,b:2',
  'a:1,',
  'kafka://a:9092',
  'a b:9092',
  '::1:9092',
  '2001:db8::1',
  'a:9092/x',
];
for (const servers of notServers) {
  test(`these are no bootstrap servers: "${servers}"`, () => {
    assert.equal(
      problemsOf({ KAFKA_BOOTSTRAP_SERVERS: servers }),
      'Configuration: KAFKA_BOOTSTRAP_SERVERS must be host:port, several separated by commas',
    );
  });
}

test('each security protocol says whether there is TLS and SASL', () => {
  const credentials = { KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'gateway', KAFKA_SASL_PASSWORD: 'p4ssword' };
  const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL', 'sasl_ssl'].map((protocol) =>
    kafka({ ...(/sasl/i.test(protocol) && credentials), KAFKA_SECURITY_PROTOCOL: protocol }),
  );

  assert.deepEqual(
    protocols.map(({ tls, sasl }) => [tls, sasl !== null]),
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ],
  );
});

test('a user and a password, as they are', () => {
  const { sasl } = kafka({ ...withSasl, KAFKA_SASL_USERNAME: 'gateway', KAFKA_SASL_PASSWORD: ' pass word ' });

  assert.deepEqual(sasl, { mechanism: 'SCRAM-SHA-512', user: { username: 'gateway', password: ' pass word ' } });
});

test('a secret, which wins over a user', () => {
  const user = { KAFKA_SASL_USERNAME: 'gateway', KAFKA_SASL_PASSWORD: 'p4ssword' };

  const here = kafka({ ...withSasl, ...user, KAFKA_SECRET_ID: 'AmazonMSK_gateway' });
  const there = kafka({ ...withSasl, KAFKA_SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:1:secret:x', KAFKA_SECRET_REGION: 'eu-west-1' });

  assert.deepEqual(
    [here.sasl, here.secret],
    [
      { mechanism: 'SCRAM-SHA-512', user: null },
      { id: 'AmazonMSK_gateway', region: null },
    ],
  );
  assert.deepEqual(there.secret, { id: 'arn:aws:secretsmanager:eu-west-1:1:secret:x', region: 'eu-west-1' });
});

test('every mechanism is known, in any case', () => {
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'scram-sha-256'].map(
    (mechanism) => kafka({ ...withSasl, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SECRET_ID: 'x' }).sasl?.mechanism,
  );

  assert.deepEqual(mechanisms, ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'SCRAM-SHA-256']);
});

test('certificates of a private CA, with line breaks or with what stands for them in a variable', () => {
  const both = `${CERTIFICATE}\n${OTHER_CERTIFICATE}`;

  assert.equal(kafka({ KAFKA_SSL_CA: both }).ca, both);
  assert.equal(kafka({ KAFKA_SSL_CA: both.replaceAll('\n', '\\n') }).ca, both);
});

test('numbers and names', () => {
  const config = kafka({
    KAFKA_CLIENT_ID: ' orders-gateway ',
    KAFKA_MAX_IDLE_MS: '1',
    KAFKA_METADATA_MAX_AGE_MS: '60000',
    GATEWAY_MAX_CLIENTS: '7',
  });

  assert.deepEqual([config.clientId, config.maxIdleMs, config.metadataMaxAgeMs, config.maxClients], ['orders-gateway', 1, 60_000, 7]);
});

const wrong: [name: string, values: string[], problem: string][] = [
  ['KAFKA_SECURITY_PROTOCOL', ['TLS', 'SASL'], 'must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL'],
  [
    'KAFKA_SSL_CA',
    [
      '/etc/ca.pem',
      `${CERTIFICATE}`.slice(0, 300),
      `${CERTIFICATE}`.replace(/[A-Z]{4}/, '!!!!'),
      `${CERTIFICATE}\n${CERTIFICATE.slice(0, 300)}`,
    ],
    'must hold PEM certificates',
  ],
  ['KAFKA_MAX_IDLE_MS', notNumbers, 'must be a whole number above 0'],
  ['KAFKA_METADATA_MAX_AGE_MS', notNumbers, 'must be a whole number above 0'],
  ['GATEWAY_MAX_CLIENTS', notNumbers, 'must be a whole number above 0'],
];
for (const [name, values, problem] of wrong) {
  test(`${name} ${problem}`, () => {
    for (const value of values) assert.equal(problemsOf({ ...minimal, [name]: value }), `Configuration: ${name} ${problem}`, value);
  });
}

test('a damaged certificate among good ones is not taken', () => {
  const damaged = CERTIFICATE.replace(/\n.+\n/, '\nAAAA\n');

  assert.match(problemsOf({ ...minimal, KAFKA_SSL_CA: `${CERTIFICATE}\n${damaged}` }), /KAFKA_SSL_CA/);
});

test('SASL needs a mechanism, and a secret or a user with a password', () => {
  const sasl = { ...minimal, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' };
  const mechanism = 'KAFKA_SASL_MECHANISM must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM';
  const credentials = 'set KAFKA_SECRET_ID, or KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD';

  assert.equal(problemsOf({ ...sasl, KAFKA_SASL_MECHANISM: 'GSSAPI', KAFKA_SECRET_ID: 'x' }), `Configuration: ${mechanism}`);
  assert.equal(problemsOf({ ...sasl, KAFKA_SASL_MECHANISM: '__proto__', KAFKA_SECRET_ID: 'x' }), `Configuration: ${mechanism}`);
  assert.equal(problemsOf(withSasl), `Configuration: ${credentials}`);
  assert.equal(problemsOf({ ...withSasl, KAFKA_SASL_USERNAME: 'gateway' }), `Configuration: ${credentials}`);
  assert.equal(problemsOf({ ...withSasl, KAFKA_SASL_PASSWORD: 'p4ssword' }), `Configuration: ${credentials}`);
  assert.equal(problemsOf(sasl), `Configuration: ${mechanism}`);
});

test('a mechanism without a SASL protocol is a mistake, as nobody would authenticate', () => {
  assert.equal(
    problemsOf({ ...minimal, KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'gateway' }),
    'Configuration: KAFKA_SASL_MECHANISM is set: KAFKA_SECURITY_PROTOCOL must be SASL_SSL or SASL_PLAINTEXT',
  );
});

test('everything that is wrong is told at once, and nothing of what was set', () => {
  const SECRET = 'never-to-be-told';
  const variables = [
    'KAFKA_BOOTSTRAP_SERVERS',
    'KAFKA_SECURITY_PROTOCOL',
    'KAFKA_SSL_CA',
    'KAFKA_MAX_IDLE_MS',
    'KAFKA_METADATA_MAX_AGE_MS',
    'GATEWAY_MAX_CLIENTS',
  ];
  const everything = Object.fromEntries(variables.map((name) => [name, SECRET]));

  const problems = problemsOf({
    ...everything,
    KAFKA_SASL_PASSWORD: SECRET,
  });

  for (const name of variables) assert.ok(problems.includes(name), name);
  assert.ok(!problems.includes(SECRET), problems);
});
