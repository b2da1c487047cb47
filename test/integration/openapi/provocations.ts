import { randomUUID } from 'node:crypto';
import type { DescribedOperation } from '../../../lib/openapi/description.ts';
import type { RequestParts } from '../../harness/http/gateway.ts';
import type { ExampleRequest } from '../../harness/openapi/requests.ts';

/** How an operation's first example becomes a request that is refused. */
export interface Provocation {
  status: number;
  what: string;
  /** In the place of the example's. */
  parameters?: Record<string, unknown>;
  body?: ExampleRequest['body'];
  parts?: RequestParts;
  /** How often to send it; the last answer is the one that counts. */
  times?: number;
}

/** Callers whom GATEWAY_LIMITS allows one request. */
export const LIMITED = 'limited';

const absent = (): string => `absent-${randomUUID()}`;
const caller = (context: object): RequestParts => ({ authorizer: { lambda: { principalId: 'alice', ...context } } });
const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');
/** More than Lambda hands over. */
const TOO_LONG = 'x'.repeat(7_000_000);

/** Anyone whom the gateway knows may ask for these, and sees what is granted. */
const FOR_EVERYONE =
  /^GET \/($|health|ready|healthy|whoami|openapi|docs|topics$|brokers|groups$|queues$|subscriptions$|v3\/clusters(\/\{cluster\}(\/(brokers(\/\{broker\})?|consumer-groups|topics))?)?$)/;

/** What is answered with 200 or 204 although the topic or the group is not there. */
const TOLERANT = ['produceV3', 'produceV3Batch', 'deleteOffsets', 'getGroupOffsets', 'commitOffsets', 'receiveRecords', 'summarizeTopics'];

/** What is refused to another caller than the one that the receipts are of, before it is counted. */
const OF_ONE_CALLER = ['ackRecords', 'releaseRecords', 'rejectRecords', 'renewRecords'];

/** Its commands have errors of their own, in answers with 200. */
const COMMANDS = 'pubsub';

/** What refuses any operation of which it can be said, by the status that it is refused with. */
export function provocationsOf({ route, operation, parameters }: DescribedOperation, { body }: ExampleRequest): Provocation[] {
  const [first] = parameters.filter((one) => one.in === 'path');
  const has = (name: string) => parameters.some((one) => one.in === 'path' && one.name === name);
  const all: Provocation[] = [
    { status: 401, what: 'credentials that have ended', parts: caller({ expiresAt: '1' }) },
    { status: 406, what: 'an Accept that excludes all', parts: { headers: { accept: 'image/png' } } },
    ...(OF_ONE_CALLER.includes(operation.operationId)
      ? []
      : [{ status: 429, what: 'more than a limit allows', parts: { authorizer: { lambda: { principalId: LIMITED } } }, times: 2 }]),
    ...(FOR_EVERYONE.test(route) || isHidden(route) ? [] : [{ status: 403, what: 'no grant', parts: caller({ grants: '[]' }) }]),
    ...(first === undefined ? [] : [{ status: 400, what: 'a broken escape in the path', parameters: { [first.name]: '%FF' } }]),
    ...(has('topic') && !TOLERANT.includes(operation.operationId)
      ? [
          { status: 404, what: 'a topic that is not there', parameters: { topic: absent() } },
          { status: 400, what: 'a name that no topic can have', parameters: { topic: 'a topic' } },
        ]
      : []),
    ...(has('topics') && !TOLERANT.includes(operation.operationId)
      ? [{ status: 404, what: 'a topic that is not there', parameters: { topics: absent() } }]
      : []),
    ...(has('topics') ? [{ status: 400, what: 'a name that no topic can have', parameters: { topics: 'orders,a topic' } }] : []),
    ...(has('cluster') ? [{ status: 404, what: 'another cluster', parameters: { cluster: 'another' } }] : []),
    ...(has('partition') ? [{ status: 404, what: 'a partition that is not there', parameters: { partition: 4711 } }] : []),
    ...(has('group') && !TOLERANT.includes(operation.operationId)
      ? [{ status: 404, what: 'a group that is not there', parameters: { group: absent() } }]
      : []),
    ...(has('subscription')
      ? [
          { status: 400, what: 'a name that no subscription can have', parameters: { subscription: 'a subscription' } },
          ...(operation.operationId === 'putSubscription'
            ? []
            : [{ status: 404, what: 'a subscription that is not there', parameters: { subscription: absent() } }]),
        ]
      : []),
    ...(body === null
      ? []
      : [
          { status: 413, what: 'a body that is too long', body: { ...body, value: TOO_LONG } },
          { status: 415, what: 'an unknown encoding', parts: { headers: { 'content-encoding': 'compress' } } },
          ...(isJson(body.type) && operation.operationId !== 'produceV3'
            ? [
                { status: 400, what: 'malformed JSON', body: { ...body, value: '{' } },
                { status: 422, what: 'an unknown member', body: { ...body, value: { unknown: 1 } } },
              ]
            : []),
        ]),
  ];
  const generic = operation.operationId === COMMANDS ? all.filter(({ status }) => [401, 406, 413, 415].includes(status)) : all;
  return [...generic, ...(particular[operation.operationId] ?? [])].filter(({ status }) => status in operation.responses);
}

