import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { users } from '../../../../infra/local/properties.ts';
import { setLogLevel } from '../../../../lib/telemetry/log.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { basic, bearer, challengeOf, unauthorized } from '../../../harness/http/caller.ts';
import { call, configure } from '../../../harness/http/gateway.ts';
import { assertRefused } from '../../../harness/http/refusal.ts';
import { fetchPage, post, produceText } from '../../../harness/http/requests.ts';
import { setPassword, setPasswords } from '../../../harness/kafka/java-clients.ts';
import { readTopic } from '../../../harness/kafka/records.ts';
import { createTopic } from '../../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../../harness/proxy/proxied-kafka.ts';
import { until } from '../../../harness/until.ts';

/** Names that SCRAM or HTTP might trip over, all users of Kafka here; it takes none for SCRAM that is not ASCII. */
const oddNames = ['a,b=c', 'n=admin,r=x', '=2C', '100%25', 'a"b\\', 'sp ace'];
const ODD_PASSWORD = 'p:a=s,s%00wörd';
const MAX_CLIENTS = 4;

const alice = basic('alice', users.alice);
const admin = basic('admin', users.admin);

let kafka: ProxiedKafka;
let topic: string;

before(async () => {
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  kafka = await startProxiedKafka({
    properties: {
      'listener.security.protocol.map': 'PROXIED:SASL_PLAINTEXT,DIRECT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      'listener.name.proxied.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.proxied.scram-sha-512.sasl.jaas.config': scram,
    },
  });
  const odd = Object.fromEntries(oddNames.map((name) => [name, ODD_PASSWORD]));
  await setPasswords({ ...odd, rotating: 'old', late: 'late', unlucky: 'unlucky' }, kafka.direct);
  topic = await createTopic({ bootstrapServers: kafka.direct });
  configure(kafka.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    GATEWAY_MAX_CLIENTS: String(MAX_CLIENTS),
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  });
});
after(() => kafka?.stop());

/** The log of a test, at the level of production. */
function logOf(t: TestContext): Record<string, unknown>[] {
  setLogLevel('info');
  t.after(() => setLogLevel('debug'));
  return captureLog(t);
}

const authentications = () => kafka.proxy.requests().filter((name) => name === 'SaslHandshake').length;

test('a user whom Kafka knows may do what the API can', async () => {
  const { offset } = await produceText(topic, 'hello', { headers: alice });
  const page = await fetchPage(topic, 'text', `offset=${offset}`, { headers: alice });
  const offsets = await call('GET', `/topics/${topic}/partitions/0/offsets`, { headers: alice });
  const described = await call('GET', `/topics/${topic}`, { headers: alice });
  const ready = await call('GET', '/health/ready', { headers: alice });

  assert.equal(page.json[0].value, 'hello');
  assert.deepEqual([offsets.status, described.status, ready.status], [200, 200, 200]);
});

test('without credentials, what needs Kafka is 401 without asking it, whatever else is wrong; the rest works', async (t) => {
  logOf(t);
  kafka.proxy.startCounting();

  const refused = [
    await call('GET', '/topics'),
    await call('GET', '/health/ready'),
    await fetchPage(topic, 'text', 'offset=nonsense'),
    await call('GET', `/topics/${topic}/offsets`),
    await post(`/topics/${topic}`, 'text', 'no JSON'),
    await call('POST', '/admin/topics', { headers: { 'content-type': 'application/json' }, body: '{}' }),
  ];
  const free = [await call('GET', '/'), await call('GET', '/health')];
  const missing = await call('GET', '/nowhere');

  for (const answer of refused) {
    const mediaType = answer.headers['content-type'];
    assertRefused(answer, {
      ...unauthorized(/^Credentials for Kafka are missing: send them in the header Authorization, as Basic$/),
      mediaType,
    });
    assert.equal(challengeOf(answer), 'Basic realm="Kafka", charset="UTF-8"');
  }
  assert.deepEqual([...free.map(({ status }) => status), missing.status], [200, 200, 404]);
  assert.equal(kafka.proxy.connections(), 0);
});

