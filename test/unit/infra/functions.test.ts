import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { functions, rows } from '../../../infra/functions.ts';
import { api } from '../../../lib/http/api.ts';

const files = globSync('functions/*.ts', { cwd: join(import.meta.dirname, '../../..') }).map((file) => basename(file, '.ts'));

test('every function has a row, and every row a function', () => {
  assert.deepEqual(Object.keys(functions).sort(), files.sort());
});

test('every route of the API is in the row of one function', () => {
  const served = rows.flatMap(([, { routes }]) => routes);

  assert.deepEqual(served.toSorted(), [...api].sort());
});

suite('a function', () => {
  test('that asks Kafka reads its secret and counts against limits; no other does', () => {
    for (const [name, { asksKafka, secrets, table, msk, alarms, calledAs }] of rows) {
      const has = [secrets.includes('kafka'), msk !== undefined];
      const counts = [table.includes('limits'), alarms.includes('limits_unavailable')];

      assert.deepEqual(has, [asksKafka, asksKafka], name);
      // What no caller asks for is nobody's to be counted.
      assert.deepEqual(counts, Array(2).fill(asksKafka && calledAs !== 'schedule'), name);
    }
  });

  test('is called with requests, or with something else', () => {
    for (const [name, { routes, calledAs }] of rows) assert.equal(routes.length > 0, calledAs === undefined, name);
  });
});
