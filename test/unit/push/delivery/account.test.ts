import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../../../../lib/push/delivery/account.ts';
import { newTally } from '../../../../lib/push/delivery/tally.ts';
import { noNotes } from '../../../../lib/push/subscription/notes.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';

test('what the owner should look at is told until the subscription is changed', (t) => {
  const lines = captureLog(t);
  const notes = noNotes();
  const accountAfter = (updatedAt: number) => new Account({ ...subscriptionOf({}), updatedAt }, notes, newTally(), () => 2000);

  for (let run = 0; run < 2; run++) accountAfter(1000).problem('records had expired before they were read');
  assert.deepEqual([notes.problem, lines.length], ['records had expired before they were read', 1]);
  const { isNoted } = accountAfter(3000);

  assert.deepEqual([notes.problem, isNoted], [null, false]);
});
