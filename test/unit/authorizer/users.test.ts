import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { hashKey } from '../../../lib/authorizer/secret-hash.ts';
import { readUsers, writeUsers } from '../../../lib/authorizer/users.ts';

const hash = `scrypt$15$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

test('users and keys are read as they are written', () => {
  const text = JSON.stringify({
    users: { alice: { hashes: [hash], groups: ['a', 'b'] } },
    keys: { 'sensor-1': { hashes: [hashKey('x'), hashKey('y')], groups: [] } },
  });

  const users = readUsers(JSON.parse(text));

  assert.deepEqual(users.users.get('alice'), { hashes: [hash], groups: ['a', 'b'] });
  assert.equal(JSON.stringify(writeUsers(users)), text);
});

test('nobody is known of nothing', () => {
  const { users, keys } = readUsers({});

  assert.deepEqual([users.size, keys.size], [0, 0]);
});

test('an object of something else is not one without users', () => {
  assert.throws(() => readUsers({ username: 'gateway', password: 'hunter2' }), { message: 'it has neither "users" nor "keys"' });
});

test('a user may be called __proto__, and nobody else is then', () => {
  const { users } = readUsers(JSON.parse(`{"users": {"__proto__": {"hashes": ["${hash}"]}}}`));

  assert.deepEqual([...users.keys()], ['__proto__']);
  assert.equal(users.get('constructor'), undefined);
});

suite('an account that is wrong is named, and nothing of it:', () => {
  const wrong: [what: string, users: unknown, message: RegExp][] = [
    ['no object', [], /^"users" must be an object$/],
    ['a name with a colon', { 'a:b': { hashes: [hash] } }, /^"users" must have names of/],
    ['no hashes', { alice: {} }, /^"users" has no hashes that "alice"/],
    ['a password in the clear', { alice: { hashes: ['hunter2'] } }, /^"users" has no hashes that "alice" could be recognised by$/],
    ['three hashes', { alice: { hashes: [hash, hash, hash] } }, /^"users" has no hashes/],
    ['a hash of a key', { alice: { hashes: [hashKey('x')] } }, /^"users" has no hashes/],
    ['groups that are no array', { alice: { hashes: [hash], groups: 'admins' } }, /the groups of "alice" must be an array of names$/],
  ];
  for (const [what, users, message] of wrong) {
    test(what, () => {
      assert.throws(() => readUsers({ users }), { message });
    });
  }
});
