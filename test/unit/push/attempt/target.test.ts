import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkTarget, guardedLookup, TargetRefused } from '../../../../lib/push/attempt/target.ts';

const open = { isPublicAllowed: true, origins: ['http://127.0.0.1:3000'] };
const check = (url: string) => checkTarget(new URL(url), open);

suite('a target that is refused by its URL alone:', () => {
  for (const url of [
    'http://hooks.example.com/',
    'https://hooks.example.com:8443/',
    'https://user:password@hooks.example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'http://127.0.0.1:3001/',
    'file:///etc/passwd',
  ]) {
    test(url, () => {
      assert.throws(() => check(url), TargetRefused);
    });
  }
});

test('https to the internet, and origins that are allowed, may be targets', () => {
  check('https://hooks.example.com/a?b');
  check('https://93.184.215.14/');
  check('http://127.0.0.1:3000/hook');
});

test('where only some origins are allowed, no other is a target', () => {
  assert.throws(() => checkTarget(new URL('https://hooks.example.com/'), { ...open, isPublicAllowed: false }), TargetRefused);
});

suite('the address of a name', () => {
  const lookUp = (addresses: string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const lookup = guardedLookup(async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    lookup('hooks.example.com', { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
    return promise;
  };

  test('is connected to as it was looked at', async () => {
    assert.deepEqual(await lookUp(['93.184.215.14']), [{ address: '93.184.215.14', family: 4 }]);
  });

  for (const addresses of [['10.0.0.1'], ['93.184.215.14', '169.254.169.254'], ['::ffff:127.0.0.1'], []]) {
    test(`is refused when it is among ${addresses.join(', ') || 'none'}`, async () => {
      await assert.rejects(lookUp(addresses), TargetRefused);
    });
  }
});
