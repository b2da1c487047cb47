import assert from 'node:assert/strict';
import crypto, { createHash, scryptSync } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { suite, test } from 'node:test';
import { hashKey, hashPassword, isKeyHash, isPasswordHash, matchingKey, matchingPassword } from '../../../lib/authorizer/secret-hash.ts';

suite('a password', () => {
  test('is hashed by scrypt with a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword('hunter2'), hashPassword('hunter2')]);

    const [, salt = '', hash] = /^scrypt\$15\$8\$1\$([\w-]{22})\$([\w-]{43})$/.exec(one) ?? [];
    const expected = scryptSync('hunter2', Buffer.from(salt, 'base64url'), 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
    assert.equal(hash, expected.toString('base64url'));
    assert.notEqual(one, other);
    assert.ok(isPasswordHash(one));
  });

  test('is found among two hashes, wherever it is', async () => {
    const [old, current] = await Promise.all([hashPassword('old'), hashPassword('current')]);

    assert.equal(await matchingPassword('current', [current, old]), current);
    assert.equal(await matchingPassword('old', [current, old]), old);
    assert.equal(await matchingPassword('wrong', [current, old]), null);
  });

  test('is the same whichever way its letters are composed', async () => {
    const hash = await hashPassword('größe');

    assert.equal(await matchingPassword('gro\u0308ße', [hash]), hash);
  });

  test('that nobody has is derived as often as one of a user with two', async (t) => {
    const hash = await hashPassword('x');
    const derived = t.mock.method(crypto, 'scrypt');
    syncBuiltinESMExports();
    t.after(() => {
      derived.mock.restore();
      syncBuiltinESMExports();
    });

    const countFor = async (hashes: string[]) => {
      const before = derived.mock.callCount();
      await matchingPassword('wrong', hashes);
      return derived.mock.callCount() - before;
    };

    assert.deepEqual([await countFor([]), await countFor([hash]), await countFor([hash, hash])], [2, 2, 2]);
  });
});

test('what is no hash of a password is known as such', () => {
  const salt = 'A'.repeat(22);
  const hash = 'A'.repeat(43);
  const wrong = ['', 'hunter2', `scrypt$99$8$1$${salt}$${hash}`, `scrypt$18$8$1$${salt}$${hash}`, `scrypt$15$8$0$${salt}$${hash}`, 7, null];

  for (const text of wrong) assert.equal(isPasswordHash(text), false, String(text));
  assert.equal(isPasswordHash(`scrypt$14$8$5$${salt}$${hash}`), true);
});

test('a key is known by its SHA-256', () => {
  const hash = hashKey('sensor.secret');

  assert.equal(hash, `sha256$${createHash('sha256').update('sensor.secret').digest('base64url')}`);
  assert.ok(isKeyHash(hash));
  assert.equal(matchingKey('sensor.secret', [hashKey('other'), hash]), hash);
  assert.equal(matchingKey('sensor.secreT', [hash]), null);
  assert.equal(matchingKey('', []), null);
});
