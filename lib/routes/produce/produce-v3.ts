import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { GatewayError } from '../../errors.ts';
import { mediaTypes } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { ProducedRecord } from '../../kafka/produce/produce-records.ts';
import { recordsNotJson } from '../../messages/produce.ts';
import { answerTooLong } from '../../messages/requests.ts';
import type { BatchEntry, TypedRecord } from '../../records/v3/record.ts';
import { readRecordBatch } from '../../records/v3/record-batch.ts';
import { readRecordStream } from '../../records/v3/record-stream.ts';
import { type Destination, type EntryResult, linesLength, mostLines, renderBatch, renderLines } from '../../records/v3/render-results.ts';
import { log } from '../../telemetry/log.ts';
import { requireCluster } from '../topics/v3/respond.ts';
import { type Preparation, produceRoute } from './pipeline.ts';
import { schemaIds } from './schema-ids.ts';

const STREAM = 'POST /v3/clusters/{cluster}/topics/{topic}/records';
const BATCH = 'POST /v3/clusters/{cluster}/topics/{topic}/records:batch';

type ProduceRequest = GatewayRequest<typeof STREAM | typeof BATCH>;

const offers = [mediaTypes.plainJson] as const;
const parameters = { 'schema-ids': schemaIds };

/** A stream of records; the response has one line for each. */
export const produceStream = produceRoute(STREAM, {
  topicOf: ({ topic }) => topic,
  offers,
  parameters,
  read(request, body, query) {
    requireJson(request);
    const destination = destinationOf(request);
    const entries = readRecordStream(body, optionsOf(destination), mostLines(MAX_ENCODED_BYTES, destination));
    requireAnswerable(entries, destination);
    return { entries, records: entries.filter(isRecord), inHeaders: query['schema-ids'] === 'headers' };
  },
  preparesElsewhere: (content) => preparesElsewhere(content),
  async prepare(request, content, preparation) {
    await prepare(request, content, preparation);
    requireAnswerable(content.entries, destinationOf(request));
  },
  answer: (request, { entries }, results) => ({
    status: 200,
    body: renderLines(entries, outcomesOf(request, entries, results), destinationOf(request), MAX_ENCODED_BYTES),
  }),
});

/** At most ten records with ids; some of them may fail. */
export const produceBatch = produceRoute(BATCH, {
  topicOf: ({ topic }) => topic,
  offers,
  parameters,
  read(request, body, query) {
    requireJson(request);
    const { ids, entries } = readRecordBatch(body, optionsOf(destinationOf(request)));
    return { ids, entries, records: entries.filter(isRecord), inHeaders: query['schema-ids'] === 'headers' };
  },
  preparesElsewhere: (content) => preparesElsewhere(content),
  prepare: (request, content, preparation) => prepare(request, content, preparation),
  answer: (request, { ids, entries }, results) => ({
    status: 207,
    body: renderBatch(ids, entries, outcomesOf(request, entries, results), destinationOf(request)),
  }),
});

const destinationOf = ({ path }: ProduceRequest): Destination => ({ clusterId: path.cluster, topic: path.topic });

const optionsOf = ({ topic }: Destination) => ({ topic, now: Date.now(), schemas: schemaRegistryConfig() !== null });

/** The entries of a request, and the records among them that are to be written. */
interface Content {
  entries: BatchEntry[];
  records: TypedRecord[];
  /** Whether headers of the records name their schemas. */
  inHeaders: boolean;
}

function preparesElsewhere({ records }: Content): boolean {
  return records.some(hasSchema);
}

async function prepare(request: ProduceRequest, content: Content, { cluster, deadline }: Preparation): Promise<void> {
  await requireCluster(cluster, request.path.cluster, deadline);
  if (!preparesElsewhere(content)) return;
  // Only the zips of deployments with a schema registry contain it.
  const { encodeEntries } = await import('../schemas/encode-entries.optional.ts');
  content.entries = await encodeEntries(request, content.entries, deadline, content.inHeaders);
  content.records = content.entries.filter(isRecord);
}

const hasSchema = ({ keyType, valueType }: TypedRecord): boolean =>
  [keyType, valueType].some((type) => typeof type === 'object' && type !== null);

function requireAnswerable(entries: readonly BatchEntry[], destination: Destination): void {
  if (linesLength(entries, destination) <= MAX_ENCODED_BYTES) return;
  throw answerTooLong(entries.length);
}

/** API Gateway passes bodies of the first type as text, which destroys compressed ones, and those of the second type as bytes. */
const jsonTypes = [mediaTypes.plainJson, 'application/x-ndjson'];

function requireJson({ mediaType }: GatewayRequest): void {
  if (mediaType === null || jsonTypes.includes(mediaType)) return;
  throw recordsNotJson();
}

const isRecord = (entry: BatchEntry): entry is TypedRecord => !(entry instanceof GatewayError);

/** The outcome of every entry. `results` has those of the written records, in the same order. */
function outcomesOf(request: GatewayRequest, entries: readonly BatchEntry[], results: readonly ProducedRecord[]): EntryResult[] {
  const left = results.values();
  const outcomes = entries.map((entry) => (entry instanceof GatewayError ? { error: entry } : (left.next().value ?? unanswered())));
  logFaults(request, outcomes);
  return outcomes;
}

function unanswered(): never {
  throw new Error('a record has no result');
}

/** The request succeeds even if records fail, so nothing else logs the failures that concern the operator. */
function logFaults({ requestId, principal }: GatewayRequest, outcomes: readonly EntryResult[]): void {
  const seen = new Set<string>();
  for (const result of outcomes) {
    if (!('error' in result) || result.error.status < 500 || seen.has(result.error.message)) continue;
    seen.add(result.error.message);
    log.error('records_failed', result.error.message, { requestId, principal, error: result.error });
  }
}
