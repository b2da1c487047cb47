import { InflatesTooFar } from './inflates-too-far.ts';

/** Node's zlib says with this code that `maxOutputLength` was reached; every other failure is passed on. */
export function inflationError(error: unknown): unknown {
  const tooFar = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return tooFar ? new InflatesTooFar(error.message, { cause: error }) : error;
}
