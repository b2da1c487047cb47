import type { ContentEncoding } from '../../http/content-encoding.ts';
import { mediaTypes } from '../../http/media-types.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ReadPage } from '../../kafka/fetch/read-partitions.ts';
import type { Reading } from '../../kafka/fetch/reading.ts';
import { countRecords } from '../../metrics/work.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { isSchemaFormat } from '../../records/formats/schema-formats.ts';
import { MAX_CURSOR_LENGTH, type Position, writeCursor } from '../../records/responses/cursor.ts';
import { jsonEnd, jsonPage, ndjsonEnd, ndjsonPage, type PageEnd } from '../../records/responses/json-page.ts';
import { renderPage } from '../../records/responses/render-page.ts';
import { textEnd, textPage } from '../../records/responses/text-page.ts';
import type { ShownFormats } from '../../records/responses/write-record.ts';
import { fittedPage } from './fitted-page.ts';
import type { ReadParameters } from './read-query.ts';

/** The media types of pages over many partitions. */
export const pageTypes = [mediaTypes.plainJson, mediaTypes.jsonLines, mediaTypes.plainText, mediaTypes.generic] as const;

interface ShownPage {
  response: GatewayResponse;
  /** Where the next page begins; partitions that did not fit into this page come first. */
  next: Position[];
  nextCursor: string;
}

/**
 * Renders as much of a page as fits into a response.
 *
 * @param deadline for requests to the schema registry
 * @param encoding that the client accepts: compressed, more fits
 */
export async function showPage(
  page: ReadPage,
  mediaType: string,
  query: ReadParameters,
  deadline: number,
  encoding: ContentEncoding | null = null,
): Promise<ShownPage> {
  const { readings, gaps } = page;
  const { shown, format } = query;
  const formats = await shownAs(page, query, deadline);
  const asText = mediaType === mediaTypes.plainText;
  const asLines = mediaType === mediaTypes.jsonLines;
  const layout = asText
    ? textPage(shown, format === 'binary' || isSchemaFormat(format))
    : asLines
      ? ndjsonPage(formats, shown)
      : jsonPage(formats, shown);
  // Quotes are escaped in Lambda's response.
  const endBytes = 2 * JSON.stringify(gaps).length + MAX_CURSOR_LENGTH + 1000;
  const write = (maxEncodedBytes: number) => {
    const { out, count } = renderPage(readings, layout, maxEncodedBytes - endBytes);
    const { lag, next } = restOf(readings, count);
    const nextCursor = writeCursor(next);
    const end: PageEnd = { nextCursor, limit: query.limit ?? null, lag, gaps };
    out.copy(Buffer.from(asText ? textEnd(end) : asLines ? ndjsonEnd(end, count === 0) : jsonEnd(end)));
    return { out, count, next, nextCursor };
  };
  const {
    page: { count, next, nextCursor },
    response,
  } = await fittedPage(encoding, write);
  let left = count;
  for (const { topic, records } of readings) {
    countRecords('out', topic, Math.min(left, records.length));
    left = Math.max(0, left - records.length);
  }
  return { response, next, nextCursor };
}

/** What is left to read after the first `count` records. */
function restOf(readings: readonly Reading[], count: number): { lag: number | null; next: Position[] } {
  let left = count;
  let lag: number | null = 0;
  const [waiting, others]: [Position[], Position[]] = [[], []];
  for (const reading of readings) {
    const { topic, partition, records, incarnation } = reading;
    const offset = left < records.length ? records[left].offset : reading.offset;
    const isShown = left > 0 && records.length > 0;
    const ofThis = reading.lagFrom(offset);
    (isShown || ofThis === 0 ? others : waiting).push({ topic, partition, offset, incarnation });
    left = Math.max(0, left - records.length);
    lag = lag === null || ofThis === null ? null : lag + ofThis;
  }
  return { lag, next: [...waiting, ...others] };
}

/** The formats of keys and values in the response. */
async function shownAs({ readings }: ReadPage, query: ReadParameters, deadline: number): Promise<ShownFormats> {
  const { format: value, keyFormat: key, logical = 'digits' } = query;
  if (!isSchemaFormat(key) && !isSchemaFormat(value)) return { key: recordFormats[key], value: recordFormats[value] };
  // Only the zips of deployments with a schema registry contain it.
  const { shownFormats } = await import('../schemas/shown-formats.optional.ts');
  const records = readings.flatMap((reading) => reading.records);
  return shownFormats(records, { key, value }, deadline, logical);
}
