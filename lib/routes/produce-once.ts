import { config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { negotiate } from '../http/media-types.ts';
import { oneOf, type Parameter, parseQuery, withDefault } from '../http/query.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { type CompressionName, compressionNames } from '../kafka/compression/codecs.ts';
import type { ProducedRecord } from '../kafka/produce-records.ts';
import type { OutgoingRecord } from '../kafka/producer/assignment.ts';
import type { Acks } from '../kafka/protocol/produce.ts';
import { kafkaClient } from '../kafka-client.ts';
import { withPrincipal } from '../records/principal-header.ts';
import { allow } from './access.ts';
import { produceGranted } from './granted-records.ts';
import { onceOnly } from './once-only.ts';

const acknowledgements: Record<'all' | '1' | '0', Acks> = { all: -1, 1: 1, 0: 0 };

/** How records are written, as the query of every request that brings some may say. */
export interface ProduceQuery {
  acks: keyof typeof acknowledgements;
  compression: CompressionName;
}

type ParametersOf<Query> = { readonly [Name in keyof Query]: Parameter<Query[Name]> };

/** The parameters of {@link ProduceQuery}. */
export const produceParameters: ParametersOf<ProduceQuery> = {
  acks: withDefault(oneOf('all', '1', '0'), 'all'),
  compression: withDefault(oneOf(...compressionNames), 'none'),
};

/** One way in which a request brings records and is told what became of them. */
export interface ProduceProtocol<Query extends ProduceQuery, Content extends { records: OutgoingRecord[] }> {
  /** The topic of all records; null where every record names its own. */
  topic: string | null;
  /** Media types of the answer. */
  offered: readonly [string, ...string[]];
  parameters: ParametersOf<Query>;
  /** Reads the body, which is the reader's to rewrite. */
  read(body: Buffer, query: Query): Content;
  /** What must hold of the cluster before anything is written. */
  check?(cluster: Cluster, deadline: number): Promise<void>;
  /** @param results one for each of the content's records, in their order */
  answer(content: Content, results: readonly ProducedRecord[]): { status: number; body: string } | GatewayError;
}

/**
 * Writes what a request brings: as far as its caller is granted to, and once for all requests with its Idempotency-Key.
 *
 * @throws {GatewayError} what keeps all of it from being written; what is wrong with one record is the protocol's to tell
 */
export async function produceOnce<Query extends ProduceQuery, Content extends { records: OutgoingRecord[] }>(
  request: GatewayRequest,
  protocol: ProduceProtocol<Query, Content>,
): Promise<GatewayResponse> {
  const { topic } = protocol;
  if (topic !== null) allow(request, 'produce', topic);
  const { cluster, producer } = kafkaClient(request);
  const mediaType = negotiate(request.headers.accept, protocol.offered);
  const query = parseQuery<{ [Name in keyof Query]: Query[Name] }>(request.query, protocol.parameters);
  const { maxBodyBytes, access } = config();
  const body = await request.body(maxBodyBytes);
  // Before the body is read, which is done in place.
  const once = await onceOnly(request, query, body);
  const content = protocol.read(body, query);
  const { records } = content;
  if (access.principalHeader !== null) withPrincipal(records, access.principalHeader, request.principal);
  return once(async (deadline) => {
    await protocol.check?.(cluster, deadline);
    const options = { acks: acknowledgements[query.acks], compression: query.compression, deadline };
    const write = (granted: readonly OutgoingRecord[]) => producer.produce(granted, options);
    const results = await (topic === null ? produceGranted(request, records, write) : write(records));
    const wroteNothing = results.every((result) => 'error' in result && !result.maybeWritten);
    const answer = protocol.answer(content, results);
    if (answer instanceof GatewayError) return { fate: wroteNothing ? 'undone' : 'unsure', error: answer };
    return { fate: wroteNothing ? 'undone' : 'settled', answer: { ...answer, mediaType } };
  });
}
