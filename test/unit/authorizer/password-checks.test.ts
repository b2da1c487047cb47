import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PasswordChecks } from '../../../lib/authorizer/password-checks.ts';
import { hashPassword } from '../../../lib/authorizer/secret-hash.ts';

const soon = () => performance.now() + 60_000;

test('passwords are checked one after the other, in the order in which they came', async () => {
  const hash = await hashPassword('right');
  const checks = new PasswordChecks();
  const ended: string[] = [];
  const check = (password: string) => checks.matching(password, [hash], soon()).finally(() => ended.push(password));

  const verdicts = await Promise.all([check('a'), check('right'), check('b'), check('c')]);

  assert.deepEqual(verdicts, [null, hash, null, null]);
  assert.deepEqual(ended, ['a', 'right', 'b', 'c']);
});

test('one that has had no turn in time is told so, and keeps none of the others', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const checks = new PasswordChecks();
  const first = checks.matching('a', [], soon());
  const late = checks.matching('b', [], performance.now() + 1000);
  const last = checks.matching('c', [], soon());
  const isRefused = assert.rejects(late, { name: 'LimitExceeded', message: /at the same time: try again/ });
  t.mock.timers.tick(1000);
  await isRefused;

  assert.deepEqual(await Promise.all([first, last]), [null, null]);
  assert.equal(await checks.matching('d', [], soon()), null);
});

test('a turn is given on where a check fails', async () => {
  const checks = new PasswordChecks();
  const broken = checks.matching(Object(1n), [], soon());
  const next = checks.matching('a', [], soon());

  await assert.rejects(broken, TypeError);
  assert.equal(await next, null);
});
