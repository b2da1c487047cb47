import { creatableTopics } from '../../admission/creatable-topics.ts';
import type { DescribedRoute } from '../../admission/described-route.ts';
import { grantedRecords, writePermitted } from '../../admission/granted-records.ts';
import { forbidden, isUnrestricted, mayOn } from '../../admission/grants.ts';
import { onceOnly } from '../../admission/idempotency.ts';
import { route } from '../../admission/route.ts';
import { accessConfig } from '../../config/access.ts';
import { bodyConfig } from '../../config/body.ts';
import { kafkaConfig } from '../../config/kafka.ts';
import { type AcksName, acksNames, produceConfig } from '../../config/produce.ts';
import { GatewayError } from '../../errors.ts';
import type { RouteKey } from '../../http/api.ts';
import { asV2 } from '../../http/media-types.ts';
import { oneOf, optional, type Parameter, parseQuery } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { topicAuthorizationFailed } from '../../kafka/error-codes.ts';
import type { OutgoingRecord } from '../../kafka/produce/assignment.ts';
import { type Acks, compressionNames, compressionOf, type ProducedRecord, producerOf } from '../../kafka/produce/produce-records.ts';
import { writableTopics } from '../../kafka/topics/authorized-operations.ts';
import { withPrincipal } from '../../records/requests/principal-header.ts';
import { withTrace } from '../../records/requests/trace-headers.ts';
import { tracedSend } from './traced-send.ts';

const acknowledgements: Record<AcksName, Acks> = { all: -1, 1: 1, 0: 0 };

/** Query parameters of every request that produces records. */
const parameters = { acks: optional(oneOf(...acksNames)), compression: optional(oneOf(...compressionNames)) };

/** The context in which records are prepared before they are written. */
export interface Preparation {
  readonly cluster: Cluster;
  readonly deadline: number;
  /** False for topics that the caller may not write to: prepare nothing for them. */
  mayWrite(topic: string): boolean;
}

/** One way in which requests carry records and report on them. */
export interface ProduceProtocol<
  Key extends RouteKey,
  Query extends Record<string, unknown>,
  Content extends { records: OutgoingRecord[] },
> {
  /** The topic of all records; null if each record names its own. */
  topicOf(path: GatewayRequest<Key>['path']): string | null;
  /** Media types of the response. */
  offers: readonly [string, ...string[]];
  /** Query parameters besides `acks` and `compression`. */
  parameters: { readonly [Name in keyof Query]: Parameter<Query[Name]> };
  /** Reads the body; may overwrite it. */
  read(request: GatewayRequest<Key>, body: Buffer, query: Query): Content;
  /** Whether {@link prepare} may change another system, such as a schema registry. */
  preparesElsewhere?(content: Content): boolean;
  /** The steps and checks before anything is written; they may remove records. */
  prepare?(request: GatewayRequest<Key>, content: Content, preparation: Preparation): Promise<void>;
  /** @param results one for each of the content's records, in the same order */
  answer(
    request: GatewayRequest<Key>,
    content: Content,
    results: readonly ProducedRecord[],
    query: Query,
  ): { status: number; body: string } | GatewayError;
}

/**
 * Makes a route that writes the records of a request: those that the caller has a grant for, within the caller's limits, and only once for
 * all requests with the same Idempotency-Key. If nothing can be written, the request fails; the protocol reports errors of single records.
 */
