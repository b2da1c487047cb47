import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { add, list, remove, rotate } from '../../../../infra/users/accounts.ts';
import { matchingKey, matchingPassword } from '../../../../lib/authorizer/secret-hash.ts';
import { readUsers, type Users } from '../../../../lib/authorizer/users.ts';

const none: Users = readUsers({});
const hashesOf = (users: Users, kind: keyof Users, name: string) => users[kind].get(name)?.hashes ?? [];

suite('a user', () => {
  test('is added with groups and a password of 192 random bits', async () => {
    const { users, secret } = await add(none, 'users', 'alice', ['a', 'b']);

    assert.match(secret, /^[\w-]{32}$/);
    assert.deepEqual(users.users.get('alice')?.groups, ['a', 'b']);
    assert.ok(await matchingPassword(secret, hashesOf(users, 'users', 'alice')));
    assert.equal(none.users.size, 0);
  });

  test('gets another password, and keeps its groups', async () => {
    const old = await add(none, 'users', 'alice', ['a']);

    const { users, secret } = await rotate(old.users, 'users', 'alice', false);

    const hashes = hashesOf(users, 'users', 'alice');
    assert.deepEqual([hashes.length, users.users.get('alice')?.groups], [1, ['a']]);
    assert.ok(await matchingPassword(secret, hashes));
    assert.equal(await matchingPassword(old.secret, hashes), null);
  });
});

suite('an API key', () => {
  test('has its name and 256 random bits', async () => {
    const { users, secret } = await add(none, 'keys', 'sensor.1', []);

    assert.match(secret, /^sensor\.1\.[\w-]{43}$/);
    assert.ok(matchingKey(secret, hashesOf(users, 'keys', 'sensor.1')));
  });

  test('may serve on beside the next one, until the one after that', async () => {
    const one = await add(none, 'keys', 'sensor', []);
    const two = await rotate(one.users, 'keys', 'sensor', true);
    const three = await rotate(two.users, 'keys', 'sensor', true);

    const serve = (users: Users) => [one, two, three].map(({ secret }) => matchingKey(secret, hashesOf(users, 'keys', 'sensor')) !== null);

    assert.deepEqual(serve(two.users), [true, true, false]);
    assert.deepEqual(serve(three.users), [false, true, true]);
  });
});

test('accounts are listed and removed', async () => {
  const { users: one } = await add(none, 'users', '__proto__', []);
  const { users: both } = await add(one, 'keys', 'sensor', ['a', 'b']);
  const { users: rotated } = await rotate(both, 'keys', 'sensor', true);

  assert.deepEqual(list(rotated), ['user\t__proto__', 'API key\tsensor\ta,b\tthe old one still works']);
  assert.deepEqual(list(remove(both, 'users', '__proto__')), ['API key\tsensor\ta,b']);
});

test('what cannot be is refused', async () => {
  const { users } = await add(none, 'users', 'alice', []);

  await assert.rejects(add(users, 'users', 'alice', []), { message: 'There is a user alice already: rotate or remove it' });
  await assert.rejects(add(users, 'users', 'a:b', []), { message: /^A name is 1 to 128 letters/ });
  await assert.rejects(rotate(users, 'keys', 'alice', false), { message: 'There is no API key alice' });
  assert.throws(() => remove(users, 'users', 'bob'), { message: 'There is no user bob' });
});
