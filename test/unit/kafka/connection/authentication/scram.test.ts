import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { scram } from '../../../../../lib/kafka/connection/authentication/scram.ts';
import { isCredentialRefusal, isUserRefusal } from '../../../../../lib/kafka/failures.ts';
import { startBroker, withSasl } from '../../../../harness/fake-broker/fake-broker.ts';
import { ask, connectionTo, echo } from '../connecting.ts';

const SALT = Buffer.from('0123456789abcdef');

type Hash = 'sha256' | 'sha512';
type ServerFirst = (nonce: string) => string;

const usual: ServerFirst = (nonce) => `r=${nonce}server,s=${SALT.toString('base64')},i=4096`;

/** The server's side of RFC 5802, with one user; notes the client's messages. */
function server(hash: Hash, password: string, first: ServerFirst = usual, final: (message: string) => string = (message) => message) {
  const heard: string[] = [];
  let bare = '';
  let challenge = '';
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const take = (bytes: Buffer) => {
    const message = bytes.toString();
    heard.push(message);
    if (message.startsWith('n,,')) {
      bare = message.slice(3);
      challenge = first(/,r=(.*)$/.exec(bare)?.[1] ?? '');
      return { error: 0, message: null, bytes: Buffer.from(challenge) };
    }
    const salted = pbkdf2Sync(password, SALT, 4096, hash === 'sha256' ? 32 : 64, hash);
    const text = `${bare},${challenge},${message.replace(/,p=.*/, '')}`;
    const key = hmac(salted, 'Client Key');
    const signature = hmac(createHash(hash).update(key).digest(), text);
    const proof = Buffer.from(key.map((byte, i) => byte ^ signature[i])).toString('base64');
    if (!message.endsWith(`,p=${proof}`)) return { error: 58, message: 'Authentication failed' };
    const verifier = hmac(hmac(salted, 'Server Key'), text).toString('base64');
    return { error: 0, message: null, bytes: Buffer.from(final(`v=${verifier}`)) };
  };
  return { take, heard };
}

async function connected(t: TestContext, { take }: ReturnType<typeof server>, hash: Hash, username: string, password: string) {
  const name = `SCRAM-${hash.replace('sha', 'SHA-')}`;
  const { address } = await startBroker(t, withSasl(name, take, echo));
  return connectionTo(t, address, scram(hash === 'sha256' ? 'sha-256' : 'sha-512')({ username, password }));
}

for (const [hash, username, password] of [
  ['sha256', 'gateway', 'p4ssword'],
  ['sha512', 'gateway', 'p4ssword'],
  ['sha512', 'name, with = and ü', 'pässwörd 🔑\u00a0Ⅸ'],
  ['sha256', 'x'.repeat(10_000), 'y'.repeat(10_000)],
  ['sha512', 'gateway', ''],
] as const) {
  test(`${hash} proves the password of ${username.slice(0, 20)}, ${password.length} characters, without sending it`, async (t) => {
    const side = server(hash, password);
    const connection = await connected(t, side, hash, username, password);

    await connection.connect();

    assert.equal(await ask(connection, 'orders'), 'orders');
    assert.match(side.heard[0], /^n,,n=[^,]*,r=[^,]{16,}$/);
    assert.equal(side.heard.length, 2);
  });
}

test('a user name is written as RFC 5802 wants it', async (t) => {
  const side = server('sha256', 'p');
  const connection = await connected(t, side, 'sha256', 'a=b,c', 'p');

  await connection.connect();

  assert.match(side.heard[0], /^n,,n=a=3Db=2Cc,r=/);
});

test('a password that is wrong is a refusal of the user', async (t) => {
  const connection = await connected(t, server('sha256', 'right'), 'sha256', 'gateway', 'wrong');

  await assert.rejects(connection.connect(), (error) => isUserRefusal(error));
});

test('a refusal within the mechanism is one of the user', async (t) => {
  const connection = await connected(
    t,
    server('sha256', 'p', usual, () => 'e=other-error'),
    'sha256',
    'gateway',
    'p',
  );

  await assert.rejects(
    connection.connect(),
    (error) => isUserRefusal(error) && error instanceof Error && /other-error/.test(error.message),
  );
});

for (const [what, first] of [
  ['no nonce of its own', (nonce: string) => `r=${nonce},s=c2FsdA==,i=4096`],
  ['the nonce of another', () => 'r=somethingelse,s=c2FsdA==,i=4096'],
  ['too few iterations', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=4095`],
  ['iterations for hours', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=2000000000`],
  ['iterations beyond numbers', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=${'9'.repeat(400)}`],
  ['iterations that are none', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=4096e3`],
  ['no salt', (nonce: string) => `r=${nonce}x,i=4096`],
  ['an extension that it demands', (nonce: string) => `m=x,r=${nonce}x,s=c2FsdA==,i=4096`],
  ['nothing', () => ''],
  ['noise', () => '\0\0\0\0'],
] as const) {
  test(`a broker that sends ${what} is not answered, and not asked again`, async (t) => {
    const side = server('sha256', 'p', first);
    const connection = await connected(t, side, 'sha256', 'gateway', 'p');

    await assert.rejects(connection.connect(), (error) => isCredentialRefusal(error) && !isUserRefusal(error));

    assert.equal(side.heard.length, 1);
  });
}

for (const final of ['v=d3Jvbmc=', 'v=', '', 'x']) {
  test(`a broker that does not prove that it knows the password (${final}) is not trusted`, async (t) => {
    const connection = await connected(
      t,
      server('sha256', 'p', usual, () => final),
      'sha256',
      'gateway',
      'p',
    );

    await assert.rejects(connection.connect(), (error) => isCredentialRefusal(error) && !isUserRefusal(error));
  });
}
