declare module 'lz4js' {
  const lz4js: {
    compressBound(size: number): number;
    /** Returns how many bytes it wrote to `to`, 0 when the block does not shrink. `hashTable` is all zeros. */
    compressBlock(from: Uint8Array, to: Uint8Array, start: number, length: number, hashTable: Uint32Array): number;
    /** Returns the position behind what it wrote to `to`, from `start` on. */
    decompressBlock(from: Uint8Array, to: Uint8Array, fromStart: number, length: number, start: number): number;
  };
  export default lz4js;
}
