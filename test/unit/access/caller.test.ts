import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { callerKey, readCaller, writeCaller } from '../../../lib/access/caller.ts';
import type { Grant } from '../../../lib/access/grants.ts';
import { namingModes } from '../../../lib/access/modes.ts';

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

suite('the mode by which a caller is known', () => {
  test('is handed on', () => {
    for (const mode of ['jwt', 'basic', 'api-key', 'mtls'] as const) {
      const caller = { principal: 'alice', mode, grants: null, expiresAt: null };

      assert.deepEqual(readCaller({ lambda: writeCaller(caller) }), caller);
    }
  });

  test('is that of an authorizer of API Gateway', () => {
    assert.equal(readCaller({ iam: { userArn: 'arn:a' }, jwt: { claims: { sub: 'b' } } }).mode, 'iam');
    assert.equal(readCaller({ jwt: { claims: { sub: 'b' } } }).mode, 'jwt');
    assert.equal(readCaller({ iam: {}, jwt: { claims: {} } }).mode, undefined);
  });

  test('is unknown where it is none', () => {
    for (const mode of [undefined, null, 7, '', 'none', 'passthrough', 'JWT', '__proto__']) {
      assert.equal('mode' in readCaller({ lambda: { principalId: 'alice', mode } }), false);
    }
  });

  test('tells callers of one name apart', () => {
    const keys = [...namingModes, undefined].map((mode) => JSON.stringify(callerKey({ principal: 'alice', mode })));

    // AWS credentials stand alone, and have ARNs.
    assert.equal(new Set(keys).size, namingModes.length);
    assert.equal(callerKey({ principal: 'arn:a', mode: 'iam' }), 'arn:a');
    assert.equal(callerKey({ principal: null, mode: 'jwt' }), null);
  });

  test('is never taken for a part of a name', () => {
    const keys = [
      callerKey({ principal: 'basic:alice' }),
      callerKey({ principal: '["basic","alice"]' }),
      callerKey({ principal: 'basic,alice', mode: 'jwt' }),
      callerKey({ principal: 'alice', mode: 'basic' }),
    ];

    assert.equal(new Set(keys.map((key) => JSON.stringify(key))).size, keys.length);
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

suite('claims', () => {
  test('are handed on', () => {
    const caller = { principal: 'alice', grants: null, expiresAt: null, claims: { tenant: ['acme'], roles: ['a', 'b'] } };

    assert.deepEqual(readCaller({ lambda: writeCaller(caller) }), caller);
  });

  test('that cannot be read are none', () => {
    for (const claims of ['{', 'null', '[]', 7, '{"tenant":"acme"}', '{"tenant":[1,null]}']) {
      const { claims: read = {} } = readCaller({ lambda: { principalId: 'alice', claims } });

      assert.deepEqual(Object.values(read).flat(), []);
    }
  });
});
