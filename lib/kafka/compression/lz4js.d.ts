declare module 'lz4js' {
  const lz4js: {
    compressBound(size: number): number;
    /** Returns how many bytes it wrote to `to`, 0 when the block does not shrink. `hashTable` is all zeros. */
    compressBlock(from: Uint8Array, to: Uint8Array, start: number, length: number, hashTable: Uint32Array): number;
    /** What a frame may inflate to at the most. Throws when it is no frame. */
    decompressBound(frame: Uint8Array): number;
    decompress(frame: Uint8Array, maxSize: number): Uint8Array;
  };
  export default lz4js;
}
