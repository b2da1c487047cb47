import { setFlagsFromString } from 'node:v8';

/** Bytes from which on a request, or what it asks for, counts as large. */
const LARGE = 1024 * 1024;

let mayGrow = true;

/**
 * Says how many bytes the process is about to handle. While they are many, V8's young generation does not grow.
 * V8 lets it grow to a tenth of the function's memory (50 MB of 512) after one large body, never gives that back, and so keeps memory that
 * the next large body needs. Ordinary requests may let it grow, because they take less time with it.
 * V8 reads the flag whenever it would let the generation grow: nothing else depends on it.
 */
export function expectBytes(bytes: number): void {
  const ordinary = bytes <= LARGE;
  if (ordinary === mayGrow) return;
  mayGrow = ordinary;
  setFlagsFromString(`--semi-space-growth-factor=${ordinary ? 2 : 1}`);
}
