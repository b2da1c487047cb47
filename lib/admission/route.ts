import type { Operation } from '../access/operations.ts';
import { kafkaCluster } from '../clusters/kafka-cluster.ts';
import type { PathOf, RouteKey } from '../http/api.ts';
import { negotiate } from '../http/media-types.ts';
import { type Parameter, parseQuery } from '../http/query.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { count, grant, type Intent } from './admit.ts';
import type { DescribedRoute } from './described-route.ts';

/** Media types of an answer, in the order of preference. */
type Offers = readonly [string, ...string[]];

/** The parameters of a query, or a function for those that depend on each other or on the configuration. */
type QueryReader<Query extends Record<string, unknown>> =
  | { readonly [Name in keyof Query]: Parameter<Query[Name]> }
  | ((query: GatewayRequest['query']) => Query);

/** A request that has passed the checks so far. */
interface Asked<Key extends RouteKey, Query, Content> {
  readonly request: GatewayRequest<Key>;
  readonly cluster: Cluster;
  readonly query: Query;
  readonly content: Content;
}

/** The declaration of a route. */
export interface RouteSpec<Key extends RouteKey, Query extends Record<string, unknown>, Content, Found> {
  /** As grants and limits name it; null for what is free to all callers, or is admitted piece by piece. */
  readonly operation: Operation | null;
  readonly offers: Offers | ((request: GatewayRequest<Key>) => Offers);
  /** When Kafka must have accepted the caller, in Unix milliseconds, if that is not the deadline of the request. */
  readonly acceptedBy?: (request: GatewayRequest<Key>) => number;
  /** The topics and groups in the path, for which grants are needed. */
  readonly names?: (path: PathOf<Key>) => Omit<Intent, 'operation'>;
  readonly query?: QueryReader<Query>;
  /** Reads the body, and checks what goes with what. It asks nobody. */
  readonly read?: (request: GatewayRequest<Key>, query: Query) => Content | Promise<Content>;
  /** The topics, groups and records that query and body add to them. It asks nobody. */
  readonly more?: (asked: Asked<Key, Query, Content>) => Omit<Intent, 'operation'>;
  /** Finds in Kafka what the request is about, where neither path nor query nor body can say it. */
  readonly find?: (asked: Asked<Key, Query, Content>) => Promise<Found>;
  /** The topics that were found, to be counted with those named. */
  readonly topicsFound?: (asked: Asked<Key, Query, Content> & { readonly found: Found }) => readonly string[];
  readonly answer: (
    asked: Asked<Key, Query, Content> & { readonly found: Found; readonly mediaType: string },
  ) => GatewayResponse | Promise<GatewayResponse>;
}

/**
 * Makes a route that asks Kafka. Every request passes the same checks in the same order: who is calling (`functionHandler`), the
 * cluster, the media type of the answer, grants for names in the path, query and body, grants for names in those, limits. Nothing that
 * fails before the limits is counted, and neither Kafka nor DynamoDB is asked for it, but for Kafka where it has to accept the caller.
 *
 * @example export const brokers = route('GET /brokers', { operation: 'describe', offers: genericTypes, answer: … });
 */
export function route<
  Key extends RouteKey,
  Query extends Record<string, unknown> = Record<never, never>,
  Content = undefined,
  Found = undefined,
>(key: Key, spec: RouteSpec<Key, Query, Content, Found>): DescribedRoute<Key>;
export function route(_key: RouteKey, spec: RouteSpec<RouteKey, Record<string, unknown>, unknown, unknown>): DescribedRoute<RouteKey> {
  const { operation } = spec;
  const serve = async (request: GatewayRequest): Promise<GatewayResponse> => {
    const cluster = await kafkaCluster(request, spec.acceptedBy?.(request));
    const mediaType = negotiate(request.headers.accept, typeof spec.offers === 'function' ? spec.offers(request) : spec.offers);
    const named = spec.names?.(request.path);
    if (operation !== null) grant(request, { operation, ...named });
    const query = typeof spec.query === 'function' ? spec.query(request.query) : parseQuery(request.query, spec.query ?? {});
    const content = await spec.read?.(request, query);
    const asked = { request, cluster, query, content };
    const more = spec.more?.(asked);
    if (operation !== null && more !== undefined) grant(request, { operation, ...more });
    const found = spec.find === undefined ? undefined : await spec.find(asked);
    if (operation !== null) {
      const topics = [...(named?.topics ?? []), ...(more?.topics ?? []), ...(spec.topicsFound?.({ ...asked, found }) ?? [])];
      const counting = count(request, { operation, topics, ...(more?.records && { records: more.records }) });
      if (counting) await counting;
    }
    return { mediaType, ...(await spec.answer({ ...asked, found, mediaType })) };
  };
  return Object.assign(serve, { operation, asksKafka: true });
}
