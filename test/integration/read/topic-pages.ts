import assert from 'node:assert/strict';
import { type Answer, call, type RequestParts } from '../../harness/http/gateway.ts';
import type { FetchedRecord } from '../../harness/http/requests.ts';

/** A page of many partitions. */
export interface TopicPage {
  items: (FetchedRecord & { id: string })[];
  pagination: { nextCursor: string; limit: number | null; lag: number | null };
  gaps: { topic: string; partition: number; from: number; to: number }[];
}

/** Asks for a page of topics: names separated by commas, or a star. */
export const readPage = (
  topics: string,
  query: NonNullable<RequestParts['query']> = '',
  parts: Omit<RequestParts, 'query' | 'body'> = {},
): Promise<Answer<TopicPage>> => call('GET', `/topics/${topics}/records`, { ...parts, query });

/** Reads page by page, as the cursors say, until nothing is left. */
export async function readAll(topics: string, query: Record<string, string | number>, first: string | null = null): Promise<TopicPage[]> {
  const pages: TopicPage[] = [];
  let cursor = first;
  for (;;) {
    const { status, json, text } = await readPage(topics, { timeout: 0, ...query, ...(cursor !== null && { cursor }) });
    assert.equal(status, 200, text);
    pages.push(json);
    if (json.pagination.lag === 0) return pages;
    cursor = json.pagination.nextCursor;
  }
}

/** Where the records of pages are: `partition:offset`. */
export const placesOf = (...pages: TopicPage[]): string[] =>
  pages.flatMap(({ items }) => items.map(({ partition, offset }) => `${partition}:${offset}`));

/** The values of pages' records, in their order. */
export const valuesOf = (...pages: TopicPage[]): unknown[] => pages.flatMap(({ items }) => items.map(({ value }) => value));