for (const [what, headers] of [
  ['a token', bearer('token')],
  ['another scheme', { authorization: 'Negotiate YTpi' }],
  ['malformed credentials', { authorization: 'Basic !' }],
  ['no user', basic('', 'of-nobody')],
  ['a NUL in the user', basic('alice\0admin', users.alice)],
  ['a NUL in the password', basic('alice', `${users.admin}\0`)],
  ['a line break', basic('alice\r\nx-evil: 1', users.alice)],
  ['a line break in the header', { authorization: `${alice.authorization}\r\nx-evil: 1` }],
  ['two headers', { authorization: `${alice.authorization},${admin.authorization}` }],
] as const) {
  test(`${what} is 401 without asking Kafka`, async (t) => {
    logOf(t);
    kafka.proxy.startCounting();

    const answer = await call('GET', '/topics', { headers });

    assertRefused(answer, unauthorized(/in the header Authorization/));
    assert.equal(answer.headers['x-evil'], undefined);
    assert.equal(kafka.proxy.connections(), 0);
  });
}

suite('a wrong password', () => {
  test('is 401 with a challenge, and asked of Kafka once', async (t) => {
    logOf(t);
    kafka.proxy.startCounting();
    const headers = basic('alice', 'wrong-1');

    const answers = [
      await call('GET', '/topics', { headers }),
      await call('GET', `/topics/${topic}/offsets`, { headers }),
      await post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] }, { headers }),
    ];

    for (const answer of answers) {
      assertRefused(answer, unauthorized(/^Kafka refuses these credentials: check them/));
      assert.equal(challengeOf(answer), 'Basic realm="Kafka", charset="UTF-8"');
    }
    assert.deepEqual(kafka.proxy.requests(), ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'SaslAuthenticate']);
  });

  test('is answered as an unknown user is', async (t) => {
    logOf(t);

    const [known, unknown] = [
      await call('GET', '/topics', { headers: basic('alice', 'wrong-3') }),
      await call('GET', '/topics', { headers: basic('nobody', 'wrong-3') }),
    ];

    assert.equal(known.status, 401);
    assert.deepEqual([unknown.status, unknown.text, challengeOf(unknown)], [known.status, known.text, challengeOf(known)]);
  });

  test('does not disturb who has the right one', async (t) => {
    logOf(t);
    await call('GET', '/brokers', { headers: alice });
    kafka.proxy.startCounting();

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => call('GET', '/brokers', { headers: i % 3 === 0 ? alice : basic('alice', `wrong-4-${i}`) })),
    );

    for (const [i, { status }] of answers.entries()) assert.equal(status, i % 3 === 0 ? 200 : 401);
    assert.equal(authentications(), 20, 'alice has a connection');
  });
});

suite('users', () => {
  for (const name of oddNames) {
    test(`may be called ${JSON.stringify(name)}`, async (t) => {
      const lines = logOf(t);

      const answer = await call('GET', '/brokers', { headers: basic(name, ODD_PASSWORD) });

      assert.equal(answer.status, 200, answer.text);
      assert.equal(lines.find(({ event }) => event === 'request')?.principal, name);
    });
  }

  test('never share a connection', async () => {
    kafka.proxy.hangUp();
    await until(async () => (await call('GET', '/brokers', { headers: alice })).status === 200);
    await call('GET', '/brokers', { headers: admin });
    kafka.proxy.hangUp();
    kafka.proxy.startCounting();

    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post(`/topics/${topic}`, 'text', { records: [{ value: `${i}` }] }, { headers: i % 2 === 0 ? alice : admin }),
      ),
    );

    assert.equal(kafka.proxy.connections(), 2);
    assert.equal(authentications(), 2);
  });

  test('with a new password have a new client, and the old one is good only for as long as its connections', async (t) => {
    logOf(t);
    const before = await call('GET', '/brokers', { headers: basic('rotating', 'old') });

    await setPassword('rotating', 'new', kafka.direct);
    const after = await call('GET', '/brokers', { headers: basic('rotating', 'new') });
    kafka.proxy.hangUp();
    const revoked = await call('GET', '/brokers', { headers: basic('rotating', 'old') });

    assert.deepEqual([before.status, after.status, revoked.status], [200, 200, 401]);
  });
});

