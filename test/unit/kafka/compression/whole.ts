/** All that was inflated, of pieces that come at once. */
export const whole = (pieces: Iterable<Buffer>): Buffer => Buffer.concat([...pieces]);

/** The same of pieces that are waited for. */
export async function wholeOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