export function produceRoute<Key extends RouteKey, Query extends Record<string, unknown>, Content extends { records: OutgoingRecord[] }>(
  key: Key,
  protocol: ProduceProtocol<Key, Query, Content>,
): DescribedRoute<Key> {
  return route(key, {
    operation: 'produce',
    offers: ({ mediaType }) => (mediaType === null ? protocol.offers : [...protocol.offers, asV2(mediaType)]),
    names: (path) => ({ topics: named(protocol.topicOf(path)) }),
    query: (query) => ({
      ...parseQuery(query, parameters),
      own: parseQuery<{ [Name in keyof Query]: Query[Name] }>(query, protocol.parameters),
    }),
    async read(request, { acks = produceConfig().acks, compression = produceConfig().compression, own }) {
      const { principalHeader, modeHeader } = accessConfig();
      const body = await request.body(bodyConfig().maxBytes);
      // Before `read`, which overwrites the body.
      const once = await onceOnly(request, { acks, compression, ...own }, body);
      const content = protocol.read(request, body, own);
      if (principalHeader !== null) withPrincipal(content.records, principalHeader, request.principal);
      if (modeHeader !== null) withPrincipal(content.records, modeHeader, request.mode ?? null);
      const context = request.trace?.ofRecords;
      if (context) withTrace(content.records, context);
      const isNamed = protocol.topicOf(request.path) !== null;
      const granted = isNamed ? content.records : grantedRecords(request, content.records);
      return { acks, compression, once, content, granted };
    },
    more: ({ content: { granted } }) => ({ records: granted }),
    answer: ({ request, cluster, query: { own }, content: { acks, compression, once, content }, mediaType }) =>
      once(async (deadline) => {
        const refusalOf = await refusals(request, cluster, content.records, {
          topic: protocol.topicOf(request.path),
          preparesElsewhere: protocol.preparesElsewhere?.(content) ?? false,
          deadline,
        });
        await protocol.prepare?.(request, content, {
          cluster,
          deadline,
          mayWrite: (topic) => refusalOf === null || refusalOf(topic) === null,
        });
        const options = {
          acks: acknowledgements[acks],
          compression: compressionOf(compression),
          deadline,
          mayCreate: creatableTopics(request),
        };
        const write = (records: readonly OutgoingRecord[]) =>
          tracedSend(request.trace, records, () => producerOf(cluster).produce(records, options));
        const { records } = content;
        const results = await (refusalOf === null ? write(records) : writePermitted(records, refusalOf, write));
        const wroteNothing = results.every((result) => 'error' in result && !result.maybeWritten);
        const answer = protocol.answer(request, content, results, own);
        if (answer instanceof GatewayError) return { fate: wroteNothing ? 'undone' : 'unsure', error: answer };
        return { fate: wroteNothing ? 'undone' : 'settled', answer: { ...answer, mediaType: typeOf(mediaType, protocol.offers) } };
      }),
  });
}

/** Some clients accept only the media type of their request's body. If it is not one of the gateway's, they get the default type. */
const typeOf = (accepted: string, offers: readonly [string, ...string[]]): string =>
  offers.includes(accepted) || accepted.startsWith('application/vnd.kafka.') ? accepted : offers[0];

const named = (topic: string | null): string[] => (topic === null ? [] : [topic]);

/**
 * Returns, for a topic, why the caller may not write to it; null when the caller may write to all.
 * With the caller's own credentials, Kafka refuses a topic only when it gets records. If the gateway would change another system for
 * these records with its own credentials, it asks Kafka before.
 *
 * @throws {GatewayError} Forbidden when the request is for one topic and Kafka refuses it
 */
async function refusals(
  request: GatewayRequest,
  cluster: Cluster,
  records: readonly OutgoingRecord[],
  { topic, preparesElsewhere, deadline }: { topic: string | null; preparesElsewhere: boolean; deadline: number },
): Promise<((topic: string) => ProducedRecord | null) | null> {
  const asksKafka = preparesElsewhere && kafkaConfig().passthrough !== null;
  if (!asksKafka && (topic !== null || isUnrestricted(request))) return null;
  const mayProduce = mayOn(request, 'topics');
  const topics = new Set(records.map((record) => record.topic));
  const writable = asksKafka ? await writableTopics(cluster, [...topics], deadline) : topics;
  if (topic !== null && topics.size > 0 && !writable.has(topic)) throw topicAuthorizationFailed();
  return (name) => {
    if (!mayProduce('produce', name)) return { error: forbidden('produce', name), maybeWritten: false };
    return writable.has(name) ? null : { error: topicAuthorizationFailed(), maybeWritten: false };
  };
}
