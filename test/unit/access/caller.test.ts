import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readCaller, writeCaller } from '../../../lib/access/caller.ts';
import type { Grant } from '../../../lib/access/grants.ts';

const grant: Grant = { group: 'analysts', claim: { salary: '7' }, operations: ['read'], topics: ['orders.*'] };

suite('what the authorizer says of a caller', () => {
  test('is read as it was written, without whom the grants were for', () => {
    const context = writeCaller({ principal: 'alice', grants: [grant], expiresAt: 1_767_225_600_000 });

    assert.deepEqual(readCaller({ lambda: context }), {
      principal: 'alice',
      grants: [{ principal: '*', operations: ['read'], topics: ['orders.*'], consumer_groups: [] }],
      expiresAt: 1_767_225_600_000,
    });
    assert.doesNotMatch(JSON.stringify(context), /analysts|salary/);
  });

  test('holds texts alone, as API Gateway wants them', () => {
    const context = writeCaller({ principal: 'alice', grants: [], expiresAt: 1 });

    assert.deepEqual(context, { principalId: 'alice', grants: '[]', expiresAt: '1' });
  });

  test('may leave grants and an end out', () => {
    const context = writeCaller({ principal: 'alice', grants: null, expiresAt: null });

    assert.deepEqual(readCaller({ lambda: context }), { principal: 'alice', grants: null, expiresAt: null });
  });
});

suite('of an authorizer context', () => {
  test('grants that cannot be read grant nothing', () => {
    for (const grants of ['', 'null', '{}', '[{}]', 7]) assert.deepEqual(readCaller({ lambda: { grants } }).grants, []);
  });

  test('an end that cannot be read is past', () => {
    for (const expiresAt of ['', 'never', null, {}]) assert.equal(readCaller({ lambda: { expiresAt } }).expiresAt, 0);
  });

  test('a Lambda authorizer outdoes everything else, even where it names nobody', () => {
    const others = { iam: { userArn: 'arn:a' }, jwt: { claims: { sub: 'b' } } };

    assert.equal(readCaller({ lambda: { principalId: 'c' }, ...others }).principal, 'c');
    assert.equal(readCaller({ lambda: {}, ...others }).principal, null);
  });

  test('an empty name is nobody', () => {
    assert.equal(readCaller({ lambda: { principalId: '' } }).principal, null);
    assert.equal(readCaller({}).principal, null);
  });

  test('nothing is thrown at', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('lambda', 'iam', 'jwt'), fc.anything()), (authorizer) => {
        readCaller(authorizer);
      }),
    );
  });
});
