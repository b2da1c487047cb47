import { writeCursor } from '../../lib/records/responses/cursor.ts';
import type { HttpRequest } from '../harness/lambda/api-gateway.ts';
import { type Format, produceBody, readings } from './readings.ts';

/** Writes so many readings to a topic, compressed by a codec where one is named. */
export const produceRequest = (topic: string, format: Format, count: number, compression?: string): HttpRequest => ({
  route: 'POST /topics/{topic}',
  target: `/topics/${topic}${compression === undefined ? '' : `?compression=${compression}`}`,
  headers: { accept: '*/*', 'content-type': `application/vnd.kafka.${format}.v2+json` },
  body: produceBody(format, readings(count)),
});

/** Reads partition 0 of a topic from its beginning. */
export const fetchRequest = (topic: string, format: Format, maxBytes: number): HttpRequest => ({
  route: 'GET /topics/{topic}/partitions/{partition}/records',
  target: `/topics/${topic}/partitions/0/records?offset=0&max_bytes=${maxBytes}`,
  headers: { accept: `application/vnd.kafka.${format}.v2+json` },
});

/** Reads all partitions of a topic, the cursor being at their beginnings. */
export function pageRequest(topic: string, format: 'json' | 'binary', maxBytes: number, partitions: number): HttpRequest {
  const cursor = writeCursor(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
  return {
    route: 'GET /topics/{topic}/records',
    target: `/topics/${topic}/records?cursor=${cursor}&max_bytes=${maxBytes}&format=${format}`,
    headers: { accept: 'application/json' },
  };
}
