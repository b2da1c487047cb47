/** Thrown when bytes inflate to more than is allowed. */
export class InflatesTooFar extends Error {
  override readonly name = 'InflatesTooFar';
}
