import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseRowFilters } from '../../../lib/access/row-filters.ts';

test('filters stand behind each other, separated by semicolons or line breaks', () => {
  const filters = parseRowFilters(
    'orders.*: header.tenant == {claim.tenant};\n  invoices:value.$.customer.id=={claim.a.b} ; *: key == {claim.sub}\n',
  );

  assert.deepEqual(filters, [
    { topics: 'orders.*', field: 'header.tenant', claim: 'tenant' },
    { topics: 'invoices', field: 'value.customer.id', claim: 'a.b' },
    { topics: '*', field: 'key', claim: 'sub' },
  ]);
});

suite('no filter is', () => {
  for (const text of [
    'orders',
    'orders: header.tenant',
    'orders: header.tenant == acme',
    'orders: header.tenant != {claim.tenant}',
    'orders: tenant == {claim.tenant}',
    'orders: value == {claim.tenant}',
    'or*ders: key == {claim.tenant}',
    'orders: header. == {claim.tenant}',
    'orders: key == {claim.}',
  ]) {
    test(text, () => {
      assert.throws(() => parseRowFilters(`a: key == {claim.b}; ${text}`), /^Error: filter 2 must be like orders\*: header\.tenant/);
    });
  }
});
