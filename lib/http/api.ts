/** The routes of the API, by the function that serves them. */
export const routesOf = {
  'topic-metadata': [
    'GET /',
    'GET /health',
    'GET /health/ready',
    'GET /healthy',
    'GET /ready',
    'GET /whoami',
    'GET /brokers',
    'GET /topics',
    'GET /topics/{topic}',
    'GET /topics/{topic}/partitions',
    'GET /topics/{topic}/partitions/{partition}',
    'GET /v3/clusters',
    'GET /v3/clusters/{cluster}',
    'GET /v3/clusters/{cluster}/brokers',
    'GET /v3/clusters/{cluster}/brokers/{broker}',
    'GET /v3/clusters/{cluster}/topics',
    'GET /v3/clusters/{cluster}/topics/{topic}',
    'GET /v3/clusters/{cluster}/topics/{topic}/configs',
    'GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}',
    'GET /v3/clusters/{cluster}/topics/{topic}/partitions',
    'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}',
    'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas',
    'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}',
  ],
  openapi: ['GET /openapi.json', 'GET /openapi/v3', 'GET /docs'],
  console: ['GET /console', 'GET /console/{file}'],
  produce: [
    'POST /topics/{topic}',
    'POST /topics/{topic}/partitions/{partition}',
    'POST /records',
    'POST /v3/clusters/{cluster}/topics/{topic}/records',
    'POST /v3/clusters/{cluster}/topics/{topic}/records:batch',
  ],
  'list-offsets': ['GET /topics/{topic}/offsets', 'GET /topics/{topic}/partitions/{partition}/offsets', 'GET /topics/{topics}/summary'],
  'read-topics': ['GET /topics/{topics}/records'],
  'fetch-from-offset': ['GET /topics/{topic}/partitions/{partition}/records', 'GET /topics/{topic}/partitions/{partition}/messages'],
  'create-topic': ['POST /admin/topics', 'POST /v3/clusters/{cluster}/topics'],
  'delete-topic': ['DELETE /v3/clusters/{cluster}/topics/{topic}'],
  'consumer-groups': [
    'GET /groups',
    'GET /groups/{group}',
    'DELETE /groups/{group}',
    'GET /groups/{group}/offsets',
    'PUT /groups/{group}/offsets',
    'DELETE /groups/{group}/offsets',
    'GET /v3/clusters/{cluster}/consumer-groups',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments/{topic}/partitions/{partition}',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/lag-summary',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags',
    'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags/{topic}/partitions/{partition}',
  ],
  subscriptions: [
    'GET /subscriptions',
    'GET /subscriptions/{subscription}',
    'PUT /subscriptions/{subscription}',
    'DELETE /subscriptions/{subscription}',
    'GET /subscriptions/{subscription}/attempts',
    'POST /subscriptions/{subscription}/verify',
    'POST /subscriptions/{subscription}/replay',
  ],
  consumers: [
    'POST /consumers/{group}',
    'DELETE /consumers/{group}/instances/{instance}',
    'GET /consumers/{group}/instances/{instance}/subscription',
    'POST /consumers/{group}/instances/{instance}/subscription',
    'DELETE /consumers/{group}/instances/{instance}/subscription',
    'GET /consumers/{group}/instances/{instance}/assignments',
    'POST /consumers/{group}/instances/{instance}/assignments',
    'GET /consumers/{group}/instances/{instance}/records',
    'GET /consumers/{group}/instances/{instance}/offsets',
    'POST /consumers/{group}/instances/{instance}/offsets',
    'POST /consumers/{group}/instances/{instance}/positions',
    'POST /consumers/{group}/instances/{instance}/positions/beginning',
    'POST /consumers/{group}/instances/{instance}/positions/end',
  ],
  queues: [
    'GET /queues',
    'GET /queues/{group}',
    'PUT /queues/{group}',
    'POST /queues/{group}/receive',
    'POST /queues/{group}/ack',
    'POST /queues/{group}/release',
    'POST /queues/{group}/reject',
    'POST /queues/{group}/renew',
  ],
  pubsub: ['POST /pubsub'],
} as const;

/**
 * Every route of the API. Each function matches requests against all of them, so that every function tells an unknown path (404)
 * from a wrong method (405).
 */
export const api = Object.values(routesOf).flat();

/** A route as API Gateway writes it, method and path pattern: `GET /topics/{topic}`. */
export type RouteKey = (typeof api)[number];

/** Every path parameter that a route can have, parsed. */
export interface PathParameters {
  /** A legal topic name; the topic may not exist. */
  readonly topic: string;
  /** Legal topic names without duplicates; empty where the path has a `*`. */
  readonly topics: readonly string[];
  /** A non-negative 32-bit integer; the partition may not exist. */
  readonly partition: number;
  /** Any string; only Kafka knows its cluster id. */
  readonly cluster: string;
  /** A non-negative 32-bit integer; the broker may not exist. */
  readonly broker: number;
  /** Any string; only Kafka knows which settings a topic has. */
  readonly config: string;
  /** The name of a consumer group or a queue, any string but the empty one; the group may not exist. */
  readonly group: string;
  /** The id of a member of a group, any string; only Kafka knows the members. */
  readonly consumer: string;
  /** A legal name of a subscription; the subscription may not exist. */
  readonly subscription: string;
  /** The name of a consumer instance, any string but the empty one; the instance may not exist. */
  readonly instance: string;
  /** The name of a file of the console, any string but the empty one; the file may not exist. */
  readonly file: string;
}

/** True for a path of v3 of the API, which has its own media types. */
export const isV3 = (path: string): boolean => path === '/v3' || path.startsWith('/v3/');

/** True for a route of v3, such as `GET /v3/clusters`. */
export const isV3Route = (route: string): boolean => isV3(route.slice(route.indexOf('/')));

type NamesIn<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The parameters in a route's path: `{ topic, partition }` for `GET /topics/{topic}/partitions/{partition}`, nothing for `GET /topics`. */
export type PathOf<Key extends RouteKey> = Key extends RouteKey ? Pick<PathParameters, NamesIn<Key> & keyof PathParameters> : never;
