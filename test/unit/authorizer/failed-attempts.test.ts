import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailedAttempts, MAX_OF_ACCOUNT, MAX_OF_ADDRESS } from '../../../lib/authorizer/failed-attempts.ts';

const MINUTE = 60_000;

function fail(attempts: FailedAttempts, times: number, address: string, account: (i: number) => string): void {
  for (let i = 0; i < times; i++) attempts.count(address, account(i));
}

test('an address may fail so often with one account, and then no more for a minute', () => {
  let now = 0;
  const attempts = new FailedAttempts(() => now);

  fail(attempts, MAX_OF_ACCOUNT - 1, '192.0.2.1', () => 'alice');
  const before = attempts.areTooMany('192.0.2.1', 'alice');
  attempts.count('192.0.2.1', 'alice');
  const after = attempts.areTooMany('192.0.2.1', 'alice');
  now = MINUTE;
  const later = attempts.areTooMany('192.0.2.1', 'alice');

  assert.deepEqual([before, after, later], [false, true, false]);
});

test('another address is not held back by it, nor another account', () => {
  const attempts = new FailedAttempts(() => 0);

  fail(attempts, MAX_OF_ACCOUNT, '192.0.2.1', () => 'alice');

  assert.equal(attempts.areTooMany('192.0.2.2', 'alice'), false);
  assert.equal(attempts.areTooMany('192.0.2.1', 'bob'), false);
});

test('an address that tries many accounts is held back from all', () => {
  const attempts = new FailedAttempts(() => 0);

  fail(attempts, MAX_OF_ADDRESS, '192.0.2.1', (i) => `user-${i}`);

  assert.equal(attempts.areTooMany('192.0.2.1', 'bob'), true);
});

test('an address of IPv6 is every address of its network, however it is written', () => {
  const attempts = new FailedAttempts(() => 0);

  for (let i = 0; i < MAX_OF_ACCOUNT; i++) attempts.count(`2001:db8::${i + 1}`, 'alice');
  for (let i = 0; i < MAX_OF_ADDRESS; i++) attempts.count(`2001:db8:0:1:${i}::`, `user-${i}`);
  for (let i = 0; i < MAX_OF_ACCOUNT; i++) attempts.count('::ffff:192.0.2.1', 'bob');

  assert.deepEqual(
    [
      attempts.areTooMany('2001:0DB8:0:0:ffff::', 'alice'),
      attempts.areTooMany('2001:db8:0:1::9', 'alice'),
      attempts.areTooMany('192.0.2.1', 'bob'),
      attempts.areTooMany('::ffff:c000:202', 'bob'),
      attempts.areTooMany('2001:db8:0:2::', 'alice'),
    ],
    [true, true, true, false, false],
  );
});

test('where no address is known, accounts are counted alone', () => {
  const attempts = new FailedAttempts(() => 0);

  fail(attempts, MAX_OF_ADDRESS + 1, '', (i) => `user-${i}`);
  fail(attempts, MAX_OF_ACCOUNT, '', () => 'alice');

  assert.deepEqual([attempts.areTooMany('', 'bob'), attempts.areTooMany('', 'alice')], [false, true]);
});

test('no more than so many are remembered', () => {
  const attempts = new FailedAttempts(() => 0);
  fail(attempts, MAX_OF_ACCOUNT, '192.0.2.1', () => 'alice');

  fail(attempts, 10_000, '', (i) => `user-${i}`);

  assert.equal(attempts.areTooMany('192.0.2.1', 'alice'), false);
});
