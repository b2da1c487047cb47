import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveReceives } from '../../harness/queues/session-leaks.ts';

test('no session is left at the broker, whether a receive was empty, abandoned or settled, or its process was killed', async () => {
  const { receives, kills, opened, wanted, failures } = await driveReceives(400, 4);

  const ofSessions = [...failures.keys()].filter((failure) => failure.includes('share sessions'));
  assert.deepEqual([opened, ofSessions], [wanted, []]);
  assert.ok(receives >= 400 && kills >= 3, `${receives} receives, ${kills} kills`);
});
