import { PRODUCE_VARIABLES } from '../lib/config/produce-variables.ts';
import { type RouteKey, routesOf } from '../lib/http/api.ts';

/** A function of the gateway. The template gets its events, role, network, alarms and variables from this row. */
export interface FunctionRow {
  /** The routes that its handler serves, as in lib/http/api.ts. */
  routes: readonly RouteKey[];
  /**
   * HTTP API routes that are wider than those made for trailing slashes: `GET /groups/{rest+}`, or `*` for everything that nothing else
   * matches. For requests that are not its own, the function answers with the gateway's 404 or 405.
   */
  wider?: readonly string[];
  /** True if `wider`, except `*`, replaces the routes that it covers. */
  widerInstead?: boolean;
  /**
   * For functions outside of the HTTP API: the authorizer; the function for WebSocket messages; those that a schedule, log entries or
   * another function invokes; and the one that streams its responses.
   */
  calledAs?: 'authorizer' | 'websocket' | 'schedule' | 'stream' | 'function';
  /** True if browsers request it before the caller can authenticate. API Gateway then lets everyone through, except with `iam`. */
  isOpen?: true;
  /** The feature that a deployment must have. */
  onlyWith?: 'console' | 'streams' | 'subscriptions' | 'lag' | 'logs' | 'sockets';
  /** In MB. Lambda gives CPU in proportion to memory. A function here needs far less than 256 MB: its memory is chosen for the CPU. */
  memory: { size: 256 | 512; why: string };
  /** In seconds; by default that of serverless.yml. */
  timeout?: number;
  /** True if it sends requests to Kafka. It is then in the VPC, if there is one; all others stay outside. */
  asksKafka: boolean;
  /** Its actions on an Amazon MSK cluster with IAM access control, besides connecting. */
  msk?: { cluster?: readonly MskAction[]; topics: readonly MskAction[]; groups?: readonly MskAction[]; why?: string };
  /** What it uses the DynamoDB table for. */
  table: readonly ('limits' | 'idempotency' | 'push' | 'consumers' | 'sockets')[];
  /** The secrets that it may read. */
  secrets: readonly ('kafka' | 'users' | 'push')[];
  /** True if it invokes the function that reads for WebSockets. */
  wakesReader?: true;
  /** True if it sends messages over WebSockets that API Gateway holds. */
  sendsOverSockets?: true;
  /** True if it has a queue for failed invocations. */
  hasQueue?: true;
  /** True if Lambda's Kafka event source may invoke it, whose pollers work in its name. */
  wokenByKafka?: true;
  /** Environment variables besides those of all functions. */
  variables?: readonly string[];
  /** The events of its log that raise an alarm. */
  alarms: readonly AlarmEvent[];
  /** False if RESERVED_CONCURRENCY must not limit it. */
  reservable?: false;
}

export type AlarmEvent =
  | 'authorizer_failed'
  | 'dead_letter_failed'
  | 'limits_unavailable'
  | 'logs_not_pushed'
  | 'queue_sessions_used_up'
  | 'socket_table_unavailable'
  | 'subscription_disabled'
  | 'subscription_stalled'
  | 'subscriptions_unavailable';

type MskAction =
  | 'AlterGroup'
  | 'CreateTopic'
  | 'DeleteGroup'
  | 'DeleteTopic'
  | 'DescribeGroup'
  | 'DescribeTopic'
  | 'DescribeTopicDynamicConfiguration'
  | 'ReadData'
  | 'WriteData'
  | 'WriteDataIdempotently';

/** Common to all functions that send requests to Kafka for a caller. */
const serves = { asksKafka: true, table: ['limits'], secrets: ['kafka'], alarms: ['limits_unavailable'] } as const;
const small = { size: 256, why: 'Small requests and answers; the CPU is for the TLS handshake of a cold start.' } as const;

/** The variables of functions that push over WebSockets. */
const SOCKET_VARIABLES = ['GATEWAY_SOCKET_READERS', 'GATEWAY_SOCKET_READER', 'GATEWAY_SOCKET_URL'] as const;

