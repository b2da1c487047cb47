import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { currentRoles, snapshotFile } from '../../../../infra/template/roles.ts';

test('the roles are those that were reviewed', async () => {
  const reviewed = JSON.parse(await readFile(snapshotFile, 'utf8'));

  assert.deepEqual(
    currentRoles(),
    reviewed,
    'The rights of a function have changed. If they are meant to, run `npm run roles` and review them',
  );
});
