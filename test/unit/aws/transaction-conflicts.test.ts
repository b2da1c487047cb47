import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutConflict } from '../../../lib/aws/transaction-conflicts.ts';

const conflict = () => Object.assign(new Error('conflict'), { name: 'TransactionConflictException' });
const canceled = (...codes: string[]) =>
  Object.assign(new Error('canceled'), {
    name: 'TransactionCanceledException',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** A write that fails with each of these errors before it succeeds. */
function writeThatMeets(...errors: Error[]): () => Promise<string> {
  return async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return 'written';
  };
}

test('a write that meets a transaction, or a transaction that meets a write, is tried again', async () => {
  const write = writeThatMeets(conflict(), canceled('None', 'TransactionConflict'));

  assert.equal(await withoutConflict(Date.now() + 60_000, write), 'written');
});

test('a write is not tried again after its deadline, nor after another error', async () => {
  await assert.rejects(withoutConflict(Date.now(), writeThatMeets(conflict())), { message: 'conflict' });
  await assert.rejects(withoutConflict(Date.now() + 60_000, writeThatMeets(canceled('ConditionalCheckFailed'))), { message: 'canceled' });
});
