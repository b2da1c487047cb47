import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { apiKey } from '../../../lib/authorizer/api-key.ts';
import { WRONG } from '../../../lib/authorizer/basic.ts';
import { named } from '../../../lib/authorizer/identity.ts';
import { hashKey } from '../../../lib/authorizer/secret-hash.ts';
import type { Account, Users } from '../../../lib/authorizer/users.ts';
import { presented } from '../../harness/events/presented.ts';

const judge = apiKey(async (): Promise<Users> => {
  const account = (key: string): Account => ({ hashes: [hashKey(key), hashKey(`${key}-old`)], groups: ['devices'] });
  return { users: new Map(), keys: new Map(['sensor.1', '__proto__'].map((name) => [name, account(`${name}.secret`)])) };
});

suite('by API key', () => {
  test('a caller is who the key is named after', async () => {
    assert.deepEqual(await judge(presented({ apiKey: 'sensor.1.secret' })), named('sensor.1', ['devices']));
    assert.deepEqual(await judge(presented({ apiKey: ' sensor.1.secret-old ' })), named('sensor.1', ['devices']));
    assert.deepEqual(await judge(presented({ apiKey: '__proto__.secret' })), named('__proto__', ['devices']));
  });

  test('whatever is wrong gets the same answer', async () => {
    const keys = [
      '',
      '.',
      'sensor.1',
      'sensor.1.',
      'sensor.1.Secret',
      'sensor.2.secret',
      'secret',
      'constructor.secret',
      'x'.repeat(10_000),
    ];

    for (const key of keys) assert.deepEqual(await judge(presented({ apiKey: key })), { refused: WRONG }, key.slice(0, 40));
  });

  test('a request without one is none of its business', () => {
    assert.equal(judge(presented({ authorization: 'Basic YTpi' })), null);
  });
});
