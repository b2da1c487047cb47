import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from '../../../lib/aws/secrets.ts';
import { userIn } from '../../../lib/clusters/secret-members.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { pass, stopTime, timePasses } from '../../harness/virtual-time.ts';

const OLD = { username: 'gateway', password: 'first-p4ssword' };
const NEW = { username: 'gateway', password: 'second-p4ssword' };
const MINUTES = 60_000;

/** A secret whose text is `store.text`; counts how often it is read. */
function secretWith(t: TestContext, text: string | undefined) {
  stopTime(t);
  const store = { text, reads: 0, fails: null as Error | null };
  const fetchSecret = async (secretId: string) => {
    assert.equal(secretId, 'AmazonMSK_gateway');
    store.reads++;
    if (store.fails !== null) throw store.fails;
    return store.text;
  };
  return { secret: new Secret('AmazonMSK_gateway', fetchSecret, userIn), store };
}
const textOf = (credentials: object) => JSON.stringify(credentials);

test('the user is read from the secret; what else is in it is left alone', async (t) => {
  const { secret } = secretWith(t, textOf({ ...OLD, engine: 'kafka' }));

  assert.deepEqual(await secret.current(), OLD);
});

test('a byte order mark before the secret says nothing', async (t) => {
  const { secret } = secretWith(t, `\ufeff${textOf(OLD)}`);

  assert.deepEqual(await secret.current(), OLD);
});

test('those who ask at the same time share one request', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));

  const all = await Promise.all([secret.current(), secret.current(), secret.current()]);

  assert.deepEqual(all, [OLD, OLD, OLD]);
  assert.equal(store.reads, 1);
});

test('the secret is read again when it is a quarter of an hour old', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  store.text = textOf(NEW);

  t.mock.timers.tick(15 * MINUTES - 1);
  const kept = await secret.current();
  t.mock.timers.tick(1);
  const read = await secret.current();

  assert.deepEqual([kept, read, store.reads], [OLD, NEW, 2]);
});

test('after a refusal the secret is read again: other credentials are worth another try', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  t.mock.timers.tick(10_000);
  store.text = textOf(NEW);

  assert.equal(await secret.renew(OLD), true);

  assert.deepEqual(await secret.current(), NEW);
  assert.equal(store.reads, 2);
});

test('a rotation that has reached Kafka but not the secret is waited for', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  const renewing = secret.renew(OLD);

  await pass(t, 1500);
  store.text = textOf(NEW);

  assert.equal(await timePasses(t, renewing), true);
  assert.deepEqual(await secret.current(), NEW);
});

test('a secret that is wrong is waited for two seconds, which is worth one more try, and then is not', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  const began = Date.now();

  const waited = await timePasses(t, secret.renew(OLD));
  const tookMs = Date.now() - began;
  const again = await secret.renew(OLD);

  assert.deepEqual([waited, again], [true, false]);
  assert.ok(tookMs >= 2000 && tookMs < 2200, `${tookMs} ms`);
  assert.equal(store.reads, 6);
});

test('who is refused with credentials that others have renewed meanwhile needs no request', async (t) => {
  const { secret, store } = secretWith(t, textOf(NEW));
  await secret.current();
  t.mock.timers.tick(10_000);

  assert.equal(await secret.renew(OLD), true);
  assert.equal(await secret.renew({ ...NEW, username: 'someone' }), true);

  assert.equal(store.reads, 1);
});

test('credentials that stay refused are not asked for again and again', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  await timePasses(t, secret.renew(OLD));
  const before = store.reads;

  for (let i = 0; i < 10; i++) {
    assert.equal(await secret.renew(OLD), false);
    t.mock.timers.tick(499);
  }
  assert.equal(store.reads, before);
  t.mock.timers.tick(10);
  await secret.renew(OLD);

  assert.equal(store.reads, before + 1);
});

test('several that are refused at the same time share one request', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  t.mock.timers.tick(10_000);
  store.text = textOf(NEW);

  const all = await Promise.all([secret.renew(OLD), secret.renew(OLD), secret.current()]);

  assert.deepEqual(all.slice(0, 2), [true, true]);
  assert.equal(store.reads, 2);
});

const isUnavailable = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.name === 'CredentialsUnavailable' && error.status === 503 && error.retriable;

test('a secret that cannot be read may be tried again; the reason is the cause, and the next request asks again', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  store.fails = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

  await assert.rejects(secret.current(), (error) => {
    assert.ok(isUnavailable(error) && error.cause instanceof Error);
    assert.match(error.cause.message, /AmazonMSK_gateway/);
    assert.equal(error.cause.cause, store.fails);
    assert.doesNotMatch(error.message, /AmazonMSK/);
    return true;
  });
  store.fails = null;

  assert.deepEqual(await secret.current(), OLD);
});

test('a renewal that fails says so', async (t) => {
  const { secret, store } = secretWith(t, textOf(OLD));
  await secret.current();
  t.mock.timers.tick(10_000);
  store.fails = new Error('throttled');

  await assert.rejects(secret.renew(OLD), isUnavailable);
});

const malformed = {
  'no text': undefined,
  'empty text': '',
  'no JSON': 'gateway:hunter2-p4ssword',
  'JSON cut off': '{"username":"gateway","password":"hunter2-p4ssword',
  'no object': '"hunter2-p4ssword"',
  null: 'null',
  'a list': '["gateway","hunter2-p4ssword"]',
  'no user name': '{"password":"hunter2-p4ssword"}',
  'no password': '{"username":"hunter2-p4ssword"}',
  'a password that is no text': '{"username":"gateway","password":["hunter2-p4ssword"]}',
  'a user name that is no text': '{"username":7,"password":"hunter2-p4ssword"}',
};
for (const [what, text] of Object.entries(malformed)) {
  test(`a malformed secret is told of, and never quoted: ${what}`, async (t) => {
    const { secret } = secretWith(t, text);

    await assert.rejects(secret.current(), (error) => {
      assert.ok(isUnavailable(error) && error.cause instanceof Error);
      assert.match(error.cause.message, /^The secret AmazonMSK_gateway.*(is not a JSON object|does not fit the configuration)$/);
      assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes('hunter2'), 'neither in the error nor in its causes');
      return true;
    });
  });
}
