import { setFlagsFromString } from 'node:v8';

/** A request that handles more bytes counts as large. */
const LARGE = 1024 * 1024;

let mayGrow = true;

/**
 * Announces how many bytes the process is about to handle. If they are many, V8's young generation stops growing.
 * After one large body, V8 lets it grow to a tenth of the function's memory (50 MB of 512) and never shrinks it: the next large body then
 * lacks that memory. Ordinary requests may let it grow, because they are faster with it.
 * V8 reads the flag each time before it grows the generation; the flag affects nothing else.
 */
export function expectBytes(bytes: number): void {
  const ordinary = bytes <= LARGE;
  if (ordinary === mayGrow) return;
  mayGrow = ordinary;
  setFlagsFromString(`--semi-space-growth-factor=${ordinary ? 2 : 1}`);
}