/** Every function, by the name of its file in functions/. */
export const functions = {
  produce: {
    ...serves,
    routes: routesOf.produce,
    memory: { size: 512, why: 'Scans, checksums and compresses bodies of up to 6 MB.' },
    msk: {
      cluster: ['WriteDataIdempotently'],
      topics: ['DescribeTopic', 'WriteData'],
      why: 'An idempotent producer needs WriteDataIdempotently besides WriteData.',
    },
    table: ['limits', 'idempotency'],
    variables: [...PRODUCE_VARIABLES, 'GATEWAY_AUTO_CREATE_TOPICS'],
  },
  'list-offsets': {
    ...serves,
    routes: routesOf['list-offsets'],
    memory: small,
    msk: { topics: ['DescribeTopic'] },
  },
  'topic-metadata': {
    ...serves,
    routes: routesOf['topic-metadata'],
    // Everything that no other function serves: the gateway's own 404 or 405, and these routes with a trailing slash.
    wider: ['GET /v3/{rest+}', '*'],
    widerInstead: true,
    memory: small,
    msk: { topics: ['DescribeTopic', 'DescribeTopicDynamicConfiguration'] },
  },
  'create-topic': {
    ...serves,
    routes: routesOf['create-topic'],
    // A route with the same prefix as a greedy route of `produce` could take its requests.
    wider: ['POST /v3/clusters/{cluster}/{rest+}'],
    memory: small,
    msk: { topics: ['CreateTopic', 'DescribeTopic'] },
  },
  'delete-topic': {
    ...serves,
    routes: routesOf['delete-topic'],
    memory: small,
    msk: { topics: ['DeleteTopic', 'DescribeTopic'] },
  },
  'consumer-groups': {
    ...serves,
    routes: routesOf['consumer-groups'],
    // The name of a group may contain slashes.
    wider: ['GET /groups/{rest+}', 'PUT /groups/{rest+}', 'DELETE /groups/{rest+}', 'GET /v3/clusters/{cluster}/consumer-groups/{rest+}'],
    memory: small,
    msk: {
      topics: ['DescribeTopic', 'ReadData'],
      groups: ['AlterGroup', 'DeleteGroup', 'DescribeGroup'],
      why: 'To commit an offset takes the right to read the topic.',
    },
  },
  // The description contains no secret, but tells strangers what to try: only authenticated callers get it.
  openapi: {
    routes: routesOf.openapi,
    memory: { size: 256, why: 'Hands out two texts that are in its zip.' },
    asksKafka: false,
    table: [],
    secrets: [],
    alarms: [],
  },
  // The page has the login form, so it is open. Its files contain no secrets; its data comes from the other functions.
  console: {
    routes: routesOf.console,
    isOpen: true,
    onlyWith: 'console',
    memory: { size: 256, why: 'Hands out files that are in its zip, compressed.' },
    asksKafka: false,
    table: [],
    secrets: [],
    variables: [
      ...['GATEWAY_CONSOLE', 'GATEWAY_CONSOLE_ORIGINS', 'GATEWAY_JWT_ISSUER', 'GATEWAY_PUSH', 'GATEWAY_STREAM_URL'],
      ...['GATEWAY_CONSOLE_CLIENT_ID', 'GATEWAY_CONSOLE_SCOPE', 'GATEWAY_CONSOLE_AUDIENCE'],
    ],
    alarms: [],
  },
  'fetch-from-offset': {
    ...serves,
    routes: routesOf['fetch-from-offset'],
    memory: { size: 512, why: 'Inflates and renders pages of up to 6 MB.' },
    msk: { topics: ['DescribeTopic', 'ReadData'] },
  },
  'read-topics': {
    ...serves,
    routes: routesOf['read-topics'],
    memory: { size: 512, why: 'Inflates and renders pages of up to 6 MB, of many partitions.' },
    msk: {
      topics: ['DescribeTopic', 'ReadData'],
      groups: ['AlterGroup', 'DescribeGroup'],
      why: 'It commits offsets where a request names a consumer group.',
    },
    variables: ['GATEWAY_STREAM_URL'],
  },
  // The same route, behind an API that can stream responses.
  'stream-topics': {
    ...serves,
    routes: [],
    calledAs: 'stream',
    onlyWith: 'streams',
    memory: { size: 256, why: 'One reader, who gets records as they come; it holds a page of 1 MB.' },
    timeout: 900,
    msk: { topics: ['DescribeTopic', 'ReadData'] },
    variables: ['CORS_ORIGINS'],
  },
  consumers: {
    ...serves,
    routes: routesOf.consumers,
    // The name of a group may contain slashes.
    wider: ['GET /consumers/{rest+}', 'POST /consumers/{rest+}', 'DELETE /consumers/{rest+}'],
    memory: { size: 512, why: 'Inflates and renders pages of up to 6 MB.' },
    msk: {
      topics: ['DescribeTopic', 'ReadData'],
      groups: ['AlterGroup', 'DeleteGroup', 'DescribeGroup'],
      why: 'It deletes the groups in which it keeps what consumers come back by, __rest.*.',
    },
    table: ['limits', 'consumers'],
    variables: ['GATEWAY_CONSUMER_AUTO_OFFSET_RESET', 'GATEWAY_CONSUMERS'],
  },
  queues: {
    ...serves,
    routes: routesOf.queues,
    // The name of a queue may contain slashes.
    wider: ['GET /queues/{rest+}', 'PUT /queues/{rest+}', 'POST /queues/{rest+}'],
    memory: { size: 512, why: 'Inflates and renders records as fetch does, and seals a receipt for each.' },
    msk: {
      cluster: ['WriteDataIdempotently'],
      topics: ['DescribeTopic', 'ReadData', 'WriteData'],
      groups: ['AlterGroup', 'DescribeGroup'],
      why: 'It writes dead letters.',
    },
    variables: ['GATEWAY_QUEUES_DEAD_LETTER', 'GATEWAY_RECEIPT_KEY'],
    alarms: ['limits_unavailable', 'queue_sessions_used_up', 'dead_letter_failed'],
  },
  pubsub: {
    ...serves,
    routes: routesOf.pubsub,
    memory: { size: 512, why: 'Produces and fetches.' },
    msk: { cluster: ['WriteDataIdempotently'], topics: ['DescribeTopic', 'ReadData', 'WriteData'] },
    variables: ['GATEWAY_AUTO_CREATE_TOPICS'],
  },
  'pubsub-socket': {
    ...serves,
    routes: [],
    calledAs: 'websocket',
    memory: { size: 512, why: 'Produces and fetches, as pubsub does.' },
    msk: { cluster: ['WriteDataIdempotently'], topics: ['DescribeTopic', 'ReadData', 'WriteData'] },
    table: ['limits', 'sockets'],
    wakesReader: true,
    variables: ['GATEWAY_AUTO_CREATE_TOPICS', ...SOCKET_VARIABLES],
  },
  // Invoked by the function above for a connection that subscribes, and by itself when its time is over and subscriptions are left.
  'socket-reader': {
    ...serves,
    routes: [],
    calledAs: 'function',
    onlyWith: 'sockets',
    memory: { size: 512, why: 'Reads for up to 500 connections; each that has no credit holds up to 256 KB.' },
    timeout: 900,
    msk: { topics: ['DescribeTopic', 'ReadData'] },
    table: ['limits', 'sockets'],
    wakesReader: true,
    sendsOverSockets: true,
    variables: SOCKET_VARIABLES,
    alarms: ['limits_unavailable', 'socket_table_unavailable'],
    reservable: false,
  },
  subscriptions: {
    ...serves,
    routes: routesOf.subscriptions,
    memory: { size: 256, why: 'Small requests and answers; a ping waits for an endpoint.' },
    msk: {
      topics: ['CreateTopic', 'DeleteTopic', 'DescribeTopic', 'ReadData'],
      groups: ['AlterGroup', 'DeleteGroup', 'DescribeGroup'],
      why: 'A subscription has a consumer group and a retry topic of its own.',
    },
    table: ['limits', 'push'],
    secrets: ['kafka', 'push'],
    variables: ['GATEWAY_PUSH', 'GATEWAY_PUSH_TARGETS', 'GATEWAY_PUSH_SECRETS'],
  },
  // A schedule invokes it each minute, and it works until the next invocation.
  deliver: {
    routes: [],
    calledAs: 'schedule',
    onlyWith: 'subscriptions',
    memory: { size: 512, why: 'Delivers all subscriptions at the same time, each with up to 4 MB of records.' },
    timeout: 80,
    asksKafka: true,
    msk: {
      cluster: ['WriteDataIdempotently'],
      topics: ['DescribeTopic', 'ReadData', 'WriteData'],
      groups: ['AlterGroup', 'DescribeGroup'],
      why: 'It writes to retry topics and dead letter topics.',
    },
    table: ['push'],
    secrets: ['kafka', 'push'],
    wokenByKafka: true,
    variables: ['GATEWAY_PUSH', 'GATEWAY_PUSH_TARGETS', 'GATEWAY_PUSH_SECRETS'],
    alarms: ['subscription_disabled', 'subscription_stalled', 'subscriptions_unavailable'],
    reservable: false,
  },
  // A schedule invokes it each minute.
  'measure-lag': {
    routes: [],
    calledAs: 'schedule',
    onlyWith: 'lag',
    memory: { size: 256, why: 'Small requests and answers; the CPU is for the TLS handshake of a cold start.' },
    timeout: 50,
    asksKafka: true,
    msk: { topics: ['DescribeTopic'], groups: ['DescribeGroup'], why: 'It looks, and changes nothing.' },
    table: [],
    secrets: ['kafka'],
    variables: ['GATEWAY_LAG_GROUPS'],
    alarms: [],
    reservable: false,
  },
  // CloudWatch Logs invokes it, and so does the queue of failed invocations.
  'push-logs': {
    routes: [],
    calledAs: 'schedule',
    onlyWith: 'logs',
    memory: { size: 256, why: 'Inflates and compresses up to 1 MB of entries.' },
    timeout: 60,
    asksKafka: true,
    msk: { cluster: ['WriteDataIdempotently'], topics: ['DescribeTopic', 'WriteData'] },
    table: [],
    secrets: ['kafka'],
    hasQueue: true,
    variables: ['GATEWAY_LOG_TOPIC', 'GATEWAY_LOG_KEY', 'GATEWAY_LOG_FORMAT'],
    alarms: ['logs_not_pushed'],
    reservable: false,
  },
  // It connects to token issuers and to Secrets Manager, but not to Kafka.
  authorizer: {
    routes: [],
    calledAs: 'authorizer',
    memory: { size: 512, why: 'The CPU is for scrypt, whose memory is 64 MB.' },
    timeout: 10,
    asksKafka: false,
    table: [],
    secrets: ['users'],
    // The users themselves (GATEWAY_USERS) are only for local use and are not deployed.
    variables: [
      'GATEWAY_JWT_ISSUER',
      'GATEWAY_JWT_JWKS_URL',
      'GATEWAY_JWT_AUDIENCE',
      'GATEWAY_JWT_ALGORITHMS',
      'GATEWAY_JWT_PRINCIPAL_CLAIM',
      'GATEWAY_JWT_GROUPS_CLAIM',
      'GATEWAY_USERS_SECRET_ID',
    ],
    alarms: ['authorizer_failed'],
    reservable: false,
  },
} as const satisfies Record<string, FunctionRow>;

export type FunctionName = keyof typeof functions;

const isFunctionName = (text: string): text is FunctionName => Object.hasOwn(functions, text);

/** Each function's name and row, typed by the interface. */
export const rows: readonly [FunctionName, FunctionRow][] = Object.entries<FunctionRow>(functions).flatMap(
  ([name, row]): [FunctionName, FunctionRow][] => (isFunctionName(name) ? [[name, row]] : []),
);
