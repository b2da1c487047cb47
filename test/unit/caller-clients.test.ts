import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Caller, CallerClients } from '../../lib/caller-clients.ts';
import { GatewayError } from '../../lib/errors.ts';
import { closeClients, type KafkaClient } from '../../lib/kafka/clients.ts';
import type { ClusterSettings } from '../../lib/kafka/cluster.ts';
import type { Passthrough } from '../../lib/passthrough-config.ts';
import { until } from '../kafka/until.ts';
import { metadataAnswer } from './kafka/fake/broker-side.ts';
import { startBroker, withPlain } from './kafka/fake/fake-broker.ts';
import { stopTime } from './kafka/fake/virtual-time.ts';

const plain: Passthrough = { basic: 'PLAIN', bearer: null };
const tokens: Passthrough = { basic: null, bearer: { extensions: {} } };
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const jwt = (claims: object) => `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** A request with this header, and its end. */
function callerWith(authorization: string | undefined) {
  const ends: (() => void)[] = [];
  const caller: Caller = { headers: { authorization }, principal: null, onEnd: (callback) => void ends.push(callback) };
  const end = () => {
    for (const callback of ends) callback();
  };
  return { caller, end };
}

/** Callers' clients in front of a broker that knows alice. */
async function callersOf(t: TestContext, mechanisms = plain) {
  const shown: string[] = [];
  const broker = await startBroker(
    t,
    withPlain(
      (user, password) => {
        shown.push(`${user}/${password}`);
        return user === 'alice' && password === 'right';
      },
      () => metadataAnswer({}),
    ),
  );
  const cluster: ClusterSettings = {
    bootstrapServers: [broker.address],
    clientId: 'test',
    ssl: null,
    credentials: null,
    maxIdleMs: 180_000,
    metadataMaxAgeMs: 300_000,
  };
  const callers = new CallerClients(mechanisms, cluster, 5);
  t.after(closeClients);
  /** Asks Kafka as a caller; answers with the principal that the request has at its end. */
  const ask = async (authorization: string): Promise<string | null> => {
    const { caller, end } = callerWith(authorization);
    try {
      await callers.clientOf(caller).cluster.metadata([]);
    } finally {
      end();
    }
    return caller.principal;
  };
  return { broker, callers, ask, shown };
}

const refused = { name: 'Unauthorized', status: 401, code: 40101, message: 'Kafka refuses these credentials.' };

test('Kafka gets the credentials of the caller, and no request is without its own', async (t) => {
  const { callers, shown } = await callersOf(t);
  const { caller } = callerWith(basic('alice', 'right'));

  await callers.clientOf(caller).cluster.metadata([]);

  assert.deepEqual(shown, ['alice/right']);
  for (const authorization of [undefined, '', 'Bearer token']) {
    assert.throws(() => callers.clientOf(callerWith(authorization).caller), { name: 'Unauthorized' });
  }
});

test('Kafka gets a user and a password in UTF-8, to the letter', async (t) => {
  const { ask, shown } = await callersOf(t);

  await assert.rejects(ask(basic('größe,=%2C ', ' пароль:🔑')), refused);

  assert.deepEqual(shown, ['größe,=%2C / пароль:🔑']);
});

test('a caller has a name once Kafka has accepted it', async (t) => {
  const { callers } = await callersOf(t);
  const first = callerWith(basic('alice', 'right'));
  const second = callerWith(basic('alice', 'right'));

  const client = callers.clientOf(first.caller);
  const before = first.caller.principal;
  await client.cluster.metadata([]);
  first.end();
  callers.clientOf(second.caller);

  assert.deepEqual([before, first.caller.principal, second.caller.principal], [null, 'alice', 'alice']);
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
  test(`different ${what} have different clients, the same have one`, async (t) => {
    const { callers } = await callersOf(t, mechanisms);
    const clientOf = (authorization: string): KafkaClient => callers.clientOf(callerWith(authorization).caller);

    assert.equal(clientOf(one), clientOf(one));
    assert.notEqual(clientOf(one), clientOf(two));
  });
}

test('both schemes may be offered, and what is the same text in both is not the same', async (t) => {
  const { callers } = await callersOf(t, { basic: 'PLAIN', bearer: { extensions: {} } });

  const byPassword = callers.clientOf(callerWith('Basic YTpi').caller);
  const byToken = callers.clientOf(callerWith('Bearer YTpi').caller);

  assert.notEqual(byPassword, byToken);
});

test('a token that has expired is refused, though a connection that it opened may live on', async (t) => {
  stopTime(t);
  const { callers } = await callersOf(t, tokens);
  const token = jwt({ sub: 'alice', exp: Date.now() / 1000 + 60 });
  assert.ok(callers.clientOf(callerWith(token).caller));

  t.mock.timers.tick(60_000);

  assert.throws(
    () => callers.clientOf(callerWith(token).caller),
    (error) => {
      assert.ok(error instanceof GatewayError);
      assert.deepEqual([error.status, error.message], [401, 'The token has expired.']);
      assert.equal(error.headers['www-authenticate'], 'Bearer realm="Kafka", error="invalid_token"');
      return true;
    },
  );
});

test('a token without an end, or that is no JWT, is left to Kafka', async (t) => {
  const { callers } = await callersOf(t, tokens);

  for (const token of ['Bearer opaque', jwt({}), jwt({ exp: 'soon' })]) assert.ok(callers.clientOf(callerWith(token).caller));
});
