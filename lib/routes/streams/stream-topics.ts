import { route } from '../../admission/route.ts';
import { accessConfig } from '../../config/access.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { runningVersion } from '../../config/running.ts';
import type { GatewayError } from '../../errors.ts';
import { mediaTypes } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { logError } from '../../http/request-log.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { ReadPosition } from '../../kafka/fetch/reading.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { noTopicsNamed } from '../../messages/read.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { readCursor } from '../../records/responses/cursor.ts';
import { withoutSchemaHeader } from '../../records/responses/schema-header.ts';
import { encodedOnce } from '../../streams/encoded-once.ts';
import type { Shown, StreamEncoder } from '../../streams/encoder.ts';
import { follow, type StreamSummary } from '../../streams/follow.ts';
import { jsonLines } from '../../streams/ndjson.ts';
import { joinTail, sharedPages } from '../../streams/shared-tail.ts';
import { serverSentEvents } from '../../streams/sse.ts';
import { type TailOptions, type TailPage, tail } from '../../streams/tail.ts';
import { log } from '../../telemetry/log.ts';
import { checkCursorLength } from '../read/cursor-size.ts';
import { matchingTopics } from '../read/matching-topics.ts';
import { visibleTo } from '../read/visible-records.ts';
import { type TracedStream, traceStream } from '../traced/traced-stream.ts';
import { streamParameters } from './stream-query.ts';

type Request = GatewayRequest<'GET /topics/{topics}/records'>;
type Query = ReturnType<typeof streamParameters>;

/** Reserved before the invocation ends, to tell the client that the stream ends. */
const GOODBYE_MS = 10_000;
/** The most bytes of keys and values that a stream holds at a time. */
const MAX_HELD_BYTES = 1024 * 1024;

const eventsFirst = [mediaTypes.eventStream, mediaTypes.jsonLines] as const;
const linesFirst = [mediaTypes.jsonLines, mediaTypes.eventStream] as const;
const encoders: Readonly<Record<string, typeof jsonLines>> = {
  [mediaTypes.eventStream]: serverSentEvents,
  [mediaTypes.jsonLines]: jsonLines,
};

/**
 * Streams records of all partitions of one or more topics. The gateway stores nothing: a client can continue from a cursor in any process.
 */
export const streamTopics = route('GET /topics/{topics}/records', {
  operation: 'read',
  offers: ({ query }) => (query.get('follow')?.includes('true') ? linesFirst : eventsFirst),
  names: ({ topics }) => ({ topics }),
  query: streamParameters,
  read({ path: { topics } }, { matches }) {
    if (topics.length > 0 || matches !== null) return;
    throw noTopicsNamed();
  },
  find: ({ request, cluster, query }) => matchingTopics(cluster, request, query),
  topicsFound: ({ found }) => found,
  async answer({ request, cluster, query, found, mediaType }) {
    const until = Math.min(
      Date.now() + query.maxDuration,
      request.servedUntil - GOODBYE_MS,
      request.caller.expiresAt ?? Number.POSITIVE_INFINITY,
    );
    const shown: Shown = { formats: { key: recordFormats[query.keyFormat], value: recordFormats[query.format] }, shown: query.shown };
    const encoder = encoders[mediaType](shown);
    const options = tailOptions(cluster, request, query, until);
    const source = mayShare(request, query, options)
      ? await sharedSource(cluster, request, query, options, encodedOnce(encoder, formOf(query, mediaType)))
      : await ownSource(cluster, request, query, found, options, encoder);
    const { start } = source;
    const traced = traceStream(request.trace);
    const chunks = follow(source.pages, source.encoder, {
      start,
      until,
      idleMs: query.idle ?? Number.POSITIVE_INFINITY,
      gone: request.gone,
      closing: request.closing,
      isAllowed: underSameRules(),
      requestId: request.requestId,
      onPage: traced?.onPage,
      onEnd: logStream(request, traced),
    });
    return { headers: { 'x-accel-buffering': 'no' }, body: '', stream: { chunks, until } };
  },
});

/** The parts of a stream. */
interface Source {
  start: readonly ReadPosition[];
  pages: AsyncGenerator<TailPage, void>;
  encoder: StreamEncoder;
}

