import assert from 'node:assert/strict';

/**
 * Reads a block of LZ4 as strictly as lz4's own decoder, which copies in strides: literals that end within 12 bytes of the end of its room
 * must be the last ones, and no match may reach into the last 5 bytes of it. Returns the inflated size.
 */
export function sizeForStrictDecoder(block: Buffer, room: number): number {
  let size = 0;
  for (let at = 0; ; ) {
    const token = block[at++];
    const long = () => {
      let length = 0;
      for (let byte = 255; byte === 255; length += byte) byte = block[at++];
      return length;
    };
    const literals = token >> 4 === 15 ? 15 + long() : token >> 4;
    at += literals;
    size += literals;
    if (size > room - 12 || at > block.length - 8) {
      assert.equal(at, block.length, 'the last literals end the block');
      assert.ok(size <= room);
      return size;
    }
    const offset = block.readUInt16LE(at);
    at += 2;
    assert.ok(offset > 0 && offset <= size);
    size += 4 + ((token & 15) === 15 ? 15 + long() : token & 15);
    assert.ok(size <= room - 5, 'no match in the last five bytes');
  }
}
