import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import { expectBytes } from '../../../lib/http/heap-growth.ts';

const MEBIBYTE = 1024 * 1024;

/** Bytes of V8's young generation after 40 MB of objects that outlive its collections for a while. */
function youngGenerationAfterUse(): number {
  const kept: object[][] = [];
  for (let i = 0; i < 40; i++) {
    kept.push(Array.from({ length: 20_000 }, (_, at) => ({ at, half: at / 2 })));
    if (kept.length > 8) kept.shift();
  }
  assert.equal(kept.length, 8);
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

test('the young generation does not grow while much is expected, and may grow again afterwards', () => {
  expectBytes(4 * MEBIBYTE);
  const before = youngGenerationAfterUse();
  const large = youngGenerationAfterUse();
  expectBytes(100);
  const ordinary = youngGenerationAfterUse();

  // V8 doubles it where it lets it grow; a page more or less is no growth.
  assert.ok(large < 2 * before, `${large} bytes after large use, ${before} before`);
  assert.ok(ordinary >= 2 * large, `${ordinary} bytes after ordinary use, ${large} after a large request`);
});
