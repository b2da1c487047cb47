declare module 'snappyjs' {
  const snappyjs: { compress(bytes: Buffer): Buffer };
  export default snappyjs;
}
