import { integer, optional, parseQuery, type Query, withDefault } from '../../http/query.ts';
import { groupInStream, schemasInStream } from '../../messages/streams.ts';
import { isSchemaFormat } from '../../records/formats/schema-formats.ts';
import { readParameters } from '../read/read-query.ts';

/** Less than the 15 min of a Lambda function, with time to end the stream. */
const LONGEST_MS = 14 * 60_000;
const SHORTEST_MS = 1000;

const parameters = {
  max_duration: withDefault(integer({ min: SHORTEST_MS, max: LONGEST_MS }), 5 * 60_000),
  idle: optional(integer({ min: SHORTEST_MS, max: LONGEST_MS })),
};

/**
 * The parameters of a stream: those of a page, but a stream begins at the end of the log by default, `limit` is for the whole stream, and
 * no offsets are committed.
 *
 * @throws {GatewayError} BadRequest as `readParameters`, and for a consumer group
 */
export function streamParameters(query: Query) {
  const { max_duration: maxDuration, idle } = parseQuery(query, parameters);
  const page = readParameters(query);
  if (page.delivery.mode !== 'at-least-once') throw groupInStream();
  const { format, keyFormat } = page;
  if (isSchemaFormat(format) || isSchemaFormat(keyFormat)) throw schemasInStream();
  return { ...page, format, keyFormat, from: query.has('from') ? page.from : ('latest' as const), maxDuration, idle };
}
