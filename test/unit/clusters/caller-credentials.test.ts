import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { challengeOf, readAuthorization, type Scheme } from '../../../lib/clusters/caller-credentials.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { kafkaCredentialsRefused } from '../../../lib/messages/callers.ts';

const both: Scheme[] = ['Basic', 'Bearer'];
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const basic = (text: string | Buffer) => readAuthorization(`Basic ${base64(text)}`, both);

/** The refusal of a header: its message and challenge. */
function refusalOf(header: string | undefined, offered = both): { message: string; challenge: string | undefined } {
  try {
    readAuthorization(header, offered);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.status, error.code], [401, 40101]);
    return { message: error.message, challenge: error.headers['www-authenticate'] };
  }
  return assert.fail('it is taken');
}

suite('Basic', () => {
  for (const [what, text, username, password] of [
    ['a user and a password', 'alice:secret', 'alice', 'secret'],
    ['colons in a password', 'alice:a:b:', 'alice', 'a:b:'],
    ['an empty password', 'alice:', 'alice', ''],
    ['percent signs, which mean nothing', '100%25:%3A%00', '100%25', '%3A%00'],
    ['what SCRAM writes otherwise', 'n=a,r=b:p=c,d', 'n=a,r=b', 'p=c,d'],
    ['spaces', ' a b : c ', ' a b ', ' c '],
    ['UTF-8', 'größe:пароль🔑', 'größe', 'пароль🔑'],
    ['a byte order mark', '\ufeffa:b', '\ufeffa', 'b'],
  ] as const) {
    test(`has ${what}`, () => {
      assert.deepEqual(basic(text), { scheme: 'Basic', username, password });
    });
  }

  test('is read in any case, with any number of spaces, and without padding', () => {
    const expected = { scheme: 'Basic', username: 'alice', password: 'a' };

    assert.deepEqual(readAuthorization(`bAsIc   ${base64('alice:a')}`, both), expected);
    assert.deepEqual(readAuthorization(`Basic ${base64('alice:a').replace(/=+$/, '')}`, both), expected);
  });

  for (const [what, value] of [
    ['no colon', base64('alice')],
    ['no user', base64(':secret')],
    ['a NUL in the user', base64('alice\0bob:secret')],
    ['a NUL in the password', base64('alice:secret\0')],
    ['a line break in the user', base64('alice\r\nx: y:secret')],
    ['a line break at the end', base64('alice:secret\n')],
    ['a control character', base64('alice:\x7f')],
    ['Latin-1', base64(Buffer.from('größe:secret', 'latin1'))],
    ['half a character', base64(Buffer.from('alice:ü').subarray(0, -1))],
    ['nothing', ''],
    ['no base64', 'alice:secret'],
    ['two headers in one', `${base64('alice:secret')},Basic ${base64('bob:secret')}`],
    ['a line break after it', `${base64('alice:secret')}\n`],
  ] as const) {
    test(`is refused with ${what}`, () => {
      assert.deepEqual(refusalOf(`Basic ${value}`), {
        message: 'The Basic credentials in the header Authorization are malformed: check how they are encoded',
        challenge: 'Basic realm="Kafka", charset="UTF-8"',
      });
    });
  }

  test('gives back every user and password that it takes', () => {
    const printable = fc.string({ unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(printable, printable, (username, password) => {
        fc.pre(username !== '' && !username.includes(':'));

        assert.deepEqual(basic(`${username}:${password}`), { scheme: 'Basic', username, password });
      }),
    );
  });
});

suite('Bearer', () => {
  for (const token of ['a', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'opaque~token/+_-.==']) {
    test(`has the token ${token}`, () => {
      assert.deepEqual(readAuthorization(`Bearer ${token}`, both), { scheme: 'Bearer', token });
      assert.deepEqual(readAuthorization(`bearer  ${token}`, ['Bearer']), { scheme: 'Bearer', token });
    });
  }

  for (const [what, value] of [
    ['nothing', ''],
    ['a separator of the message to Kafka', 'a\x01auth=Bearer b'],
    ['an extension for Kafka', 'a\x01logicalCluster=lkc-1'],
    ['an authorization identity for Kafka', 'n,a=admin,'],
    ['a NUL', 'a\0b'],
    ['a space', 'a b'],
    ['a comma', 'a,Bearer b'],
    ['a line break', 'a\r\nb'],
    ['a line break at the end', 'a\n'],
    ['padding in the middle', 'a=b'],
    ['more than ASCII', 'größe'],
  ] as const) {
    test(`is refused with ${what}`, () => {
      assert.deepEqual(refusalOf(`Bearer ${value}`), {
        message: 'The Bearer credentials in the header Authorization are malformed: check how they are encoded',
        challenge: 'Bearer realm="Kafka", error="invalid_token"',
      });
    });
  }
});

test('without credentials, or with others, what is asked for is said', () => {
  for (const header of [undefined, '', ' ', 'Negotiate abc', 'Basically YTpi', 'AWS4-HMAC-SHA256 Credential=a']) {
    assert.deepEqual(refusalOf(header), {
      message: 'Credentials for Kafka are missing: send them in the header Authorization, as Basic or Bearer',
      challenge: 'Basic realm="Kafka", charset="UTF-8", Bearer realm="Kafka"',
    });
  }
});

test('a scheme that is not offered is refused with the one that is', () => {
  assert.deepEqual(refusalOf('Bearer token', ['Basic']), {
    message: 'Credentials for Kafka are missing: send them in the header Authorization, as Basic',
    challenge: 'Basic realm="Kafka", charset="UTF-8"',
  });
  assert.deepEqual(refusalOf('Basic YTpi', ['Bearer']), {
    message: 'Credentials for Kafka are missing: send them in the header Authorization, as Bearer',
    challenge: 'Bearer realm="Kafka"',
  });
});

test('whatever is in the header, it is credentials or 401', () => {
  const header = fc.tuple(fc.constantFrom('', 'Basic ', 'Bearer ', 'basic'), fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()));
  fc.assert(
    fc.property(header, ([scheme, value]) => {
      try {
        readAuthorization(scheme + value, both);
      } catch (error) {
        assert.ok(error instanceof GatewayError);
        assert.equal(error.name, 'Unauthorized');
      }
    }),
  );
});

test('a refusal keeps its cause for the log', () => {
  const cause = new Error('Authentication failed');

  const { name, message, headers, cause: kept } = kafkaCredentialsRefused.with({ cause, headers: challengeOf('Basic') });

  assert.deepEqual([name, message, kept], ['Unauthorized', 'Kafka refuses these credentials: check them', cause]);
  assert.deepEqual(headers, { 'www-authenticate': 'Basic realm="Kafka", charset="UTF-8"' });
});
