import { compress } from '../../http/compress.ts';
import { type ContentEncoding, LEAST_COMPRESSED_BYTES } from '../../http/content-encoding.ts';
import { type GatewayResponse, MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { JsonWriter } from '../../json/json-writer.ts';

/** The largest text of a page that is compressed: it is in memory as a whole. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Lambda's answer carries compressed bytes as base64. */
const MAX_PACKED_BYTES = Math.floor((MAX_ENCODED_BYTES / 4) * 3);

/** Of a text that is larger than most answers, so many pieces of it tell how far the rest can be compressed. */
const SAMPLES = 4;
const SAMPLE_BYTES = 64 * 1024;
/** Where a page was too large, the next attempt leaves room for records that are compressed less than others. */
const CAUTION = 0.93;

/** As much as an answer may be of records, and of their text. */
export const roomFor = (encoding: ContentEncoding | null): number => (encoding === null ? MAX_ENCODED_BYTES : MAX_TEXT_BYTES);

/** A page in the writer that all share: to be used before anything else is written. */
export interface WrittenPage {
  out: JsonWriter;
}

interface FittedPage<Page> {
  page: Page;
  response: GatewayResponse;
}

/**
 * Writes a page that an answer of Lambda holds. Compressed, that is more than it would be as text: where it turns out to be too much, the
 * page is written again, and ends earlier.
 *
 * @param write writes a page whose text takes at most so many bytes as a JSON string; it may be called several times
 */
export async function fittedPage<Page extends WrittenPage>(
  encoding: ContentEncoding | null,
  write: (maxEncodedBytes: number) => Page,
): Promise<FittedPage<Page>> {
  let limit = roomFor(encoding);
  while (encoding !== null && limit > MAX_ENCODED_BYTES) {
    const page = write(limit);
    if (page.out.at < LEAST_COMPRESSED_BYTES) return asText(page);
    // A copy: others may write while this is compressed.
    const bytes = Buffer.from(page.out.bytes.subarray(0, page.out.at));
    const expected = await expectedSize(bytes, encoding);
    const packed = expected > MAX_PACKED_BYTES / CAUTION ? null : await compress(bytes, encoding);
    if (packed !== null && packed.length <= MAX_PACKED_BYTES) {
      return { page, response: { headers: { 'content-encoding': encoding }, body: packed.toString('base64'), isBase64: true } };
    }
    limit = Math.min(limit, bytes.length) * (MAX_PACKED_BYTES / Math.max(packed?.length ?? expected, MAX_PACKED_BYTES)) * CAUTION;
  }
  return asText(write(MAX_ENCODED_BYTES));
}

const asText = <Page extends WrittenPage>(page: Page): FittedPage<Page> => ({ page, response: { body: page.out.toString() } });

/** The size of a text when it is compressed, by a few pieces of it; 0 where that does not matter. */
async function expectedSize(bytes: Buffer, encoding: ContentEncoding): Promise<number> {
  if (bytes.length <= MAX_ENCODED_BYTES) return 0;
  let size = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const start = Math.floor((bytes.length * (i + 0.5)) / SAMPLES);
    size += (await compress(bytes.subarray(start, start + SAMPLE_BYTES), encoding)).length;
  }
  return (size / (SAMPLES * SAMPLE_BYTES)) * bytes.length;
}
