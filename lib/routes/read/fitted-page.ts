import { compress } from '../../http/compress.ts';
import { type ContentEncoding, LEAST_COMPRESSED_BYTES } from '../../http/content-encoding.ts';
import { type GatewayResponse, MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { JsonWriter } from '../../json/json-writer.ts';

/** The longest text of a page to be compressed: it is in memory as a whole. */
export const MAX_PAGE_TEXT_BYTES = 16 * 1024 * 1024;

/** Lambda's response carries compressed bytes as base64. */
const MAX_PACKED_BYTES = Math.floor((MAX_ENCODED_BYTES / 4) * 3);

/** To estimate how well a large text compresses, this many samples of it are compressed. */
const SAMPLES = 4;
const SAMPLE_BYTES = 64 * 1024;
/** After a page was too large, the next attempt leaves a margin for records that compress worse than others. */
const CAUTION = 0.93;

/** The room for a page's text before compression, in bytes. */
export const roomFor = (encoding: ContentEncoding | null): number => (encoding === null ? MAX_ENCODED_BYTES : MAX_PAGE_TEXT_BYTES);

/** A page in the shared writer: use it before anything else is written. */
export interface WrittenPage {
  out: JsonWriter;
}

interface FittedPage<Page> {
  page: Page;
  response: GatewayResponse;
}

/**
 * Writes a page that fits into Lambda's response. With compression it may be larger than as plain text; if it turns out too large, it is
 * written again with fewer records.
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
    // A copy: others may use the writer while this is compressed.
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

/** Estimates the compressed size from samples; 0 if any result would fit. */
async function expectedSize(bytes: Buffer, encoding: ContentEncoding): Promise<number> {
  if (bytes.length <= MAX_ENCODED_BYTES) return 0;
  let size = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const start = Math.floor((bytes.length * (i + 0.5)) / SAMPLES);
    size += (await compress(bytes.subarray(start, start + SAMPLE_BYTES), encoding)).length;
  }
  return (size / (SAMPLES * SAMPLE_BYTES)) * bytes.length;
}
