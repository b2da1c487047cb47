import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CallerClusters, type KafkaCaller } from '../../../lib/clusters/caller-clusters.optional.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import type { Passthrough } from '../../../lib/config/passthrough.ts';
import { GatewayError } from '../../../lib/errors.ts';
import type { Cluster, ClusterSettings } from '../../../lib/kafka/cluster/cluster.ts';
import { metadataAnswer } from '../../harness/fake-broker/broker-side.ts';
import { startBroker, withPlain, withSasl } from '../../harness/fake-broker/fake-broker.ts';
import { until } from '../../harness/until.ts';

const plain: Passthrough = { basic: 'PLAIN', bearer: null };
const tokens: Passthrough = { basic: null, bearer: { extensions: {} } };
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const jwt = (claims: object) => `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** A request with this header, and its end. */
function callerWith(authorization: string | undefined) {
  const ends: (() => void)[] = [];
  const caller: KafkaCaller = { headers: { authorization }, principal: null, onEnd: (callback) => void ends.push(callback) };
  const end = () => {
    for (const callback of ends) callback();
  };
  return { caller, end };
}

/** Callers in front of a broker that knows alice by her password, and anybody by a token. */
async function callersOf(t: TestContext, mechanisms = plain) {
  const shown: string[] = [];
  const accepts = (user: string, password: string): boolean => {
    shown.push(`${user}/${password}`);
    return user === 'alice' && password === 'right';
  };
  const answer = () => metadataAnswer({});
  const anyone = withSasl(null, () => ({ error: 0, message: null }), answer);
  const broker = await startBroker(t, mechanisms.bearer === null ? withPlain(accepts, answer) : anyone);
  const cluster: ClusterSettings = {
    bootstrapServers: [broker.address],
    clientId: 'test',
    ssl: null,
    credentials: null,
    maxIdleMs: 180_000,
    metadataMaxAgeMs: 300_000,
  };
  const callers = new CallerClusters(mechanisms, cluster, 5);
  t.after(closeClusters);
  const clusterOf = (authorization: string | undefined): Promise<Cluster> =>
    callers.clusterOf(callerWith(authorization).caller, Date.now() + 10_000);
  /** Lets a request of a caller begin and end; answers with its principal. */
  const ask = async (authorization: string): Promise<string | null> => {
    const { caller, end } = callerWith(authorization);
    try {
      await callers.clusterOf(caller, Date.now() + 10_000);
    } finally {
      end();
    }
    return caller.principal;
  };
  return { broker, callers, clusterOf, ask, shown };
}

const refused = { name: 'Unauthorized', status: 401, code: 40101, message: 'Kafka refuses these credentials: check them' };

test('Kafka gets the credentials of the caller, and no request is without its own', async (t) => {
  const { clusterOf, shown } = await callersOf(t);

  await clusterOf(basic('alice', 'right'));

  assert.deepEqual(shown, ['alice/right']);
  for (const authorization of [undefined, '', 'Bearer token']) {
    await assert.rejects(clusterOf(authorization), { name: 'Unauthorized' });
  }
});

test('Kafka gets a user and a password in UTF-8, to the letter', async (t) => {
  const { ask, shown } = await callersOf(t);

  await assert.rejects(ask(basic('größe,=%2C ', ' пароль:🔑')), refused);

  assert.deepEqual(shown, ['größe,=%2C / пароль:🔑']);
});

test('a caller has a name once Kafka has accepted it', async (t) => {
  const { callers } = await callersOf(t);
  const alice = callerWith(basic('alice', 'right')).caller;
  const mallory = callerWith(basic('alice', 'wrong')).caller;

  await callers.clusterOf(alice, Date.now() + 10_000);
  await assert.rejects(callers.clusterOf(mallory, Date.now() + 10_000), refused);

  assert.deepEqual([alice.principal, mallory.principal], ['alice', null]);
});

test('a user and the subject of a token are known by different modes', async (t) => {
  const user = callerWith(basic('alice', 'right')).caller;
  const subject = callerWith(jwt({ sub: 'alice' })).caller;

  await (await callersOf(t)).callers.clusterOf(user, Date.now() + 10_000);
  await (await callersOf(t, tokens)).callers.clusterOf(subject, Date.now() + 10_000);

  assert.deepEqual([user.principal, user.mode, subject.principal, subject.mode], ['alice', 'basic', 'alice', 'jwt']);
});

test('no caller is let in before Kafka answers, and none waits beyond its deadline', async (t) => {
  const { callers, broker } = await callersOf(t);
  await broker.stop();
  const { caller } = callerWith(basic('alice', 'right'));

  await assert.rejects(callers.clusterOf(caller, Date.now() + 500), { name: 'KafkaUnavailable' });

  assert.equal(caller.principal, null);
});

test('a wrong password is asked of Kafka once in ten seconds, and the right one of the same user meanwhile works', async (t) => {
  const { ask, shown } = await callersOf(t);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const wrong = basic('alice', 'wrong');
  await assert.rejects(ask(wrong), refused);

  for (let i = 0; i < 10; i++) await assert.rejects(ask(wrong), refused);
  const principal = await ask(basic('alice', 'right'));
  const before = [...shown];
  t.mock.timers.tick(10_000);
  await assert.rejects(ask(wrong), refused);

  assert.equal(principal, 'alice');
  assert.deepEqual(before, ['alice/wrong', 'alice/right']);
  assert.deepEqual(shown, ['alice/wrong', 'alice/right', 'alice/wrong']);
});

test('requests that come with the same wrong password at the same time share one refusal', async (t) => {
  const { ask, shown, broker } = await callersOf(t);

  const all = await Promise.allSettled(Array.from({ length: 20 }, () => ask(basic('alice', 'wrong'))));

  assert.ok(all.every((one) => one.status === 'rejected' && one.reason.name === 'Unauthorized'));
  assert.deepEqual([shown.length, broker.connections], [1, 1]);
});

test('a refusal has a challenge, and its cause for the log holds nothing of the credentials', async (t) => {
  const { ask } = await callersOf(t);

  const error = await ask(basic('alice', 'wrong')).catch((error: unknown) => error);

  assert.ok(error instanceof GatewayError && error.cause instanceof Error);
  assert.match(error.headers['www-authenticate'], /^Basic realm=/);
  assert.match(error.cause.message, /Authentication failed/);
  assert.doesNotMatch(`${error.cause.stack}`, /wrong/);
});

test('500 wrong passwords leave no client and no connection behind', async (t) => {
  const { ask, broker } = await callersOf(t);
  await ask(basic('alice', 'right'));
  const sockets = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
  const before = sockets();

  for (let i = 0; i < 500; i++) await assert.rejects(ask(basic('alice', `wrong ${i}`)), refused);

  assert.equal(broker.connections, 501);
  await until(() => sockets() === before);
});

for (const [what, mechanisms, one, two] of [
  ['users', plain, basic('alice', 'a'), basic('bob', 'a')],
  ['passwords', plain, basic('alice', 'a'), basic('alice', 'b')],
  ['places of the colon', plain, basic('alice', 'b:c'), basic('aliceb', 'c')],
  ['tokens', tokens, jwt({ sub: 'alice' }), jwt({ sub: 'alice', jti: '2' })],
] as const) {
  test(`different ${what} have different connections, the same share theirs`, async (t) => {
    const { clusterOf } = await callersOf(t, { ...mechanisms, bearer: { extensions: {} } });

    assert.equal(await clusterOf(one), await clusterOf(one));
    assert.notEqual(await clusterOf(one), await clusterOf(two));
  });
}

test('both schemes may be offered, and what is the same text in both is not the same', async (t) => {
  const { clusterOf } = await callersOf(t, { basic: 'PLAIN', bearer: { extensions: {} } });

  const byPassword = await clusterOf('Basic YTpi');
  const byToken = await clusterOf('Bearer YTpi');

  assert.notEqual(byPassword, byToken);
});

test('a token that has expired is refused, though a connection that it opened may live on', async (t) => {
  const { clusterOf } = await callersOf(t, tokens);
  const token = jwt({ sub: 'alice', exp: Date.now() / 1000 + 60 });
  assert.ok(await clusterOf(token));
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });

  t.mock.timers.tick(60_000);

  await assert.rejects(clusterOf(token), (error) => {
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.status, error.message], [401, 'The token has expired: get another one']);
    assert.equal(error.headers['www-authenticate'], 'Bearer realm="Kafka", error="invalid_token"');
    return true;
  });
});

test('a token without an end, or that is no JWT, is left to Kafka', async (t) => {
  const { clusterOf } = await callersOf(t, tokens);

  for (const token of ['Bearer opaque', jwt({}), jwt({ exp: 'soon' })]) assert.ok(await clusterOf(token));
});
