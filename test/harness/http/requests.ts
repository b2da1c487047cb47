import assert from 'node:assert/strict';
import { type Answer, call, type RequestParts } from './gateway.ts';

export const mediaTypes = {
  generic: 'application/vnd.kafka.v2+json',
  binary: 'application/vnd.kafka.binary.v2+json',
  json: 'application/vnd.kafka.json.v2+json',
  text: 'application/vnd.kafka.text.v2+json',
};

export type Format = keyof typeof mediaTypes;

/** Where a record was written, or why not. */
export interface ProduceResult {
  topic?: string;
  partition: number | null;
  offset: number | null;
  timestamp: number | null;
  error_code: number | null;
  error: string | null;
}

export interface ProduceBody {
  offsets: ProduceResult[];
  key_schema_id: null;
  value_schema_id: null;
}

/** A record of a fetch response. */
export interface FetchedRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
  key: unknown;
  value: unknown;
  headers: { key: string; value: string | null }[];
  raw_key?: string | null;
  raw_value?: string | null;
  error?: { error_code: number; message: string };
}

export const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');

/** Posts a body of records, given as JSON text or as a value to serialize. */
export function post(path: string, format: Format, body: unknown, parts: Omit<RequestParts, 'body'> = {}): Promise<Answer<ProduceBody>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return call('POST', path, { ...parts, headers: { 'content-type': mediaTypes[format], ...parts.headers }, body: text });
}

/** Produces records, all of which must be acknowledged; returns where each one is. */
export async function produce(
  topic: string,
  format: Format,
  records: object[],
  parts: Omit<RequestParts, 'body'> = {},
): Promise<ProduceResult[]> {
  const { status, json, text } = await post(`/topics/${topic}`, format, { records }, parts);
  assert.equal(status, 200, text);
  for (const result of json.offsets) assert.equal(result.error, null);
  return json.offsets;
}

/** Produces one text value to a topic; returns where it is. */
export const produceText = async (topic: string, value: string, parts: Omit<RequestParts, 'body'> = {}): Promise<ProduceResult> => {
  const [result] = await produce(topic, 'text', [{ value }], parts);
  return result;
};

/** Fetches records of a partition, in a format. */
export const fetchPage = (
  topic: string,
  format: Format,
  query: NonNullable<RequestParts['query']>,
  { partition = 0, ...parts }: { partition?: number } & Omit<RequestParts, 'query' | 'body'> = {},
): Promise<Answer<FetchedRecord[]>> =>
  call('GET', `/topics/${topic}/partitions/${partition}/records`, {
    ...parts,
    query,
    headers: { accept: mediaTypes[format], ...parts.headers },
  });

/** The query of the next page, from the Link header. */
export function nextQuery({ headers }: Pick<Answer, 'headers'>): string {
  const [, query] = /^<\?([^>]*)>; rel="next"$/.exec(headers.link) ?? [];
  assert.ok(query, `a link to the next page in ${headers.link}`);
  return query;
}

/** Reads a partition from a query to its end, page by page, by the links. */
export async function followLinks(
  topic: string,
  format: Format,
  first: NonNullable<RequestParts['query']>,
  partition = 0,
): Promise<FetchedRecord[][]> {
  const pages: FetchedRecord[][] = [];
  let query = first;
  for (;;) {
    const page = await fetchPage(topic, format, query, { partition });
    assert.equal(page.status, 200, page.text);
    if (page.json.length > 0) pages.push(page.json);
    if (page.headers['kafka-next-offset'] === page.headers['kafka-high-watermark']) return pages;
    query = nextQuery(page);
  }
}