async function ownSource(
  cluster: Cluster,
  request: Request,
  query: Query,
  found: readonly string[],
  options: TailOptions,
  encoder: StreamEncoder,
): Promise<Source> {
  const start = await startOf(cluster, request, query, found);
  return { start, pages: tail(cluster, start, options), encoder };
}

/**
 * Whether the stream may share its reads with others: in a process with many clients, if it begins now and wants all records. A stream that
 * begins now may then show records that were written a moment before.
 */
function mayShare({ gone, path, headers }: Request, query: Query, { keep, to, visible }: TailOptions): boolean {
  if (gone === null || query.matches !== null || keep !== null || to !== null || query.limit !== undefined) return false;
  if (query.cursor !== undefined || headers['last-event-id'] || query.from !== 'latest') return false;
  return path.topics.every((topic) => visible(topic) === null);
}

async function sharedSource(
  cluster: Cluster,
  request: Request,
  query: Query,
  options: TailOptions,
  encoder: StreamEncoder,
): Promise<Source> {
  const { topics } = request.path;
  const kind = JSON.stringify([topics, options.isolation, options.maxBytes]);
  const seat = await joinTail(cluster, kind, {
    begin: () => startOf(cluster, request, query, []),
    open: (start, stop) => tail(cluster, start, { ...options, topics: async () => topics, until: Number.POSITIVE_INFINITY, stops: [stop] }),
  });
  return { start: seat.position, pages: sharedPages(seat, (start) => tail(cluster, start, options), options.stops), encoder };
}

/** Equal for streams that show the same page in the same way. */
const formOf = ({ format, keyFormat, shown }: Query, mediaType: string): string =>
  JSON.stringify([mediaType, format, keyFormat, shown === withoutSchemaHeader]);

/** A browser that reconnects to the same URL adds `Last-Event-ID`, so it is newer than the cursor in the URL. */
async function startOf(cluster: Cluster, request: Request, query: Query, found: readonly string[]): Promise<ReadPosition[]> {
  const cursor = request.headers['last-event-id'] || query.cursor;
  const given = cursor === undefined ? [] : readCursor(cursor);
  const start = await startPositions(cluster, [...request.path.topics, ...found], {
    given,
    from: cursor === undefined ? query.from : 'earliest',
    to: query.to ?? null,
    mayMiss: query.matches !== null,
    isolation: query.isolation,
    deadline: request.deadline,
  });
  checkCursorLength(start, given);
  return start;
}

function tailOptions(cluster: Cluster, request: Request, query: Query, until: number): TailOptions {
  const { topics } = request.path;
  return {
    isolation: query.isolation,
    maxBytes: Math.min(query.max_bytes, MAX_HELD_BYTES),
    largest: MAX_ENCODED_BYTES,
    maxRecords: query.limit ?? Number.MAX_SAFE_INTEGER,
    keep: query.keep,
    visible: visibleTo(request.caller),
    to: query.to ?? null,
    topics: async (deadline, newerThan) => [...topics, ...(await matchingTopics(cluster, request, query, { deadline, newerThan }))],
    mayMiss: query.matches !== null,
    until,
    stops: [request.gone, request.closing].filter((signal) => signal !== null),
  };
}

/** Says whether grants and row filters are still those of now: by others, the client's next request is judged anew. */
function underSameRules(): () => Promise<boolean> {
  const { grants, rowFilters } = accessConfig();
  let version = runningVersion();
  return async () => {
    await freshConfiguration();
    if (runningVersion() === version) return true;
    version = runningVersion();
    const now = accessConfig();
    return JSON.stringify([now.grants, now.rowFilters]) === JSON.stringify([grants, rowFilters]);
  };
}

function logStream({ requestId, principal, trace }: Request, traced: TracedStream | null): (summary: StreamSummary) => Promise<void> {
  const startedAt = performance.now();
  return async ({ ended, records, bytes, error }) => {
    const ms = Math.round(performance.now() - startedAt);
    if (error !== null) logError(error, { requestId, principal });
    const ofTrace = trace && { trace_id: trace.traceId, spansDropped: (traced && (await traced.end())) || undefined };
    log.info('stream', 'stream', { requestId, ended, error: nameOf(error), records, bytes, ms, principal, ...ofTrace });
  };
}

const nameOf = (error: GatewayError | null): string | undefined => error?.name;
