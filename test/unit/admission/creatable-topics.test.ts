import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grant } from '../../../lib/access/grants.ts';
import { creatableTopics } from '../../../lib/admission/creatable-topics.ts';
import { configure } from '../../harness/http/gateway.ts';

configure('127.0.0.1:9', { GATEWAY_AUTH: 'none' });

const callerWith = (grants: Grant[] | null) => ({
  caller: { principal: 'ann', mode: 'basic' as const, grants, expiresAt: null },
  principal: 'ann',
  mode: 'basic' as const,
});

test('without grants any topic may come to be', () => {
  assert.equal(creatableTopics(callerWith(null))('orders'), true);
});

test('with grants, those that the caller may create, and not all that it may write', () => {
  const may = creatableTopics(
    callerWith([
      { principal: 'ann', operations: ['produce'], topics: ['*'] },
      { principal: 'ann', operations: ['create'], topics: ['new-*'] },
    ]),
  );

  assert.deepEqual([may('new-orders'), may('orders')], [true, false]);
});
