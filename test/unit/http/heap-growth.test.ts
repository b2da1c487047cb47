import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import { expectBytes } from '../../../lib/http/heap-growth.ts';

const MEBIBYTE = 1024 * 1024;

/**
 * What V8 lets its young generation have, in bytes, after 40 MB of objects that outlive its collections for a while.
 * While V8 finishes marking the old generation, it lets the young one exceed that for a moment: the least of several readings does not.
 */
function youngGenerationAfterUse(): number {
  const kept: object[][] = [];
  const readings: number[] = [];
  for (let i = 0; i < 40; i++) {
    kept.push(Array.from({ length: 20_000 }, (_, at) => ({ at, half: at / 2 })));
    if (kept.length > 8) kept.shift();
    if (i >= 20) readings.push(getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0);
  }
  assert.equal(kept.length, 8);
  return Math.min(...readings);
}

test('the young generation does not grow while much is expected, and may grow again afterwards', () => {
  expectBytes(4 * MEBIBYTE);
  const large = youngGenerationAfterUse();
  expectBytes(100);
  const ordinary = youngGenerationAfterUse();

  // V8 keeps one half of it or both; where it may grow, both grow to sixteen times.
  assert.ok(ordinary >= 4 * large, `${ordinary} bytes after ordinary use, ${large} after a large request`);
});
