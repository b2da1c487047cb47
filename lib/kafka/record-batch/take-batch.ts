import type { Batch } from './batch.ts';
import type { Effort } from './effort.ts';
import * as layout from './layout.ts';
import type { RecordPage } from './record-page.ts';

/** Inflates the records of a batch, piece by piece. */
export type Decompress = (codec: number, bytes: Buffer) => AsyncIterable<Buffer>;

/**
 * Takes the records of a batch, until the page is full.
 *
 * @throws {RangeError} when the batch does not match its header; else as `decompress`
 */
export async function takeBatch(
  page: RecordPage,
  bytes: Buffer,
  batch: Batch,
  decompress: Decompress,
  effort: Effort | undefined,
): Promise<void> {
  const codec = batch.attributes & layout.CODEC_BITS;
  if (codec !== 0) return takeInflated(page, batch, decompress(codec, bytes.subarray(batch.start, batch.end)), effort);
  effort?.spend(batch.end - batch.start);
  await takeAll(page, bytes, batch.start, batch.end, batch, true, effort);
}

/** Takes what is available, with turns for the event loop. Returns where the first record that is cut off begins. */
async function takeAll(
  page: RecordPage,
  bytes: Buffer,
  start: number,
  end: number,
  batch: Batch,
  isLast: boolean,
  effort: Effort | undefined,
): Promise<number> {
  let at = page.take(bytes, start, end, batch, isLast);
  while (effort?.mustPause && !page.isDoneWith(batch)) {
    await effort.pause();
    const before = at;
    at = page.take(bytes, at, end, batch, isLast);
    if (at === before) break;
  }
  return at;
}

/** Keeps only one piece of the batch in memory, and the beginning of a record that ends in it. */
async function takeInflated(page: RecordPage, batch: Batch, pieces: AsyncIterable<Buffer>, effort: Effort | undefined): Promise<void> {
  let parts: Buffer[] = [];
  let size = 0;
  let needed = 0;
  for await (const piece of pieces) {
    effort?.spend(piece.length);
    parts.push(piece);
    size += piece.length;
    if (size < needed) continue;
    const bytes = joined(parts, size);
    const [count, before] = [page.records.length, page.bytes];
    const at = await takeAll(page, bytes, 0, size, batch, false, effort);
    page.copyFrom(count, before, size);
    if (page.isDoneWith(batch)) return;
    parts = [bytes.subarray(at)];
    size -= at;
    needed = page.neededFrom(bytes, at);
  }
  await takeAll(page, joined(parts, size), 0, size, batch, true, effort);
}

const joined = (parts: readonly Buffer[], size: number): Buffer => (parts.length === 1 ? parts[0] : Buffer.concat(parts, size));
