import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from '../../../harness/suites/report.ts';

test('each suite has its minutes and counts, and the last line has the sum', () => {
  const text = report(
    [
      { name: 'check', ms: 12_000, exitCode: 0, counts: null },
      { name: 'unit', ms: 90_000, exitCode: 0, counts: { passed: 20, failed: 0, skipped: 1, failures: [] } },
      { name: 'integration', ms: 60_000, exitCode: 0, counts: { passed: 3, failed: 0, skipped: 0, failures: [] } },
    ],
    120_000,
  );

  assert.deepEqual(
    text.split('\n').map((line) => line.trim().split(/ +/).join(' ')),
    ['minutes passed failed skipped', 'check 0.2', 'unit 1.5 20 0 1', 'integration 1.0 3 0 0', 'all 2.0 23 0 1', '23 passed, 0 failed'],
  );
});

test('what did not pass is named, whether a test failed or something else', () => {
  const failures = ['test/unit/a.test.ts: adds', 'test/unit/b.test.ts: takes away'];
  const text = report(
    [
      { name: 'check', ms: 0, exitCode: 2, counts: null },
      { name: 'unit', ms: 0, exitCode: 1, counts: { passed: 20, failed: 2, skipped: 0, failures } },
      { name: 'integration', ms: 0, exitCode: 0, counts: { passed: 3, failed: 0, skipped: 0, failures: [] } },
    ],
    0,
  );

  assert.deepEqual(text.split('\n').slice(-4), [
    'Failed: test/unit/a.test.ts: adds',
    'Failed: test/unit/b.test.ts: takes away',
    'Not passed: check, unit',
    '23 passed, 2 failed',
  ]);
});

test('files that a suite left in its temporary folder are named', () => {
  const counts = { passed: 3, failed: 0, skipped: 0, failures: [] };
  const text = report([{ name: 'unit', ms: 0, exitCode: 1, counts, left: ['suite-a', 'suite-b'] }], 0);

  assert.deepEqual(text.split('\n').slice(-4), [
    'Left in the temporary folder of unit: suite-a',
    'Left in the temporary folder of unit: suite-b',
    'Not passed: unit',
    '3 passed, 0 failed',
  ]);
});
