import assert from 'node:assert/strict';
import { type Answer, call, type RequestParts } from '../../harness/http/gateway.ts';
import { type FetchedRecord, produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

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

/** A topic with `count` records in each of its partitions: `{"n":0}`, `{"n":1}` … at the times 10000, 11000 … */
export async function topicWith(count: number, of: number): Promise<string> {
  const topic = await createTopic({ partitions: of });
  const records = Array.from({ length: of * count }, (_, i) => {
    const n = Math.floor(i / of);
    return { partition: i % of, key: `k${n}`, value: { n }, timestamp: 10_000 + n * 1000 };
  });
  if (count > 0) await produce(topic, 'json', records);
  return topic;
}
