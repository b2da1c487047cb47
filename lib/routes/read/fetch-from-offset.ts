import { route } from '../../admission/route.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { GatewayError } from '../../errors.ts';
import { acceptedEncoding } from '../../http/content-encoding.ts';
import { expectBytes } from '../../http/heap-growth.ts';
import { mediaTypes } from '../../http/media-types.ts';
import { boolean, either, integer, oneOf, optional, parseQuery, type Query, queryAfter, time, withDefault } from '../../http/query.ts';
import { type FetchedPage, type FetchPosition, fetchRecords } from '../../kafka/fetch/fetch-records.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { remedied } from '../../messages/message.ts';
import { offsetOrTimestampMissing, recordTooLargeToShow } from '../../messages/read.ts';
import { countRecords } from '../../metrics/work.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import { renderRecords } from '../../records/responses/render-records.ts';
import { recordSize } from '../../records/responses/write-record.ts';
import { type LogicalView, logicalViews } from '../../schemas/codec.ts';
import { tracedRead } from '../traced/traced-read.ts';
import { fittedPage, roomFor } from './fitted-page.ts';
import { visibleTo } from './visible-records.ts';

const offered = [mediaTypes.binary, mediaTypes.generic, mediaTypes.json, mediaTypes.text] as const;
const offeredWithSchemas = [...offered, mediaTypes.avro, mediaTypes.jsonschema, mediaTypes.protobuf] as const;
const formats: Readonly<Record<string, AnyFormatName>> = {
  [mediaTypes.binary]: 'binary',
  [mediaTypes.generic]: 'binary',
  [mediaTypes.json]: 'json',
  [mediaTypes.text]: 'text',
  [mediaTypes.avro]: 'avro',
  [mediaTypes.jsonschema]: 'jsonschema',
  [mediaTypes.protobuf]: 'protobuf',
};

/** The format of keys, also by its former name: clients that use it would get null for each key of text. */
function keyFormatOf(...names: AnyFormatName[]) {
  const format = optional(oneOf(...names));
  return { 'key-format': format, key_format: format };
}

const parameters = {
  offset: optional(either(integer({ min: 0 }), oneOf('earliest', 'latest'))),
  timestamp: optional(time),
  timeout: withDefault(integer({ min: 0 }), 1000),
  max_bytes: withDefault(integer({ min: 1 }), 1024 * 1024),
  min_bytes: withDefault(integer({ min: 0, max: MAX_INT32 }), 1),
  limit: withDefault(integer({ min: 1 }), Number.MAX_SAFE_INTEGER),
  isolation: withDefault(oneOf('read_committed', 'read_uncommitted'), 'read_committed'),
  'strip-schema-header': withDefault(boolean, false),
  ...keyFormatOf('binary', 'json', 'text'),
};

/** For clients of v1 of the REST API: they page by `count`, and do not wait at the end of the log. */
const messagesParameters = {
  ...parameters,
  timeout: withDefault(integer({ min: 0 }), 0),
  count: withDefault(integer({ min: 1 }), 1),
};

const withSchemas = { ...keyFormatOf(...Object.values(formats)), logical: optional(oneOf(...logicalViews)) };
const parametersWithSchemas = { ...parameters, ...withSchemas };
const messagesParametersWithSchemas = { ...messagesParameters, ...withSchemas };

/** The query parameters that the link to the next page keeps. */
const { offset: _offset, timestamp: _timestamp, ...others } = messagesParametersWithSchemas;
const keptParameters = new Set(Object.keys(others));

const servesSchemas = (): boolean => schemaRegistryConfig() !== null;

const recordsQuery = (query: Query) => {
  const view: { logical?: LogicalView | undefined } = {};
  return { ...view, ...parseQuery(query, servesSchemas() ? parametersWithSchemas : parameters) };
};

function messagesQuery(query: Query): ReturnType<typeof recordsQuery> {
  const view: { logical?: LogicalView | undefined } = {};
  const { count, ...others } = parseQuery(query, servesSchemas() ? messagesParametersWithSchemas : messagesParameters);
  return { ...view, ...others, limit: count };
}