/** Who may not see them is told that they are not there. */
const isHidden = (route: string): boolean => route.includes('{subscription}') && !route.startsWith('PUT ');

const json = (value: unknown): ExampleRequest['body'] => ({ type: 'application/json', value });

/** What refuses one operation. `orders` is a topic, `billing` a consumer group that is not there yet. */
const particular: Record<string, Provocation[]> = {
  produce: [
    { status: 400, what: 'acks that there are not', parameters: { acks: '2' } },
    { status: 400, what: 'a key path that is none', parameters: { 'key-path': '@this' }, body: json({}) },
    { status: 400, what: 'raw JSON that is none', body: json('{') },
  ],
  fetchRecords: [
    { status: 400, what: 'an offset outside the log', parameters: { offset: 1_000_000 } },
    { status: 400, what: 'two positions', parameters: { timestamp: 0 } },
  ],
  readTopics: [
    { status: 400, what: 'a cursor that is none', parameters: { cursor: '*' } },
    { status: 400, what: 'a delivery without its group', parameters: { delivery: 'auto' } },
  ],
  pubsub: [
    { status: 400, what: 'an Idempotency-Key', parts: { headers: { 'idempotency-key': 'a' } } },
    { status: 415, what: 'a type that it does not know', body: { type: 'text/plain', value: 'a' } },
  ],
  listOffsets: [{ status: 400, what: 'a time that is none', parameters: { timestamp: 'yesterday' } }],
  createTopic: [{ status: 409, what: 'a topic that is there', body: json({ topic_name: 'orders' }) }],
  createV3Topic: [
    { status: 400, what: 'a topic that is there', body: json({ topic_name: 'orders' }) },
    { status: 422, what: 'a name that no topic can have', body: json({ topic_name: 'a topic' }) },
  ],
  produceV3: [{ status: 422, what: 'nothing', body: json('') }],
  produceV3Batch: [{ status: 422, what: 'an empty batch', body: json({ entries: [] }) }],
  getTopicConfig: [{ status: 404, what: 'a setting that there is not', parameters: { config: 'colour' } }],
  getBroker: [{ status: 404, what: 'a broker that is not there', parameters: { broker: 4711 } }],
  getReplica: [{ status: 404, what: 'a broker without a replica', parameters: { broker: 4711 } }],
  receiveRecords: [{ status: 404, what: 'a topic that is not there', body: json({ topics: [absent()] }) }],
  putSubscription: [
    { status: 409, what: 'a version that there is not', parts: { headers: { 'if-match': '"7"' } } },
    {
      status: 422,
      what: 'a target of its own network',
      body: json({ topics: ['orders'], url: 'https://10.0.0.1/', signing: { secret: 'kafka-gateway/push/a' } }),
    },
    {
      status: 404,
      what: 'a topic that is not there',
      body: json({ topics: [absent()], url: 'https://hooks.example.com/', signing: { secret: 'kafka-gateway/push/a' } }),
    },
  ],
  createConsumer: [
    { status: 422, what: 'a format that there is not', body: json({ format: 'xml' }) },
    { status: 400, what: "a group of the gateway's own", parameters: { group: '__rest.a.b' } },
  ],
  subscribe: [{ status: 422, what: 'neither topics nor a pattern', body: json({}) }],
  assign: [{ status: 404, what: 'a topic that is not there', body: json({ partitions: [{ topic: absent(), partition: 0 }] }) }],
  poll: [{ status: 400, what: 'a timeout that is none', parameters: { timeout: 'soon' } }],
  commit: [
    { status: 409, what: 'a partition that it does not have', body: json({ offsets: [{ topic: 'orders', partition: 7, offset: 0 }] }) },
  ],
  seek: [
    { status: 409, what: 'a partition that it does not have', body: json({ offsets: [{ topic: 'orders', partition: 7, offset: 0 }] }) },
  ],
  getGroupOffsets: [{ status: 404, what: 'a topic that is not there', parameters: { topic: absent() } }],
  commitOffsets: [{ status: 404, what: 'a topic that is not there', body: json({ offsets: [{ topic: absent(), offset: 'latest' }] }) }],
  deleteOffsets: [{ status: 400, what: 'a partition of no topic', parameters: { topic: undefined, partition: 0 } }],
};
