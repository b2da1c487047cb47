/** Java's clients write snappy in the framing of the xerial library: this magic, two versions, then blocks with their lengths in front. */
export const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
export const FRAME_HEADER = MAGIC.length + 8;
