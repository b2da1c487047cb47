import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Grant } from '../../../lib/access/grants.ts';
import { claimNamed, claimsFor, grantsOf } from '../../../lib/authorizer/grants-of.ts';
import { type Identity, named } from '../../../lib/authorizer/identity.ts';

const some = { operations: ['read'], topics: ['t'] } as const;
const alice: Identity = {
  principal: 'alice',
  groups: ['analysts', 'eu-sales'],
  scopes: ['kafka:read'],
  claims: { tenant: 'acme', level: 3, roles: ['a', 'b'], realm_access: { roles: ['admin'] }, 'cognito:groups': ['x'], 'a.b': 'flat' },
  expiresAt: null,
};

const isFor = (identity: Identity, selector: Partial<Grant>): boolean => grantsOf([{ ...some, ...selector }], identity).length === 1;

suite('a grant is for a caller', () => {
  const selectors: Partial<Grant>[] = [
    { principal: 'alice' },
    { principal: 'al*' },
    { principal: '*' },
    { group: 'analysts' },
    { group: 'eu-*' },
    { scope: 'kafka:read' },
    { claim: { tenant: 'acme' } },
    { claim: { level: '3' } },
    { claim: { roles: 'b' } },
    { claim: { 'realm_access.roles': 'admin' } },
    { claim: { 'cognito:groups': 'x' } },
    { claim: { 'a.b': 'flat' } },
    { principal: 'alice', group: 'analysts', scope: 'kafka:read', claim: { tenant: 'ac*', roles: 'a' } },
  ];
  for (const selector of selectors) test(JSON.stringify(selector), () => assert.equal(isFor(alice, selector), true));
});

suite('a grant is not for a caller', () => {
  const selectors: Partial<Grant>[] = [
    { principal: 'Alice' },
    { group: 'admins' },
    { scope: 'kafka' },
    { claim: { tenant: 'other' } },
    { claim: { roles: 'a,b' } },
    { claim: { missing: '*' } },
    { claim: { realm_access: '*' } },
    { claim: { '__proto__.x': '*' } },
    { claim: { constructor: '*' } },
    { principal: 'alice', group: 'admins' },
  ];
  for (const selector of selectors) test(JSON.stringify(selector), () => assert.equal(isFor(alice, selector), false));
});

test('an anonymous caller has what is for everyone', () => {
  assert.equal(isFor(named(null), { principal: '*' }), true);
  assert.equal(isFor(named(null), { principal: 'a*' }), false);
});

test('a claim is found by its own name before the way that its dots are', () => {
  assert.equal(claimNamed({ 'a.b': 1, a: { b: 2 } }, 'a.b'), 1);
  assert.equal(claimNamed({ a: { b: 2 } }, 'a.b'), 2);
  assert.equal(claimNamed({ a: 'text' }, 'a.length'), undefined);
});

test('of the claims, those are handed on that row filters ask for', () => {
  const filters = ['tenant', 'level', 'realm_access.roles', 'missing', 'realm_access'].map((claim) => ({
    topics: '*',
    field: 'key',
    claim,
  }));

  assert.deepEqual(claimsFor(filters, alice.claims), { tenant: ['acme'], level: ['3'], 'realm_access.roles': ['admin'] });
  assert.equal(claimsFor(filters, {}), null);
  assert.equal(claimsFor([], alice.claims), null);
});
