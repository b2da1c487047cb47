import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VerifiedPasswords } from '../../../lib/authorizer/verified-passwords.ts';

test('a password that was right is known for five minutes', () => {
  let now = 0;
  const verified = new VerifiedPasswords(() => now);
  verified.add('alice', 'secret', 'hash');

  const isKnownAt = (at: number) => {
    now = at;
    return verified.has('alice', 'secret', ['hash']);
  };

  assert.deepEqual([isKnownAt(0), isKnownAt(299_999), isKnownAt(300_000)], [true, true, false]);
});

test('it is the password of that user, and no other', () => {
  const verified = new VerifiedPasswords();
  verified.add('alice', 'secret', 'hash');

  assert.equal(verified.has('alice', 'Secret', ['hash']), false);
  assert.equal(verified.has('bob', 'secret', ['hash']), false);
});

test('it is forgotten once the user has that hash no more', () => {
  const verified = new VerifiedPasswords();
  verified.add('alice', 'secret', 'hash');

  assert.equal(verified.has('alice', 'secret', ['newer', 'hash']), true);
  assert.equal(verified.has('alice', 'secret', ['newer']), false);
  assert.equal(verified.has('alice', 'secret', []), false);
});

test('the oldest is forgotten when there are too many', () => {
  const verified = new VerifiedPasswords();
  for (let i = 0; i <= 1000; i++) verified.add(`user-${i}`, 'secret', 'hash');

  assert.equal(verified.has('user-0', 'secret', ['hash']), false);
  assert.equal(verified.has('user-1', 'secret', ['hash']), true);
});
