import { produceGranted } from '../../admission/granted-records.ts';
import { allow } from '../../admission/grants.ts';
import { onceOnly } from '../../admission/idempotency.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { accessConfig } from '../../config/access.ts';
import { bodyConfig } from '../../config/body.ts';
import { type AcksName, acksNames, produceConfig } from '../../config/produce.ts';
import { GatewayError } from '../../errors.ts';
import { negotiate } from '../../http/media-types.ts';
import { oneOf, optional, type Parameter, parseQuery } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { OutgoingRecord } from '../../kafka/produce/assignment.ts';
import { type Acks, compressionNames, type ProducedRecord, producerOf } from '../../kafka/produce/produce-records.ts';
import { refuseInternal } from '../../kafka/topics/internal-topics.ts';
import { withPrincipal } from '../../records/requests/principal-header.ts';

const acknowledgements: Record<AcksName, Acks> = { all: -1, 1: 1, 0: 0 };

/** What the query of every request that brings records may say of how they are written. */
const parameters = { acks: optional(oneOf(...acksNames)), compression: optional(oneOf(...compressionNames)) };

/** One way in which a request brings records and is told what became of them. */
export interface ProduceProtocol<Query extends Record<string, unknown>, Content extends { records: OutgoingRecord[] }> {
  /** The topic of all records; null where every record names its own. */
  topic: string | null;
  /** Media types of the answer. */
  offered: readonly [string, ...string[]];
  /** Of the query, besides `acks` and `compression`. */
  parameters: { readonly [Name in keyof Query]: Parameter<Query[Name]> };
  /** Reads the body, which is the reader's to rewrite. */
  read(body: Buffer, query: Query): Content;
  /** What must be done, or hold, before anything is written; it may take records away. */
  prepare?(cluster: Cluster, deadline: number, content: Content): Promise<void>;
  /** @param results one for each of the content's records, in their order */
  answer(content: Content, results: readonly ProducedRecord[], query: Query): { status: number; body: string } | GatewayError;
}

/**
 * Writes what a request brings: as far as its caller is granted to and within the caller's limits, and once for all requests with its
 * Idempotency-Key.
 *
 * @throws {GatewayError} what keeps all of it from being written; what is wrong with one record is the protocol's to tell
 */
export async function produceOnce<Query extends Record<string, unknown>, Content extends { records: OutgoingRecord[] }>(
  request: GatewayRequest,
  protocol: ProduceProtocol<Query, Content>,
): Promise<GatewayResponse> {
  const { topic } = protocol;
  const cluster = await kafkaCluster(request);
  if (topic !== null) {
    allow(request, 'produce', topic);
    refuseInternal(topic);
  }
  const mediaType = negotiate(request.headers.accept, protocol.offered);
  const { acks = produceConfig().acks, compression = produceConfig().compression } = parseQuery(request.query, parameters);
  const query = parseQuery<{ [Name in keyof Query]: Query[Name] }>(request.query, protocol.parameters);
  const { principalHeader } = accessConfig();
  const body = await request.body(bodyConfig().maxBytes);
  // Before the body is read, which is done in place.
  const once = await onceOnly(request, { acks, compression, ...query }, body);
  const content = protocol.read(body, query);
  if (principalHeader !== null) withPrincipal(content.records, principalHeader, request.principal);
  await countAgainstLimits(request, 'produce', content.records);
  return once(async (deadline) => {
    await protocol.prepare?.(cluster, deadline, content);
    const { records } = content;
    const options = { acks: acknowledgements[acks], compression, deadline };
    const write = (granted: readonly OutgoingRecord[]) => producerOf(cluster).produce(granted, options);
    const results = await (topic === null ? produceGranted(request, records, write) : write(records));
    const wroteNothing = results.every((result) => 'error' in result && !result.maybeWritten);
    const answer = protocol.answer(content, results, query);
    if (answer instanceof GatewayError) return { fate: wroteNothing ? 'undone' : 'unsure', error: answer };
    return { fate: wroteNothing ? 'undone' : 'settled', answer: { ...answer, mediaType } };
  });
}
