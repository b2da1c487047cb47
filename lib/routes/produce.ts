import { config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { asV2, genericTypes, mediaTypes, negotiate } from '../http/media-types.ts';
import { topicName } from '../http/path-parameters.ts';
import { oneOf, optional, parseQuery, text, withDefault } from '../http/query.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { compressionNames } from '../kafka/compression/codecs.ts';
import type { ProducedRecord } from '../kafka/produce-records.ts';
import type { OutgoingRecord } from '../kafka/producer/assignment.ts';
import type { Acks } from '../kafka/protocol/produce.ts';
import { kafkaClient } from '../kafka-client.ts';
import { parseKeyPath } from '../records/key-path.ts';
import { withPrincipal } from '../records/principal-header.ts';
import { type ProduceBody, readProduceBody } from '../records/produce-body.ts';
import type { ParsedRecord } from '../records/produce-record.ts';
import { renderProduceResponse, type SchemaIds } from '../records/produce-response.ts';
import { readRawRecord } from '../records/raw-record.ts';
import type { BodyFormat } from '../records/record-format.ts';
import { recordFormats } from '../records/record-formats.ts';
import { isSchemaFormat, schemaFormats } from '../records/schema-formats.ts';
import { allow } from './access.ts';
import { produceGranted } from './granted-records.ts';
import { onceOnly } from './once-only.ts';

/** Where the records of a request go, unless they say so themselves. Null: every record names its topic. */
interface Target {
  topic: string | null;
  partition: number | null;
}

/** `POST /topics/{topic}` */
export const produceToTopic = (request: GatewayRequest<'POST /topics/{topic}'>): Promise<GatewayResponse> =>
  produce(request, { topic: request.path.topic, partition: null });

/** `POST /topics/{topic}/partitions/{partition}`; a record's own partition wins. */
export const produceToPartition = (request: GatewayRequest<'POST /topics/{topic}/partitions/{partition}'>): Promise<GatewayResponse> =>
  produce(request, request.path);

/** `POST /records`: several topics in one request. */
export const produceToTopics = (request: GatewayRequest<'POST /records'>): Promise<GatewayResponse> =>
  produce(request, { topic: null, partition: null });

const acknowledgements: Record<'all' | '1' | '0', Acks> = { all: -1, 1: 1, 0: 0 };
const parameters = {
  acks: withDefault(oneOf('all', '1', '0'), 'all'),
  compression: withDefault(oneOf(...compressionNames), 'none'),
  'key-path': optional(text),
};

async function produce(request: GatewayRequest, target: Target): Promise<GatewayResponse> {
  if (target.topic !== null) allow(request, 'produce', target.topic);
  const { producer } = kafkaClient(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const query = parseQuery(request.query, parameters);
  const body = await request.body(config().maxBodyBytes);
  // Before the body is read, which is done in place.
  const once = await onceOnly(request, query, body);
  const { records, withSchemas } = readRecords(request, target, query['key-path'], body);
  return once(async (deadline) => {
    const schemaIds = withSchemas === null ? undefined : await encode(request, withSchemas, deadline);
    const options = { acks: acknowledgements[query.acks], compression: query.compression, deadline };
    const write = (granted: readonly OutgoingRecord[]) => producer.produce(granted, options);
    const results = await (target.topic === null ? produceGranted(request, records, write) : write(records));
    const wroteNothing = results.every((result) => 'error' in result && !result.maybeWritten);
    const failure = commonFailure(results);
    if (failure) return { fate: wroteNothing ? 'undone' : 'unsure', error: failure };
    const topics = target.topic === null ? records.map(({ topic }) => topic) : undefined;
    const answer = { status: 200, mediaType, body: renderProduceResponse(results, topics, schemaIds) };
    return { fate: wroteNothing ? 'undone' : 'settled', answer };
  });
}

interface Read {
  records: ParsedRecord[];
  /** The same records, when keys or values have schemas, and are JSON text still; else null. */
  withSchemas: ProduceBody | null;
}

function readRecords(request: GatewayRequest, target: Target, path: string | undefined, bytes: Buffer): Read {
  const { headerPrefix, keyPath, access } = config();
  const format = formatOf(request.mediaType);
  const options = { ...target, now: Date.now() };
  const body = format === null ? null : readProduceBody(bytes, format, options, formatsServed());
  const records = body?.records ?? [
    readRawRecord(bytes, {
      ...options,
      json: isJson(request.mediaType),
      headers: request.headers,
      headerPrefix,
      keyPath: path === undefined ? keyPath : parseKeyPath(path),
    }),
  ];
  if (target.topic === null) for (const { topic } of records) topicName(topic);
  if (access.principalHeader !== null) withPrincipal(records, access.principalHeader, request.principal);
  return { records, withSchemas: body !== null && hasSchemas(body) ? body : null };
}

const hasSchemas = ({ formats: { key, value } }: ProduceBody): boolean => isSchemaFormat(key.name) || isSchemaFormat(value.name);

/** Makes the bytes of keys and values that have schemas. */
async function encode(request: GatewayRequest, body: ProduceBody, deadline: number): Promise<SchemaIds> {
  // Only in the zips of deployments with a schema registry.
  const { encodeRecords } = await import('./schema-records.ts');
  return encodeRecords(request, body, deadline);
}

const formatsServed = (): Readonly<Record<string, BodyFormat>> =>
  config().schemaRegistry === null ? recordFormats : { ...recordFormats, ...schemaFormats };

/** The format of a body with `records` in it; null for a body that is a record's value itself. */
function formatOf(mediaType: string | null): BodyFormat | null {
  if (mediaType === null) return null;
  const type = asV2(mediaType);
  if (type === mediaTypes.generic) return recordFormats.binary;
  const served = Object.values(formatsServed());
  const format = served.find((one) => one.mediaType === type);
  if (format !== undefined) return format;
  if (!type.startsWith('application/vnd.kafka')) return null;
  const known = served.map((one) => one.mediaType).join(', ');
  throw new GatewayError('UnsupportedMediaType', `Records are taken as ${known}; other formats are not served`);
}

const isJson = (mediaType: string | null): boolean => mediaType !== null && /^application\/(.+\+)?json$/.test(mediaType);

/** The error of the whole response, when every record failed for one reason. */
function commonFailure(results: readonly ProducedRecord[]): GatewayError | null {
  const [first] = results;
  if (!('error' in first)) return null;
  const { code, message } = first.error;
  return results.every((result) => 'error' in result && result.error.code === code && result.error.message === message)
    ? first.error
    : null;
}
