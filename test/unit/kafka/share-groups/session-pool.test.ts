import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { BrokerConnection } from '../../../../lib/kafka/connection/connection.ts';
import { abandon } from '../../../../lib/kafka/share-groups/release-after.ts';
import { type OpenSession, sessionPoolOf } from '../../../../lib/kafka/share-groups/session-pool.ts';
import { INVALID_SHARE_SESSION_EPOCH, SHARE_SESSION_NOT_FOUND } from '../../../../lib/kafka/share-groups/support.ts';
import { readShareAcknowledge, shareAcknowledgeAnswer } from '../../../harness/fake-broker/share-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { sessionWith, shareCluster, topicId } from './share-cluster.ts';

const LOCK_MS = 30_000;

/** A pool, and a broker that answers acknowledgements with an error, or not at all. */
async function pool(t: TestContext) {
  const broker = { error: 0, isSilent: false };
  const epochs: number[] = [];
  const cluster = await shareCluster(t, ({ body }) => {
    const { epoch, ranges } = readShareAcknowledge(body);
    assert.deepEqual(ranges, []);
    epochs.push(epoch);
    if (broker.isSilent) return new Promise(() => {});
    return shareAcknowledgeAnswer({ error: epoch === -1 ? 0 : broker.error });
  });
  const sessions = sessionPoolOf(cluster);
  let members = 0;
  const open = async (until = Date.now() + LOCK_MS): Promise<OpenSession> => {
    const session = await sessionWith(cluster, { member: `m${members++}`, epoch: 3, until });
    sessions.keep(session);
    return session;
  };
  const sweep = (): Promise<void> => timePasses(t, sessions.sweep());
  return { cluster, broker, epochs, sessions, open, sweep };
}

test('each session has a connection to itself, which the next one has when the session is closed', async (t) => {
  const { epochs, sessions, open } = await pool(t);
  const [one, other] = [await open(), await open()];

  await timePasses(t, sessions.close(one));
  const next = await open();

  assert.notEqual(one.connection, other.connection);
  assert.equal(next.connection, one.connection);
  assert.deepEqual([epochs, sessions.size], [[-1], 2]);
});

test('a session is found by its member and broker until somebody has closed it', async (t) => {
  const { sessions, open } = await pool(t);
  const session = await open();

  const found = [sessions.find(session.member, 1), sessions.find(session.member, 2), sessions.find('other', 1)];
  sessions.closed(session);

  assert.deepEqual(found, [session, undefined, undefined]);
  assert.equal(sessions.find(session.member, 1), undefined);
});

test('a session that several close at once is closed once, and its connection is for one of the next', async (t) => {
  const { epochs, sessions, open } = await pool(t);
  const session = await open();

  await timePasses(t, Promise.all([sessions.close(session), sessions.close(session)]));
  sessions.closed(session);
  const [one, other] = [await open(), await open()];

  assert.deepEqual(epochs, [-1]);
  assert.equal(one.connection, session.connection);
  assert.notEqual(other.connection, session.connection);
});

test('a session that was closed already does not take the connection from the next one', async (t) => {
  const { cluster, sessions, open } = await pool(t);
  const session = await open();
  await timePasses(t, sessions.close(session));
  const next = await open();

  await timePasses(t, sessions.close(session));
  abandon(cluster, [{ topic: 'dead', topicId, partition: 0, session, records: [] }]);
  const another = await open();

  assert.equal(next.connection, session.connection);
  assert.equal(next.connection.closed, false);
  assert.notEqual(another.connection, next.connection);
});

test('sessions whose locks hold are left alone; ended ones are touched first, and closed', async (t) => {
  const { epochs, sessions, open, sweep } = await pool(t);
  await open();
  await open(Date.now() + 5000);

  await sweep();
  const before = [...epochs];
  t.mock.timers.tick(5501);
  await sweep();

  assert.deepEqual(before, []);
  assert.deepEqual([epochs, sessions.size], [[3, -1], 1]);
});

test('a session that somebody elsewhere uses is left, looked at again, and closed in the end', async (t) => {
  const { broker, epochs, sessions, open, sweep } = await pool(t);
  await open();
  broker.error = INVALID_SHARE_SESSION_EPOCH;
  t.mock.timers.tick(LOCK_MS + 501);

  await sweep();
  await sweep();
  assert.deepEqual([epochs, sessions.size], [[3], 1]);
  t.mock.timers.tick(10_501);
  await sweep();
  assert.deepEqual([epochs, sessions.size], [[3, 3], 1]);

  t.mock.timers.tick(600_000);
  await sweep();
  assert.deepEqual([epochs, sessions.size], [[3, 3, 3, -1], 0]);
});

test('a session that the broker has ended is forgotten, and its connection used again', async (t) => {
  const { broker, epochs, sessions, open, sweep } = await pool(t);
  const { connection } = await open();
  broker.error = SHARE_SESSION_NOT_FOUND;
  t.mock.timers.tick(LOCK_MS + 501);

  await sweep();

  assert.deepEqual([epochs, sessions.size, await sessions.take(1)], [[3], 0, connection]);
});

test('a broker that does not answer loses the connection, and the session with it', async (t) => {
  const { broker, sessions, open, sweep } = await pool(t);
  const { connection } = await open();
  broker.isSilent = true;
  t.mock.timers.tick(LOCK_MS + 501);

  await sweep();

  assert.deepEqual([connection.closed, sessions.size], [true, 0]);
});

test('a session whose connection is closed is forgotten without a word', async (t) => {
  const { epochs, sessions, open, sweep } = await pool(t);
  const { connection } = await open();
  connection.close();

  await sweep();

  assert.deepEqual([epochs, sessions.size], [[], 0]);
  assert.notEqual(await sessions.take(1), connection);
});

test('a connection that was idle for long is not used again', async (t) => {
  const { sessions, open } = await pool(t);
  const session = await open();
  sessions.closed(session);
  Object.defineProperty(session.connection, 'idleMs', { value: 200_000 } satisfies { value: BrokerConnection['idleMs'] });

  assert.notEqual(await sessions.take(1), session.connection);
  assert.equal(session.connection.closed, true);
});

test('no more than a thousand are open, and sixteen connections are kept', async (t) => {
  const { sessions, open } = await pool(t);
  const opened: OpenSession[] = [];
  for (let i = 0; i < 1000; i++) opened.push(await open());

  await assert.rejects(sessions.take(1), { code: 429 });
  for (const session of opened) sessions.closed(session);

  assert.equal(opened.filter(({ connection }) => connection.open).length, 16);
});
