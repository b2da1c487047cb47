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

/** Media types of a response, in the order of preference. */
type Offers = readonly [string, ...string[]];

/** The query parameters, or a function if they depend on each other or on the configuration. */
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
  /** The operation for grants and limits; null if all callers may do it, or if the route admits its parts itself. */
  readonly operation: Operation | null;
  readonly offers: Offers | ((request: GatewayRequest<Key>) => Offers);
  /** By when Kafka must have accepted the caller, in Unix milliseconds, if not by the request's deadline. */
  readonly acceptedBy?: (request: GatewayRequest<Key>) => number;
  /** The topics and groups in the path that need a grant. */
  readonly names?: (path: PathOf<Key>) => Omit<Intent, 'operation'>;
  readonly query?: QueryReader<Query>;
  /** Reads the body, and checks that it and the query fit together. Must not make network calls. */
  readonly read?: (request: GatewayRequest<Key>, query: Query) => Content | Promise<Content>;
  /** The topics, groups and records that the query and the body add. Must not make network calls. */
  readonly more?: (asked: Asked<Key, Query, Content>) => Omit<Intent, 'operation'>;
  /** Looks up in Kafka what the request concerns, if path, query and body do not say it. */
  readonly find?: (asked: Asked<Key, Query, Content>) => Promise<Found>;
  /** The topics that `find` found, to be counted with the named ones. */
  readonly topicsFound?: (asked: Asked<Key, Query, Content> & { readonly found: Found }) => readonly string[];
  readonly answer: (
    asked: Asked<Key, Query, Content> & { readonly found: Found; readonly mediaType: string },
  ) => GatewayResponse | Promise<GatewayResponse>;
}

/**
 * Makes a route that uses Kafka. Every request passes the same checks in this order: the caller (`functionHandler`), the cluster, the
 * response's media type, grants for the names in the path, query and body, grants for the names in these, limits. A request that fails
 * before the limits is not counted, and reaches neither Kafka nor DynamoDB, unless Kafka has to accept the caller.
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
