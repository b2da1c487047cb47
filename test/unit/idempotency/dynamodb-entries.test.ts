import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Table } from '../../../lib/aws/dynamodb.ts';
import { DynamoDbEntries } from '../../../lib/idempotency/dynamodb-entries.ts';
import { once } from '../../../lib/idempotency/once.ts';
import { captureLog } from '../../harness/events/http-event.ts';

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** A table that refuses claims, and answers the writes after them as given. */
function refusing(t: TestContext, after: string) {
  const table = new Table('gateway');
  let writes = 0;
  t.mock.method(table, 'putItem', () => Promise.reject(named(writes++ === 0 ? 'ProvisionedThroughputExceededException' : after)));
  const request = { id: 'key', fingerprint: Buffer.from(''), lifetimeMs: 60_000, deadline: Date.now() + 20_000 };
  return { ask: () => once(new DynamoDbEntries(table), request, () => Promise.reject(new Error('not done'))) };
}

test('a claim that a throttled table did not store leaves nothing to withdraw, and no outcome that is lost', async (t) => {
  const log = captureLog(t);
  const { ask } = refusing(t, 'ConditionalCheckFailedException');

  await assert.rejects(ask(), { name: 'StorageUnavailable' });

  assert.deepEqual(log, []);
});

test('a claim that cannot be withdrawn is told of', async (t) => {
  const log = captureLog(t);
  const { ask } = refusing(t, 'ProvisionedThroughputExceededException');

  await assert.rejects(ask(), { name: 'StorageUnavailable' });

  assert.deepEqual(
    log.map(({ event, fate }) => [event, fate]),
    [['idempotency_outcome_lost', 'undone']],
  );
});
