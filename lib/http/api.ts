/**
 * Every route of the API. Requests are matched against the whole table, whichever function they reach, so that an unknown path (404)
 * and a wrong method (405) are told apart everywhere.
 */
export const api = [
  'GET /',
  'GET /health',
  'GET /health/ready',
  'GET /openapi.json',
  'GET /docs',
  'GET /brokers',
  'GET /topics',
  'GET /topics/{topic}',
  'POST /topics/{topic}',
  'GET /topics/{topic}/offsets',
  'GET /topics/{topics}/records',
  'GET /topics/{topic}/partitions',
  'GET /topics/{topic}/partitions/{partition}',
  'POST /topics/{topic}/partitions/{partition}',
  'GET /topics/{topic}/partitions/{partition}/offsets',
  'GET /topics/{topic}/partitions/{partition}/records',
  'GET /topics/{topic}/partitions/{partition}/messages',
  'POST /records',
  'POST /admin/topics',
  'GET /v3/clusters',
  'GET /v3/clusters/{cluster}',
  'GET /v3/clusters/{cluster}/brokers',
  'GET /v3/clusters/{cluster}/brokers/{broker}',
  'GET /v3/clusters/{cluster}/topics',
  'POST /v3/clusters/{cluster}/topics',
  'GET /v3/clusters/{cluster}/topics/{topic}',
  'DELETE /v3/clusters/{cluster}/topics/{topic}',
  'GET /v3/clusters/{cluster}/topics/{topic}/configs',
  'GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}',
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions',
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}',
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas',
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}',
  'POST /v3/clusters/{cluster}/topics/{topic}/records',
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch',
  'GET /groups',
  'GET /groups/{group}',
  'DELETE /groups/{group}',
  'GET /groups/{group}/offsets',
  'PUT /groups/{group}/offsets',
  'DELETE /groups/{group}/offsets',
  'POST /pubsub',
] as const;

/** A route by its method and path pattern, as API Gateway writes it: `GET /topics/{topic}`. */
export type RouteKey = (typeof api)[number];

/** Every path parameter that a route can have, parsed. */
export interface PathParameters {
  /** A legal topic name; the topic need not exist. */
  readonly topic: string;
  /** Legal names of topics, each once; none where the path has a `*`. */
  readonly topics: readonly string[];
  /** A non-negative 32-bit integer; the partition need not exist. */
  readonly partition: number;
  /** Any text: which cluster there is, Kafka knows. */
  readonly cluster: string;
  /** A non-negative 32-bit integer; the broker need not exist. */
  readonly broker: number;
  /** Any text: which settings a topic has, Kafka knows. */
  readonly config: string;
  /** The name of a consumer group, any text but the empty one; the group need not exist. */
  readonly group: string;
}

/** True for a path of v3 of the API, which has other media types than the rest. */
export const isV3 = (path: string): boolean => path === '/v3' || path.startsWith('/v3/');

type NamesIn<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The parameters in a route's path: `{ topic, partition }` for `GET /topics/{topic}/partitions/{partition}`, nothing for `GET /topics`. */
export type PathOf<Key extends RouteKey> = Key extends RouteKey ? Pick<PathParameters, NamesIn<Key> & keyof PathParameters> : never;
