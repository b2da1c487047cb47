import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readAccess } from '../../../lib/config/access.ts';
import { GatewayError } from '../../../lib/errors.ts';

const read = (variables: Record<string, string>) => readAccess(variables);

test('modes, grants and the header of principals are read', () => {
  const grants = [{ principal: 'alice', operations: ['read'], topics: ['orders'] }];

  const access = read({
    GATEWAY_AUTH: 'basic, jwt',
    GATEWAY_GRANTS: JSON.stringify(grants),
    GATEWAY_PRINCIPAL_HEADER: ' kafka-principal ',
    GATEWAY_PRINCIPAL_MODE_HEADER: 'kafka-mode',
  });

  assert.deepEqual(access, {
    modes: ['jwt', 'basic'],
    grants,
    principalHeader: 'kafka-principal',
    modeHeader: 'kafka-mode',
    rowFilters: [],
  });
});

test('row filters are read', () => {
  const { rowFilters } = read({ GATEWAY_ROW_FILTERS: 'orders: key == {claim.tenant}' });

  assert.deepEqual(rowFilters, [{ topics: 'orders', field: 'key', claim: 'tenant' }]);
});

test('grants that are none at all refuse everything', () => {
  assert.deepEqual(read({ GATEWAY_GRANTS: '[]' }).grants, []);
});

suite('the log is told of', () => {
  for (const [what, variables, cause] of [
    ['an unknown mode', { GATEWAY_AUTH: 'open' }, 'Configuration: GATEWAY_AUTH must be iam, jwt, '],
    ['modes that exclude each other', { GATEWAY_AUTH: 'none,basic' }, 'Configuration: GATEWAY_AUTH: none excludes every other mode'],
    [
      'a grant for nobody',
      { GATEWAY_GRANTS: '[{"operations":["read"],"topics":["a"]}]' },
      'Configuration: GATEWAY_GRANTS: [0] must say whom it is for',
    ],
    ['a row filter that is none', { GATEWAY_ROW_FILTERS: 'orders' }, 'Configuration: GATEWAY_ROW_FILTERS: filter 1 must be like '],
  ] as const) {
    test(what, () => {
      assert.throws(
        () => read(variables),
        (error) => error instanceof GatewayError && error.cause instanceof Error && error.cause.message.startsWith(cause),
      );
    });
  }
});
