import fc from 'fast-check';

/** Objects with these members, and a prototype, as literals have. */
export const record = <T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
