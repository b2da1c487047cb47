import { GatewayError } from '../errors.ts';
import { asV2, genericTypes, mediaTypes } from '../http/media-types.ts';
import { topicName } from '../http/path-parameters.ts';
import { boolean, optional, text, withDefault } from '../http/query.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { refuseInternal } from '../kafka/internal-topics.ts';
import type { ProducedRecord } from '../kafka/produce-records.ts';
import type { OutgoingRecord } from '../kafka/producer/assignment.ts';
import { produceConfig } from '../produce-config.ts';
import { parseKeyPath } from '../records/key-path/parse.ts';
import { readProduceBody } from '../records/produce-body.ts';
import { renderProduceResponse } from '../records/produce-response.ts';
import { readRawRecord } from '../records/raw-record.ts';
import { type RecordFormatName, recordFormats } from '../records/record-formats.ts';
import { checkAnswerable } from './answerable.ts';
import { commonFailure } from './common-failure.ts';
import { produceOnce } from './produce-once.ts';

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

const parameters = { async: withDefault(boolean, false), 'key-path': optional(text) };

const produce = (request: GatewayRequest, target: Target): Promise<GatewayResponse> =>
  produceOnce(request, {
    topic: target.topic,
    offered: genericTypes,
    parameters,
    read(body, query) {
      const records = readRecords(request, target, query['key-path'], body);
      checkAnswerable(records, target.topic === null);
      return { records };
    },
    answer({ records }, results, query) {
      const failure = commonFailure(results) ?? (query.async ? partialFailure(results) : null);
      if (failure) return failure;
      if (query.async) return { status: 204, body: '' };
      const topics = target.topic === null ? records.map(({ topic }) => topic) : undefined;
      return { status: 200, body: renderProduceResponse(results, topics) };
    },
  });

function readRecords(request: GatewayRequest, target: Target, path: string | undefined, bytes: Buffer): OutgoingRecord[] {
  const { raw } = produceConfig();
  const format = formatOf(request.mediaType);
  const options = { ...target, now: Date.now() };
  const records =
    format === null
      ? [
          readRawRecord(bytes, {
            ...options,
            json: isJson(request.mediaType),
            headers: request.headers,
            config: path === undefined ? raw : { ...raw, keyPath: parseKeyPath(path) },
          }),
        ]
      : readProduceBody(bytes, recordFormats[format], options).records;
  if (target.topic === null) for (const { topic } of records) refuseInternal(topicName(topic));
  return records;
}

/** The format of a body with `records` in it; null for a body that is a record's value itself. */
function formatOf(mediaType: string | null): RecordFormatName | null {
  if (mediaType === null) return null;
  const type = asV2(mediaType);
  if (type === mediaTypes.generic || type === mediaTypes.binary) return 'binary';
  if (type === mediaTypes.json) return 'json';
  if (type === mediaTypes.text) return 'text';
  if (!type.startsWith('application/vnd.kafka')) return null;
  const { binary, json, text } = mediaTypes;
  throw new GatewayError('UnsupportedMediaType', `Records are taken as ${binary}, ${json} or ${text}; formats with schemas are not served`);
}

const isJson = (mediaType: string | null): boolean => mediaType !== null && /^application\/(.+\+)?json$/.test(mediaType);

/** The error of a response without results, which could not say otherwise that some records were not written. */
function partialFailure(results: readonly ProducedRecord[]): GatewayError | null {
  const failures = results.filter((result) => 'error' in result);
  const [first] = failures;
  if (first === undefined) return null;
  const { name, message, headers } = first.error;
  const others = failures.length === results.length ? '' : ', the others are written';
  const which = `${failures.length} of ${results.length} records failed${others}; the first is records[${results.indexOf(first)}]`;
  return new GatewayError(name, `${which}: ${message}`, { cause: first.error, headers });
}
