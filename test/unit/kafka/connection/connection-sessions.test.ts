import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectionError, isCredentialRefusal } from '../../../../lib/kafka/failures.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { type Respond, startBroker, withPlain } from '../../../harness/fake-broker/fake-broker.ts';
import { settled, stopTime } from '../../../harness/virtual-time.ts';
import { ask, connectionTo, echo, PLENTY_MS, user } from './connecting.ts';

const HANDSHAKE = 17;
const AUTHENTICATE = 36;
const renewal = [HANDSHAKE, AUTHENTICATE];

/** A connection to a broker that gives sessions of so many milliseconds, and a clock that stands still. */
async function connect(t: TestContext, sessionMs: number, accepts: () => boolean = () => true, others: Respond = echo) {
  stopTime(t);
  const broker = await startBroker(t, withPlain(accepts, others, sessionMs));
  const connection = connectionTo(t, broker.address, user);
  await connection.connect();
  const keysSince = () => broker.requests.splice(0).map(({ key }) => key);
  keysSince();
  return { broker, connection, keysSince };
}

for (const [sessionMs, renewedAfterMs] of [
  [3_600_000, 3_590_000],
  [40_000, 30_000],
  [12_000, 9000],
  [1000, 1100],
] as const) {
  test(`a session of ${sessionMs} ms is renewed by the first request after ${renewedAfterMs} ms, and again as long after that`, async (t) => {
    const { connection, keysSince } = await connect(t, sessionMs);

    for (let sessions = 0; sessions < 2; sessions++) {
      t.mock.timers.setTime(Date.now() + renewedAfterMs - 1);
      await ask(connection, 'orders');
      assert.deepEqual(keysSince(), [keys.metadata]);
      t.mock.timers.setTime(Date.now() + 1);
      await ask(connection, 'orders');
      assert.deepEqual(keysSince(), [...renewal, keys.metadata]);
    }
  });
}

test('a session without an end is never renewed', async (t) => {
  const { connection, keysSince } = await connect(t, 0);

  t.mock.timers.setTime(Date.now() + 365 * 24 * 3_600_000);
  await ask(connection, 'orders');

  assert.deepEqual(keysSince(), [keys.metadata]);
});

test('a session that has ended is renewed, too: brokers allow that as the first thing after its end', async (t) => {
  const { connection, keysSince } = await connect(t, 30_000);

  t.mock.timers.setTime(Date.now() + 90_000);

  assert.equal(await ask(connection, 'orders'), 'orders');
  assert.deepEqual(keysSince(), [...renewal, keys.metadata]);
});

test('a session is renewed once for all requests that come meanwhile, and none of them overtakes that', async (t) => {
  const { connection, keysSince } = await connect(t, 40_000);
  t.mock.timers.setTime(Date.now() + 31_000);

  const answers = await Promise.all(['a', 'b', 'c'].map((topic) => ask(connection, topic)));

  assert.deepEqual(answers, ['a', 'b', 'c']);
  assert.deepEqual(keysSince(), [...renewal, keys.metadata, keys.metadata, keys.metadata]);
});

test('a request that was made just before is not overtaken by the renewal, within which brokers take no other', async (t) => {
  const { connection, keysSince } = await connect(t, 40_000);

  const early = ask(connection, 'early');
  t.mock.timers.setTime(Date.now() + 31_000);
  const late = ask(connection, 'late');

  assert.deepEqual(await Promise.all([early, late]), ['early', 'late']);
  assert.deepEqual(keysSince(), [keys.metadata, ...renewal, keys.metadata]);
});

test('a request under way is answered while the session is renewed', async (t) => {
  const answer = Promise.withResolvers<void>();
  const { broker, connection, keysSince } = await connect(t, 40_000, undefined, async (request) => {
    if (broker.keys.filter((key) => key === keys.metadata).length === 1) await answer.promise;
    return echo(request);
  });
  const early = ask(connection, 'early');
  await settled();
  t.mock.timers.setTime(Date.now() + 31_000);

  const late = await ask(connection, 'late');
  answer.resolve();

  assert.deepEqual([await early, late], ['early', 'late']);
  assert.deepEqual(keysSince(), [keys.metadata, ...renewal, keys.metadata]);
});

test('a session is counted from the beginning of its authentication, of which the broker may have told late', async (t) => {
  stopTime(t);
  const told = Promise.withResolvers<void>();
  const login = withPlain(() => true, echo, 8000);
  const broker = await startBroker(t, async (request) => {
    if (request.key === AUTHENTICATE) await told.promise;
    return login(request);
  });
  const connection = connectionTo(t, broker.address, user);
  const asked = broker.received(AUTHENTICATE);
  const connecting = connection.connect();
  await asked;
  t.mock.timers.tick(1500);
  told.resolve();
  await connecting;
  broker.requests.length = 0;

  t.mock.timers.setTime(Date.now() + 4500);
  await ask(connection, 'orders');

  assert.deepEqual(broker.keys, [...renewal, keys.metadata]);
});

test('a session that is not renewed ends the connection, and is no refusal of the credentials', async (t) => {
  let logins = 0;
  const { connection, keysSince } = await connect(t, 40_000, () => ++logins === 1);
  t.mock.timers.setTime(Date.now() + 31_000);

  const all = await Promise.allSettled([ask(connection, 'a'), ask(connection, 'b'), connection.post(metadata(null))]);

  for (const one of all) {
    assert.ok(one.status === 'rejected');
    assert.equal(isCredentialRefusal(one.reason), false);
    assert.equal(connectionError(one.reason).status, 503);
  }
  assert.equal(connection.closed, true);
  assert.deepEqual(keysSince(), renewal);
  await assert.rejects(connection.send(metadata(null), PLENTY_MS), /closed/);
});
