import { allow, allowGroup, mayOn } from '../../admission/grants.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { GatewayError } from '../../errors.ts';
import { negotiate } from '../../http/media-types.ts';
import { queryAfter } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { type GatewayResponse, MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { type ReadPage, readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { ReadPosition } from '../../kafka/fetch/reading.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import { topicNames } from '../../kafka/topics/topic-names.ts';
import { noTopicsNamed, tooManyPartitions } from '../../messages/read.ts';
import { type Position, readCursor, writeCursor } from '../../records/responses/cursor.ts';
import { MAX_CURSOR_LENGTH } from './cursor-size.ts';
import { commitPage, givenPositions } from './delivery.ts';
import { pageTypes, showPage } from './read-page.ts';
import { keptParameters, type ReadParameters, readParameters } from './read-query.ts';

type Request = GatewayRequest<'GET /topics/{topics}/records'>;

/**
 * `GET /topics/{topics}/records?cursor=`: all partitions of one or more topics, page by page. Nothing is remembered, but for the offsets of
 * a consumer group where the client asks for that.
 */
export async function readTopics(request: Request): Promise<GatewayResponse> {
  const { topics } = request.path;
  const cluster = await kafkaCluster(request);
  for (const topic of topics) allow(request, 'read', topic);
  const mediaType = negotiate(request.headers.accept, pageTypes);
  const query = readParameters(request.query);
  const { delivery, matches } = query;
  if (delivery.mode !== 'at-least-once') allowGroup(request, 'commit', delivery.group);
  if (topics.length === 0 && matches === null) throw noTopicsNamed();
  await countAgainstLimits(
    request,
    'read',
    topics.map((topic) => ({ topic })),
  );

  const { positions, page } = await readWanted(cluster, request, query);
  const { body, next, nextCursor } = showPage(page, mediaType, query);
  await commitPage(cluster, delivery, query.cursor === undefined ? null : positions, next, request.deadline);
  return { mediaType, headers: { link: `<${queryAfter(request.query, { cursor: nextCursor }, keptParameters)}>; rel="next"` }, body };
}

/** A topic that matches a pattern may have been deleted since names were looked at: then they are looked at again. */
async function readWanted(cluster: Cluster, request: Request, query: ReadParameters): Promise<Read> {
  const began = Date.now();
  try {
    return await readOnce(cluster, request, query, await wantedTopics(cluster, request, query));
  } catch (error) {
    if (query.matches === null || !(error instanceof GatewayError) || error.name !== 'TopicNotFound') throw error;
    return readOnce(cluster, request, query, await wantedTopics(cluster, request, query, began));
  }
}

/** The topics named, and of those that match the pattern the ones that may be read. */
async function wantedTopics(cluster: Cluster, request: Request, { matches }: ReadParameters, newerThan?: number): Promise<string[]> {
  const { topics } = request.path;
  if (matches === null) return [...topics];
  const mayRead = mayOn(request, 'topics');
  const names = await topicNames(cluster, request.deadline, newerThan);
  return [...new Set([...topics, ...names.filter((name) => matches(name) && mayRead('read', name))])];
}

interface Read {
  /** Where the page begins. */
  positions: ReadPosition[];
  page: ReadPage;
}

async function readOnce(cluster: Cluster, { deadline }: Request, query: ReadParameters, topics: readonly string[]): Promise<Read> {
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
  const positions = await startPositions(cluster, topics, {
    given: await givenPositions(cluster, query.delivery, cursor, topics, deadline),
    from: cursor === null ? query.from : 'earliest',
    to: query.to ?? null,
    mayMiss: query.matches !== null,
    isolation: query.isolation,
    deadline,
  });
  checkCursorLength(positions);
  const page = await readPartitions(cluster, positions, {
    isolation: query.isolation,
    maxBytes: Math.min(query.max_bytes, MAX_ENCODED_BYTES),
    maxRecords: query.limit ?? Number.MAX_SAFE_INTEGER,
    waitMs: query.timeout,
    deadline,
    keep: query.keep,
  });
  return { positions, page };
}

function checkCursorLength(positions: readonly Position[]): void {
  if (writeCursor(positions).length <= MAX_CURSOR_LENGTH) return;
  throw tooManyPartitions(positions.length);
}