type FetchKey = 'GET /topics/{topic}/partitions/{partition}/records' | 'GET /topics/{topic}/partitions/{partition}/messages';

const fetchPage = <Key extends FetchKey>(key: Key, readQuery: typeof recordsQuery) =>
  route(key, {
    operation: 'read',
    offers: () => (servesSchemas() ? offeredWithSchemas : offered),
    names: ({ topic }: { topic: string }) => ({ topics: [topic] }),
    query(query) {
      const values = readQuery(query);
      return { ...values, position: positionOf(values) };
    },
    async answer({ request, cluster, query, mediaType }) {
      const { topic, partition }: { topic: string; partition: number } = request.path;
      const wayOn = (nextOffset: number) => ({
        'kafka-next-offset': String(nextOffset),
        link: `<${queryAfter(request.query, { offset: String(nextOffset) }, keptParameters)}>; rel="next"`,
      });
      const encoding = acceptedEncoding(request.headers['accept-encoding']);
      const room = roomFor(encoding);
      expectBytes(query.max_bytes);
      const options = {
        position: query.position,
        visible: visibleTo(request.caller),
        isolation: query.isolation,
        maxBytes: Math.min(query.max_bytes, room),
        minBytes: query.min_bytes,
        waitMs: query.timeout,
        largest: room,
        maxRecords: query.limit,
        deadline: request.deadline,
      };
      const fetching = tracedRead(
        request.trace,
        { operation: 'poll', topics: [topic] },
        () => fetchRecords(cluster, topic, partition, options),
        ({ records }) => records,
      );
      const page = await fetching.catch((error: unknown) => {
        throw error instanceof GatewayError && error.goOn !== null ? remedied(error, error.remedy, wayOn(error.goOn.offset)) : error;
      });
      const value = formats[mediaType];
      const shown = await shownAs(
        page,
        { key: query['key-format'] ?? query.key_format ?? value, value },
        query.logical ?? 'digits',
        request.deadline,
      );
      const stripSchemaHeader = query['strip-schema-header'];
      const write = (maxEncodedBytes: number) =>
        renderRecords(shown.value, topic, partition, page.records, { keyFormat: shown.key, maxEncodedBytes, stripSchemaHeader });
      const { page: written, response } = await fittedPage(encoding, write);
      const { count } = written;
      const [first] = page.records;
      if (count === 0 && first !== undefined) {
        throw recordTooLargeToShow.with({ headers: wayOn(first.offset + 1) }, first.offset, recordSize(first));
      }
      countRecords('out', topic, count);
      const nextOffset = count < page.records.length ? page.records[count].offset : page.nextOffset;
      return {
        ...response,
        headers: {
          ...response.headers,
          ...wayOn(nextOffset),
          'kafka-high-watermark': String(page.highWatermark),
          'kafka-log-start-offset': String(page.logStartOffset),
        },
      };
    },
  });

/** Records of a partition from an offset or a time on, without a consumer or a group; the gateway stores nothing. */
export const fetchFromOffset = fetchPage('GET /topics/{topic}/partitions/{partition}/records', recordsQuery);

/** The same for clients of v1. */
export const fetchMessages = fetchPage('GET /topics/{topic}/partitions/{partition}/messages', messagesQuery);

/** The formats of keys and values in the response. */
async function shownAs(
  { records }: FetchedPage,
  { key, value }: { key: AnyFormatName; value: AnyFormatName },
  view: LogicalView,
  deadline: number,
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  if (isSchemaFormat(key) || isSchemaFormat(value)) {
    // Only the zips of deployments with a schema registry contain it.
    const { shownFormats } = await import('../schemas/shown-formats.optional.ts');
    return shownFormats(records, { key, value }, deadline, view);
  }
  return { key: recordFormats[key], value: recordFormats[value] };
}

function positionOf({
  offset,
  timestamp,
}: {
  offset?: number | 'earliest' | 'latest' | undefined;
  timestamp?: number | undefined;
}): FetchPosition {
  if (offset !== undefined && timestamp === undefined) return { offset };
  if (offset === undefined && timestamp !== undefined) return { timestamp };
  throw offsetOrTimestampMissing();
}
