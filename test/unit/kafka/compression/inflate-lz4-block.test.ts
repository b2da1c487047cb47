import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import lz4js from 'lz4js';
import { inflateLz4Block } from '../../../../lib/kafka/compression/inflate-lz4-block.ts';
import { content } from './content.ts';

const inflate = (...bytes: (number | string)[]): string =>
  inflateLz4Block(
    Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))),
    2000,
  ).toString();

/** A token: how many literals, how long a match behind them. */
const token = (literals: number, match = 4) => (Math.min(literals, 15) << 4) | Math.min(match - 4, 15);

test('literals and matches are inflated', () => {
  assert.equal(inflate(token(0)), '');
  assert.equal(inflate(token(3), 'abc'), 'abc');
  assert.equal(inflate(token(3, 5), 'abc', 3, 0, token(1), 'z'), 'abcabcabz', 'a match may reach into what it writes');
  assert.equal(inflate(token(0xf), 0, 'x'.repeat(15)), 'x'.repeat(15));
  assert.equal(inflate(token(0xf), 255, 10, 'x'.repeat(280)), 'x'.repeat(280));
  assert.equal(inflate(token(1, 19), 'x', 1, 0, 255, 0, token(1), 'z'), `x${'x'.repeat(19 + 255)}z`);
});

test('a match reaches back as far as its offset says', () => {
  const text = `abcd${'-'.repeat(596)}`;

  assert.equal(inflate(token(0xf), 255, 255, 75, text, 600 & 255, 600 >> 8, token(1), 'z'), `${text}abcdz`);
});

test('what lz4js compressed is inflated', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      const block = bytes.subarray(0, 65_536);
      const packed = Buffer.alloc(lz4js.compressBound(block.length));
      const size = lz4js.compressBlock(block, packed, 0, block.length, new Uint32Array(65_536));
      fc.pre(size > 0);

      assert.deepEqual(inflateLz4Block(packed.subarray(0, size), 65_536), block);
    }),
    { numRuns: 50 },
  );
});

const damaged: Record<string, number[]> = {
  'literals past the end': [token(3), 0x61],
  'no length of the literals': [token(0xf)],
  'no end of the length of the literals': [token(0xf), 255],
  'half an offset': [token(1), 0x61, 1],
  'an offset of 0': [token(1), 0x61, 0, 0, token(1), 0x61],
  'an offset from before the start': [token(1), 0x61, 2, 0, token(1), 0x61],
  'no length of the match': [token(1, 19), 0x61, 1, 0],
  'no literals behind the last match': [token(1), 0x61, 1, 0],
  'more than a block may hold, as literals': [token(11), ...Array<number>(11).fill(0x61)],
  'more than a block may hold, as a match': [token(1, 10), 0x61, 1, 0, token(1), 0x61],
};
for (const [what, block] of Object.entries(damaged)) {
  test(`a damaged block is an error: ${what}`, () => {
    assert.throws(() => inflateLz4Block(Buffer.from(block), 10), RangeError);
  });
}

test('any bytes give no more than the limit, or an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.ok(inflateLz4Block(Buffer.from(bytes), 500).length <= 500);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
