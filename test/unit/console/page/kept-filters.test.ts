import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptFor, readKept, toggled } from '../../../../lib/console/page/kept-filters.ts';

test('a filter is kept for its topic, and forgotten at the second time', () => {
  const one = toggled([], 'orders', 'value.total>10');
  const both = toggled(one, 'payments', 'value.total>10');

  assert.deepEqual(keptFor(both, 'orders'), ['value.total>10']);
  assert.deepEqual(keptFor(toggled(both, 'orders', 'value.total>10'), 'orders'), []);
  assert.deepEqual(keptFor(both, 'payments'), ['value.total>10']);
});

test('of many filters, the last ones are kept', () => {
  const kept = Array.from({ length: 60 }, (_, i) => `value.id==${i}`).reduce(
    (last, filter) => toggled(last, 'orders', filter),
    readKept(null),
  );

  assert.equal(kept.length, 50);
  assert.equal(kept[0].filter, 'value.id==59');
});

test('what is no list of filters is none', () => {
  for (const text of ['', '{', '{}', 'null', '[1, null, {"topic": 1, "filter": "x"}]']) assert.deepEqual(readKept(text), []);
});
