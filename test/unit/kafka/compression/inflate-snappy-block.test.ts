import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { inflateSnappyBlock } from '../../../../lib/kafka/compression/inflate-snappy-block.ts';
import { content, incompressible } from './content.ts';

const inflate = (...bytes: (number | string)[]): string =>
  inflateSnappyBlock(
    Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))),
    1000,
  ).toString();

/** Tags of the format's elements. */
const literal = (length: number) => (length - 1) << 2;
const copy1 = (length: number, offset: number) => 1 | ((length - 4) << 2) | ((offset >> 8) << 5);
const copy2 = (length: number) => 2 | ((length - 1) << 2);
const copy4 = (length: number) => 3 | ((length - 1) << 2);

test('literals and copies of every kind are inflated', () => {
  assert.equal(inflate(0), '');
  assert.equal(inflate(3, literal(3), 'abc'), 'abc');
  assert.equal(inflate(7, literal(3), 'abc', copy1(4, 3), 3), 'abcabca', 'a copy may reach into what it writes');
  assert.equal(inflate(5, literal(3), 'abc', copy2(2), 2, 0), 'abcbc');
  assert.equal(inflate(5, literal(3), 'abc', copy4(2), 3, 0, 0, 0), 'abcab');
});

test('long literals have their length in one to four bytes', () => {
  const text = 'x'.repeat(100);
  const lengths = [
    [60 << 2, 99],
    [61 << 2, 99, 0],
    [62 << 2, 99, 0, 0],
    [63 << 2, 99, 0, 0, 0],
  ];

  for (const length of lengths) assert.equal(inflate(100, ...length, text), text);
});

test('a copy of one byte of offset reaches back 2047 bytes', () => {
  const text = `abcd${'-'.repeat(2043)}`;
  const block = Buffer.concat([
    Buffer.from([0x83, 0x10, 61 << 2, 0xfe, 0x07]),
    Buffer.from(text),
    Buffer.from([copy1(4, 2047), 2047 & 255]),
  ]);

  assert.equal(inflateSnappyBlock(block, 5000).toString(), `${text}abcd`);
});

test('what snappyjs compressed is inflated', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      assert.deepEqual(inflateSnappyBlock(snappyjs.compress(bytes), bytes.length), bytes);
    }),
    { numRuns: 50 },
  );
  const random = incompressible(100_000);
  assert.deepEqual(inflateSnappyBlock(snappyjs.compress(random), 100_000), random);
});

test('the size that a block announces is held against the limit before anything is allocated', () => {
  const fourGigabytes = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]);

  assert.throws(() => inflateSnappyBlock(fourGigabytes, 64 * 1024 * 1024), { name: 'InflatesTooFar' });
  assert.throws(() => inflateSnappyBlock(Buffer.from([11, literal(1), 0x61]), 10), { name: 'InflatesTooFar' });
});

const damaged: Record<string, Buffer> = {
  'no size': Buffer.alloc(0),
  'a size that does not end': Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  'less than announced': Buffer.from([4, literal(3), 0x61, 0x62, 0x63]),
  'more than announced': Buffer.from([2, literal(3), 0x61, 0x62, 0x63]),
  'a literal past the end': Buffer.from([3, literal(3), 0x61]),
  'a literal without its length': Buffer.from([3, 60 << 2]),
  'a literal of four gigabytes': Buffer.from([10, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 0, 0]),
  'a copy from before the start': Buffer.from([7, literal(3), 0x61, 0x62, 0x63, copy1(4, 4), 4]),
  'a copy from nowhere': Buffer.from([7, literal(3), 0x61, 0x62, 0x63, copy1(4, 0), 0]),
  'a copy without its offset': Buffer.from([7, literal(3), 0x61, 0x62, 0x63, copy1(4, 3)]),
  'a copy past the size': Buffer.from([6, literal(3), 0x61, 0x62, 0x63, copy1(4, 3), 3]),
  'a copy with half an offset': Buffer.from([5, literal(3), 0x61, 0x62, 0x63, copy2(2), 2]),
  'a long copy with half an offset': Buffer.from([5, literal(3), 0x61, 0x62, 0x63, copy4(2), 3, 0, 0]),
};
for (const [what, block] of Object.entries(damaged)) {
  test(`a damaged block is an error: ${what}`, () => {
    assert.throws(() => inflateSnappyBlock(block, 1000), RangeError);
  });
}

test('any bytes give a result of the size announced, or an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.ok(inflateSnappyBlock(Buffer.from(bytes), 1000).length <= 1000);
      } catch (error) {
        assert.ok(error instanceof RangeError || (error instanceof Error && error.name === 'InflatesTooFar'), String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
