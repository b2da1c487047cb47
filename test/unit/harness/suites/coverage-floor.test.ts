import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raised, uncovered } from '../../../harness/suites/coverage-floor.ts';

test('the floor rises with the coverage, half a percent behind it, and never sinks', () => {
  const floor = { lines: 90, branches: 90, functions: 90 };

  const next = raised({ lines: 95.27, branches: 90.3, functions: 80 }, floor);

  assert.deepEqual(next, { lines: 94.7, branches: 90, functions: 90 });
});

test('what is covered less than the floor is named', () => {
  const missing = uncovered({ lines: 90, branches: 89.9, functions: 91 }, { lines: 90, branches: 90, functions: 90 });

  assert.deepEqual(missing, ['branches']);
});
