declare module 'snappyjs' {
  const snappyjs: {
    compress(bytes: Buffer): Buffer;
    /** Throws when the block is damaged. */
    uncompress(block: Buffer): Buffer;
  };
  export default snappyjs;
}
