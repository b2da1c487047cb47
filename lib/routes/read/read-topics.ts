import { route } from '../../admission/route.ts';
import { GatewayError } from '../../errors.ts';
import { acceptedEncoding } from '../../http/content-encoding.ts';
import { expectBytes } from '../../http/heap-growth.ts';
import { queryAfter } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { type ReadPage, readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { ReadPosition } from '../../kafka/fetch/reading.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { remedied } from '../../messages/message.ts';
import { continueWithCursor, noTopicsNamed } from '../../messages/read.ts';
import { type Position, readCursor, writeCursor } from '../../records/responses/cursor.ts';
import { streamElsewhere, wantsStream } from '../streams/wants-stream.ts';
import { tracedRead } from '../traced/traced-read.ts';
import { checkCursorLength } from './cursor-size.ts';
import { roomFor } from './fitted-page.ts';
import { commitPage, givenPositions } from './group-position.ts';
import { matchingTopics } from './matching-topics.ts';
import { pageTypes, showPage } from './read-page.ts';
import { keptParameters, type ReadParameters, readParameters } from './read-query.ts';
import { visibleTo } from './visible-records.ts';

type Request = GatewayRequest<'GET /topics/{topics}/records'>;

/**
 * Records of all partitions of one or more topics, page by page. The gateway stores nothing, except the offsets of a consumer group if the
 * client asks for it.
 */
export const readTopics = route('GET /topics/{topics}/records', {
  operation: 'read',
  offers(request) {
    if (wantsStream(request)) throw streamElsewhere();
    return pageTypes;
  },
  names: ({ topics }) => ({ topics }),
  query: readParameters,
  read({ path: { topics } }, { matches }) {
    if (topics.length > 0 || matches !== null) return;
    throw noTopicsNamed();
  },
  more: ({ query: { delivery } }) => (delivery.mode === 'at-least-once' ? {} : { groups: [delivery.group], toGroups: 'commit' }),
  find: ({ request, cluster, query }) => matchingTopics(cluster, request, query),
  topicsFound: ({ found }) => found,
  async answer({ request, cluster, query, found, mediaType }) {
    const { positions, page } = await readWanted(cluster, request, query, found);
    const encoding = acceptedEncoding(request.headers['accept-encoding']);
    const { response, next, nextCursor } = await showPage(page, mediaType, query, request.deadline, encoding);
    // A HEAD request gets no records, so its client cannot have processed any.
    const begin = query.cursor === undefined ? null : positions;
    if (request.method !== 'HEAD') await commitPage(cluster, query.delivery, begin, next, request.deadline);
    return { ...response, headers: { ...response.headers, ...linkTo(nextCursor, request) } };
  },
});

const linkTo = (cursor: string, { query }: Request) => ({
  link: `<${queryAfter(query, { cursor }, keptParameters)}>; rel="next"`,
});

/** A topic that matches a pattern may have been deleted since its name was cached: then the names are fetched again. */
async function readWanted(cluster: Cluster, request: Request, query: ReadParameters, matching: readonly string[]): Promise<PageRead> {
  const began = Date.now();
  const { topics } = request.path;
  try {
    return await readOnce(cluster, request, query, [...topics, ...matching]);
  } catch (error) {
    if (query.matches === null || !(error instanceof GatewayError) || error.name !== 'TopicNotFound') throw error;
    return readOnce(cluster, request, query, [...topics, ...(await matchingTopics(cluster, request, query, { newerThan: began }))]);
  }
}

interface PageRead {
  /** Where the page begins. */
  positions: ReadPosition[];
  page: ReadPage;
}

async function readOnce(cluster: Cluster, request: Request, query: ReadParameters, topics: readonly string[]): Promise<PageRead> {
  const { deadline } = request;
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
  // A client can begin without its cursor, but not without what its group has committed.
  const mayBeAnew = query.matches !== null || (cursor === null && query.delivery.mode !== 'at-least-once');
  const given = await givenPositions(cluster, query.delivery, cursor, topics, deadline);
  const positions = await startPositions(cluster, topics, {
    given,
    from: cursor === null ? query.from : 'earliest',
    to: query.to ?? null,
    mayMiss: query.matches !== null,
    mayBeAnew,
    // A position that is committed in another topic of the name would hide what comes before it from the group.
    ...(cursor !== null && query.delivery.mode !== 'at-least-once' && { unseenMs: 0 }),
    isolation: query.isolation,
    deadline,
  });
  checkCursorLength(positions, given);
  const room = roomFor(acceptedEncoding(request.headers['accept-encoding']));
  expectBytes(query.max_bytes);
  const options = {
    isolation: query.isolation,
    maxBytes: Math.min(query.max_bytes, room),
    largest: room,
    maxRecords: query.limit ?? Number.MAX_SAFE_INTEGER,
    waitMs: query.timeout,
    deadline,
    keep: query.keep,
    visible: visibleTo(request.caller),
    mayBeAnew,
  };
  const reading = tracedRead(
    request.trace,
    { operation: 'poll', topics },
    () => readPartitions(cluster, positions, options),
    ({ readings }) => readings.flatMap(({ records }) => records),
  );
  const page = await reading.catch((error: unknown) => {
    throw error instanceof GatewayError ? withWayOn(error, positions, request) : error;
  });
  return { positions, page };
}

/** Adds the position after an unreadable batch to an error; the other partitions stay where they are. */
function withWayOn(error: GatewayError, positions: readonly Position[], request: Request): GatewayError {
  if (error.goOn === null) return error;
  const { topic, partition, offset } = error.goOn;
  const after = positions.map((one) => (one.topic === topic && one.partition === partition ? { ...one, offset } : one));
  const cursor = writeCursor(after);
  return remedied(error, continueWithCursor(cursor), { 'kafka-next-offset': String(offset), ...linkTo(cursor, request) });
}
