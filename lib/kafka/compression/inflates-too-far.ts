/** Thrown while inflating when the bytes inflate to more than was allowed. */
export class InflatesTooFar extends Error {
  override readonly name = 'InflatesTooFar';
}
