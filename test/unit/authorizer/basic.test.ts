import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { basic, TOO_MANY, WRONG } from '../../../lib/authorizer/basic.ts';
import { named } from '../../../lib/authorizer/identity.ts';
import { hashPassword } from '../../../lib/authorizer/secret-hash.ts';
import type { Account, Users } from '../../../lib/authorizer/users.ts';
import { basicHeader, presented } from '../../harness/events/presented.ts';

let alice: Account;
before(async () => {
  alice = { hashes: [await hashPassword('sécret:1')], groups: ['analysts'] };
});

/** Lets passwords wait for their turn as long as it takes: how fast a machine checks those before them is not the subject here. */
const waitForTurns = (t: TestContext): void => t.mock.timers.enable({ apis: ['setTimeout'] });
const known = (users: [string, Account][]) => async (): Promise<Users> => ({ users: new Map(users), keys: new Map() });
const logIn = (user: string, password: string, address = '192.0.2.1') => presented({ authorization: basicHeader(user, password), address });

suite('by user name and password', () => {
  test('a user is known, with groups', async () => {
    const verdict = await basic(known([['alice', alice]]))(logIn('alice', 'sécret:1'));

    assert.deepEqual(verdict, named('alice', ['analysts']));
  });

  test('the scheme is taken in any case', async () => {
    const authorization = basicHeader('alice', 'sécret:1').replace('Basic', 'bASIC');

    const verdict = await basic(known([['alice', alice]]))(presented({ authorization }));

    assert.deepEqual(verdict, named('alice', ['analysts']));
  });

  test('a user may be called __proto__, and without one nobody is', async () => {
    const refused = await basic(known([]))(logIn('__proto__', 'sécret:1'));
    const verdict = await basic(known([['__proto__', alice]]))(logIn('__proto__', 'sécret:1'));

    assert.deepEqual(refused, { refused: WRONG });
    assert.deepEqual(verdict, named('__proto__', ['analysts']));
  });

  test('a name longer than any user has is refused before anyone is looked up', async () => {
    const judge = basic(() => assert.fail('users were asked for'));

    assert.deepEqual(await judge(logIn('a'.repeat(129), 'x')), { refused: WRONG });
  });

  test('whatever is wrong gets the same answer', async () => {
    const judge = basic(known([['alice', alice]]));
    const headers = [
      basicHeader('alice', 'wrong'),
      basicHeader('alice', ''),
      basicHeader('nobody', 'sécret:1'),
      basicHeader('constructor', 'x'),
      basicHeader('', 'x'),
      basicHeader('alice', 'x'.repeat(10_000)),
      'Basic bm8gY29sb24=',
      'Basic ????',
      'Basic ',
    ];

    for (const authorization of headers) {
      const verdict = await judge(presented({ authorization, address: authorization.slice(0, 40) }));
      assert.deepEqual(verdict, { refused: WRONG }, authorization.slice(0, 40));
    }
  });

  test('other headers are none of its business', () => {
    const judge = basic(known([]));

    for (const authorization of [undefined, '', 'Basic', 'Bearer abc', 'BasicYTpi', 'AWS4-HMAC-SHA256 Credential=a']) {
      assert.equal(judge({ ...presented({}), authorization }), null, authorization);
    }
  });
});

suite('an address that fails too often', () => {
  test('is refused even with the right password, until a minute has passed', async () => {
    let now = 0;
    const judge = basic(known([['alice', alice]]), () => now);
    for (let i = 0; i < 5; i++) await judge(logIn('alice', 'wrong'));

    const refused = await judge(logIn('alice', 'sécret:1'));
    const elsewhere = await judge(logIn('alice', 'sécret:1', '192.0.2.2'));
    now = 60_000;
    const later = await judge(logIn('alice', 'sécret:1'));

    assert.deepEqual(refused, { refused: TOO_MANY });
    assert.deepEqual([elsewhere, later], [named('alice', ['analysts']), named('alice', ['analysts'])]);
  });

  test('has no more passwords checked where it sends all of them at once', async (t) => {
    waitForTurns(t);
    const judge = basic(known([['alice', alice]]));
    const guesses = Array.from({ length: 12 }, (_, i) => `wrong-${i}`);

    const verdicts = await Promise.all(guesses.map((guess) => judge(logIn('alice', guess))));

    assert.deepEqual(verdicts, [...Array(5).fill({ refused: WRONG }), ...Array(7).fill({ refused: TOO_MANY })]);
  });

  test('is refused at once, while passwords of others are checked', async (t) => {
    waitForTurns(t);
    const judge = basic(known([['alice', alice]]));
    for (let i = 0; i < 5; i++) await judge(logIn('alice', 'wrong'));
    const answered: string[] = [];
    const judged = async (address: string) => {
      await judge(logIn('alice', 'wrong', address));
      answered.push(address);
    };

    await Promise.all(['192.0.2.2', '192.0.2.3', '192.0.2.1'].map(judged));

    assert.deepEqual(answered, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test('has the right password taken as often as it sends it at once', async (t) => {
    waitForTurns(t);
    const judge = basic(known([['alice', alice]]));

    const verdicts = await Promise.all(Array.from({ length: 12 }, () => judge(logIn('alice', 'sécret:1'))));

    assert.deepEqual(verdicts, Array(12).fill(named('alice', ['analysts'])));
  });

  test('does not lock out a user who is known already', async () => {
    const judge = basic(known([['alice', alice]]));
    await judge(logIn('alice', 'sécret:1'));
    for (let i = 0; i < 6; i++) await judge(logIn('alice', 'wrong'));

    const verdict = await judge(logIn('alice', 'sécret:1'));

    assert.deepEqual(verdict, named('alice', ['analysts']));
  });
});

test('a user who is removed, or whose password is another one now, is refused at once', async () => {
  let users: [string, Account][] = [['alice', alice]];
  const judge = basic(() => known(users)());
  await judge(logIn('alice', 'sécret:1'));

  users = [['alice', { ...alice, hashes: [await hashPassword('new')] }]];
  const afterRotation = await judge(logIn('alice', 'sécret:1'));
  users = [];
  const afterRemoval = await judge(logIn('alice', 'sécret:1'));

  assert.deepEqual([afterRotation, afterRemoval], [{ refused: WRONG }, { refused: WRONG }]);
});