test('more callers than clients are served at the same time, each record is written once, and few connections are kept', async () => {
  const ours = await createTopic({ bootstrapServers: kafka.direct });
  const callers = [...oddNames.map((name) => basic(name, ODD_PASSWORD)), alice, admin];
  const sends = callers.flatMap((headers, caller) => Array.from({ length: 6 }, (_, i) => ({ headers, value: `${caller}-${i}` })));
  const lost = kafka.proxy.hangUpOnAnswer('Produce');

  const answers = await Promise.all(
    sends.map(({ headers, value }) => post(`/topics/${ours}`, 'text', { records: [{ value }] }, { headers })),
  );
  await lost;

  assert.deepEqual(
    answers.filter(({ status }) => status !== 200).map(({ text }) => text),
    [],
  );
  const written = (await readTopic(ours, kafka.direct)).map(({ value }) => String(value));
  assert.deepEqual(written.sort(), sends.map(({ value }) => value).sort());
  await until(() => kafka.proxy.open() <= MAX_CLIENTS);
});

test('a caller whose answer is lost keeps its client, though others come meanwhile that take all places', async () => {
  const ours = await createTopic({ bootstrapServers: kafka.direct });
  const holding = kafka.proxy.holdAnswer('Produce');

  const first = post(`/topics/${ours}`, 'text', { records: [{ value: 'once' }] }, { headers: alice });
  await holding;
  const others = oddNames.map((name) => call('GET', '/brokers', { headers: basic(name, ODD_PASSWORD) }));
  const statuses = (await Promise.all(others)).map(({ status }) => status);
  const { status } = await first;

  assert.deepEqual([status, ...new Set(statuses)], [200, 200]);
  assert.equal((await readTopic(ours, kafka.direct)).length, 1);
});

test('the log has the name of who was let in, and never a password', async (t) => {
  const lines = logOf(t);

  await call('GET', '/brokers', { headers: alice });
  await call('GET', '/brokers', { headers: basic('mallory', 'wrong-5') });
  await call('GET', '/brokers', { headers: basic('mallory', 'wrong-5') });
  await call('GET', '/brokers', { headers: basic('mallory', 'wrong-5\n') });

  const requests = lines.filter(({ event }) => event === 'request');
  assert.deepEqual(
    requests.map(({ status, principal }) => [status, principal]),
    [
      [200, 'alice'],
      [401, null],
      [401, null],
      [401, null],
    ],
  );
  const log = JSON.stringify(lines);
  for (const secret of [users.alice, 'wrong-5', 'mallory', alice.authorization.slice(6)]) assert.ok(!log.includes(secret), log);
});

test('Kafka that cannot be reached is 503, and nobody is refused for that', async (t) => {
  logOf(t);
  kafka.proxy.hangUp();
  kafka.proxy.forwardTo(1);
  t.after(() => kafka.proxy.forwardTo(kafka.port));

  const down = await call('GET', '/brokers', { headers: basic('late', 'late'), remainingMs: 1500 });
  kafka.proxy.forwardTo(kafka.port);
  const up = await call('GET', '/brokers', { headers: basic('late', 'late') });

  assertRefused(down, { status: 503, code: 50003, message: /cannot be reached/ });
  assert.equal(up.status, 200);
});

test('a broker that hangs up while it authenticates refuses nobody: the caller is let in by the next try', async () => {
  kafka.proxy.hangUp();
  const hungUp = kafka.proxy.hangUpOnAnswer('SaslAuthenticate');

  const answer = await call('GET', '/brokers', { headers: basic('unlucky', 'unlucky') });
  await hungUp;

  assert.equal(answer.status, 200, `${answer.text}`);
});
