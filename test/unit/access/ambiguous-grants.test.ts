import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ambiguousGrants } from '../../../lib/access/ambiguous-grants.ts';
import type { Grant } from '../../../lib/access/grants.ts';

const some = { operations: ['read'], topics: ['t'] } as const;
const grants: Grant[] = [
  { ...some, principal: 'alice' },
  { ...some, principal: 'al*' },
  { ...some, group: 'analysts' },
  { ...some, principal: 'alice', mode: 'jwt' },
  { ...some, principal: '*' },
  { ...some, principal: 'alice', scope: 'kafka' },
  { ...some, group: 'analysts', claim: { iss: 'https://login.example.com' } },
];

suite('grants leave open whom they are for', () => {
  test('where several modes may have the name or the group', () => {
    assert.deepEqual(ambiguousGrants(grants, ['jwt', 'basic']), [0, 1, 2]);
  });

  test('where several modes may have the name, and only one has groups', () => {
    assert.deepEqual(ambiguousGrants(grants, ['jwt', 'mtls']), [0, 1]);
  });

  test('never where there is one mode', () => {
    for (const mode of ['iam', 'jwt', 'basic', 'passthrough'] as const) assert.deepEqual(ambiguousGrants(grants, [mode]), []);
  });
});
