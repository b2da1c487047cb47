import { type JsonBodies, jsonBodyNames, produceConfig } from '../../config/produce.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import type { GatewayError } from '../../errors.ts';
import { asV2, genericTypes, mediaTypes } from '../../http/media-types.ts';
import { boolean, oneOf, optional, text, withDefault } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { OutgoingRecord } from '../../kafka/produce/assignment.ts';
import type { ProducedRecord } from '../../kafka/produce/produce-records.ts';
import { refuseInternal } from '../../kafka/topics/internal-topics.ts';
import { inPart } from '../../messages/message.ts';
import { formatNotSupported } from '../../messages/produce.ts';
import type { BodyFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { isSchemaFormat, schemaFormats } from '../../records/formats/schema-formats.ts';
import { parseKeyPath } from '../../records/key-path/parse.ts';
import { eventMode } from '../../records/requests/cloud-event.ts';
import { type ProduceBody, readProduceBody } from '../../records/requests/produce-body.ts';
import { type RawRecordOptions, readRawBatch, readRawRecord } from '../../records/requests/raw-record.ts';
import { readRawSchema } from '../../records/requests/raw-schema.ts';
import { renderProduceResponse, type SchemaIds } from '../../records/responses/produce-response.ts';
import { topicName } from '../../topic-name.ts';
import { checkAnswerable } from './answerable.ts';
import { commonFailure } from './common-failure.ts';
import { type Preparation, produceRoute } from './pipeline.ts';
import { schemaIds } from './schema-ids.ts';

/** The topic and partition of records that name none. A null topic: every record names its own. */
interface Target {
  topic: string | null;
  partition: number | null;
}

const parameters = {
  async: withDefault(boolean, false),
  'key-path': optional(text),
  json: optional(oneOf(...jsonBodyNames)),
  'schema-ids': schemaIds,
};

type ProduceKey = 'POST /topics/{topic}' | 'POST /topics/{topic}/partitions/{partition}' | 'POST /records';

const produceTo = <Key extends ProduceKey>(key: Key, targetOf: (path: GatewayRequest<Key>['path']) => Target) =>
  produceRoute(key, {
    topicOf: (path) => targetOf(path).topic,
    offers: genericTypes,
    parameters,
    read(request, body, query) {
      const target = targetOf(request.path);
      const content = readContent(request, target, query, body);
      checkAnswerable(content.records, target.topic === null);
      return content;
    },
    preparesElsewhere: ({ withSchemas }) => withSchemas !== null,
    async prepare(request, content, preparation) {
      const { withSchemas, inHeaders } = content;
      if (withSchemas !== null) content.schemaIds = await encode(request, withSchemas, preparation, inHeaders);
    },
    answer({ path }, { records, schemaIds }, results, query) {
      const failure = commonFailure(results) ?? (query.async ? partialFailure(results) : null);
      if (failure) return failure;
      if (query.async) return { status: 204, body: '' };
      const topics = targetOf(path).topic === null ? records.map(({ topic }) => topic) : undefined;
      return { status: 200, body: renderProduceResponse(results, topics, schemaIds) };
    },
  });

export const produceToTopic = produceTo('POST /topics/{topic}', ({ topic }) => ({ topic, partition: null }));

/** A record's own partition takes precedence. */
export const produceToPartition = produceTo('POST /topics/{topic}/partitions/{partition}', (path) => path);

/** Records of several topics in one request. */
export const produceToTopics = produceTo('POST /records', () => ({ topic: null, partition: null }));

/** What the query says about a body that is itself a record's value. */
interface BodyQuery {
  'key-path': string | undefined;
  json: JsonBodies | undefined;
  'schema-ids': 'prefix' | 'headers';
}

interface Content {
  records: OutgoingRecord[];
  /** The same records, if keys or values have schemas and are still JSON; else null. */
  withSchemas: ProduceBody | null;
  /** Whether headers of the records name these schemas. */
  inHeaders: boolean;
  /** The ids of the schemas that the records were written with. */
  schemaIds?: SchemaIds;
}

function readContent(request: GatewayRequest, target: Target, query: BodyQuery, bytes: Buffer): Content {
  const { mediaType, headers } = request;
  const jsonBodies = query.json ?? produceConfig().jsonBodies;
  const event = eventMode(mediaType, headers);
  const format =
    jsonBodies === 'records' && mediaType === mediaTypes.plainJson && event === null ? recordFormats.binary : formatOf(mediaType);
  const options = { ...target, now: Date.now() };
  const body =
    format === null
      ? readRaw(bytes, { ...options, event, headers, verbatim: jsonBodies === 'verbatim' }, mediaType, query)
      : readProduceBody(bytes, format, options, formatsServed());
  const { records } = body;
  if (target.topic === null) for (const { topic } of records) refuseInternal(topicName(topic));
  return { records, withSchemas: hasSchemas(body) ? body : null, inHeaders: query['schema-ids'] === 'headers' };
}

/** Reads a body that is itself a record's value, or a batch of events. */
function readRaw(
  bytes: Buffer,
  options: Omit<RawRecordOptions, 'json' | 'config'>,
  mediaType: string | null,
  { 'key-path': path }: BodyQuery,
): ProduceBody {
  const { raw } = produceConfig();
  const all = { ...options, json: isJson(mediaType), config: path === undefined ? raw : { ...raw, keyPath: parseKeyPath(path) } };
  const records = options.event === 'batch' ? readRawBatch(bytes, all) : [readRawRecord(bytes, all)];
  const schemas = readRawSchema(options.headers, raw.headerPrefix, schemaRegistryConfig() !== null);
  return { records, formats: { key: recordFormats.binary, value: recordFormats.binary }, schemas, areJson: all.json };
}

const hasSchemas = ({ formats: { key, value }, schemas }: ProduceBody): boolean =>
  schemas.size > 0 || isSchemaFormat(key.name) || isSchemaFormat(value.name);

/** Encodes keys and values that have schemas. */
async function encode(request: GatewayRequest, body: ProduceBody, preparation: Preparation, inHeaders: boolean): Promise<SchemaIds> {
  // Only the zips of deployments with a schema registry contain it.
  const { encodeRecords } = await import('../schemas/encode-records.optional.ts');
  return encodeRecords(request, body, preparation, inHeaders);
}

const allFormats = { ...recordFormats, ...schemaFormats };
const formatsServed = (): Readonly<Record<string, BodyFormat>> => (schemaRegistryConfig() === null ? recordFormats : allFormats);

/** The format of a body with a `records` member; null for a body that is itself a record's value. */
function formatOf(mediaType: string | null): BodyFormat | null {
  if (mediaType === null) return null;
  const type = asV2(mediaType);
  if (type === mediaTypes.generic) return recordFormats.binary;
  const served = Object.values(formatsServed());
  const format = served.find((one) => one.mediaType === type);
  if (format !== undefined) return format;
  if (!type.startsWith('application/vnd.kafka')) return null;
  const known = served.map((one) => one.mediaType).join(', ');
  throw formatNotSupported(known);
}

const isJson = (mediaType: string | null): boolean => mediaType !== null && /^application\/(.+\+)?json$/.test(mediaType);

/** The error of an `async` request, whose response has no results: nothing else would report that some records were not written. */
function partialFailure(results: readonly ProducedRecord[]): GatewayError | null {
  const failures = results.filter((result) => 'error' in result);
  const [first] = failures;
  if (first === undefined) return null;
  const others = failures.length === results.length ? '' : ', the others are written';
  const which = `${failures.length} of ${results.length} records failed${others}; the first is records[${results.indexOf(first)}]`;
  return inPart(which, first.error);
}
