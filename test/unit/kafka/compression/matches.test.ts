import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { copyLiterals, findMatches } from '../../../../lib/kafka/compression/matches.ts';
import { content, incompressible } from './content.ts';

interface Match {
  start: number;
  end: number;
  offset: number;
}

function matchesIn(text: string | Buffer, { lastStart = text.length - 4, lastEnd = text.length } = {}): Match[] {
  const found: Match[] = [];
  findMatches(Buffer.from(text), lastStart, lastEnd, (start, end, offset) => found.push({ start, end, offset }));
  return found;
}

test('bytes that stood before are a match', () => {
  assert.deepEqual(matchesIn('topic, no topic, no'), [{ start: 10, end: 19, offset: 10 }]);
  assert.deepEqual(matchesIn('aaaaaaaaaa'), [{ start: 1, end: 10, offset: 1 }], 'a match may reach into itself');
  assert.deepEqual(matchesIn('abcabc'), [], 'three bytes are none');
});

test('nothing matches in too few bytes, or in ones of no pattern', () => {
  for (const text of ['', 'a', 'aaaa']) assert.deepEqual(matchesIn(text), []);
  assert.ok(matchesIn(incompressible(10_000)).length < 10);
});

test('a match begins and ends where it may', () => {
  const text = 'a'.repeat(30);

  assert.deepEqual(matchesIn(text, { lastStart: 18, lastEnd: 25 }), [{ start: 1, end: 25, offset: 1 }]);
  assert.deepEqual(matchesIn(text, { lastStart: 0, lastEnd: 25 }), []);
  assert.deepEqual(matchesIn(text, { lastStart: -12, lastEnd: -5 }), []);
});

test('matches are in order, do not overlap, and are what they say', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      const block = bytes.subarray(0, 65_536);
      let unmatched = 0;

      for (const { start, end, offset } of matchesIn(block)) {
        assert.ok(start >= unmatched && end - start >= 4 && end <= block.length && offset > 0 && offset <= start);
        assert.deepEqual(block.subarray(start, end), block.subarray(start - offset, end - offset));
        unmatched = end;
      }
    }),
  );
});

test('a block does not depend on the one before', () => {
  const text = 'partition partition';
  const alone = matchesIn(text);

  matchesIn(incompressible(65_536));

  assert.deepEqual(matchesIn(text), alone);
});

test('literals are copied, few and many', () => {
  for (const size of [0, 1, 32, 33, 500]) {
    const block = incompressible(size + 7);
    const to = Buffer.alloc(size + 10);

    assert.equal(copyLiterals(block, 3, 3 + size, to, 5), 5 + size);
    assert.deepEqual(to.subarray(5, 5 + size), block.subarray(3, 3 + size));
    assert.deepEqual(to.subarray(0, 5), Buffer.alloc(5));
  }
});
