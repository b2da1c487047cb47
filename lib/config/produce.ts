import { type CompressionName, compressionNames } from '../kafka/compression/names.ts';
import { parseKeyPath } from '../records/key-path/parse.ts';
import type { KeyPath } from '../records/key-path/path.ts';
import { ANY_PARTITION, readPartition } from '../records/requests/partition.ts';
import type { RawRecordConfig } from '../records/requests/raw-record.ts';
import { topicName } from '../topic-name.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of producing; functions that only read do not need it. */
export interface ProduceConfig {
  /** For requests that do not set acks. */
  acks: AcksName;
  compression: CompressionName;
  jsonBodies: JsonBodies;
  /** How a raw body becomes a record. */
  raw: RawRecordConfig;
}

/** Which acknowledgements a request waits for, by the names of Kafka's producers. */
export const acksNames = ['all', '1', '0'] as const;
export type AcksName = (typeof acksNames)[number];

/**
 * How `application/json` bodies are read: as a record's value without insignificant whitespace; as a value byte for byte; or as an object
 * with `records` in the binary format, like Confluent's REST Proxy. With the last, `application/…+json` is still read as the first.
 */
export const jsonBodyNames = ['compact', 'verbatim', 'records'] as const;
export type JsonBodies = (typeof jsonBodyNames)[number];

export const readProduce = section(
  (reader): ProduceConfig => ({
    acks: reader.oneOf('GATEWAY_ACKS', acksNames, 'all'),
    compression: reader.oneOf('GATEWAY_COMPRESSION', compressionNames, 'none'),
    jsonBodies: reader.oneOf('GATEWAY_JSON_BODIES', jsonBodyNames, 'compact'),
    raw: {
      headerPrefix: reader.headerPrefix('GATEWAY_HEADER_PREFIX', 'kafka-'),
      topic: parsed(reader, 'GATEWAY_TOPIC', topicName),
      partition: readDefaultPartition(reader),
      key: reader.verbatim('GATEWAY_KEY'),
      keyPath: parsed<KeyPath>(reader, 'GATEWAY_KEY_PATH', parseKeyPath),
      recordHeaders: readRecordHeaders(reader),
    },
  }),
);

/**
 * The section of producing in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const produceConfig = ofProcess(readProduce);

function parsed<Value>(reader: EnvironmentReader, name: string, parse: (text: string) => Value): Value | null {
  const text = reader.text(name);
  try {
    return text === null ? null : parse(text);
  } catch (error) {
    return reader.problem(`${name}: ${error instanceof Error ? error.message : error}`, null);
  }
}

function readDefaultPartition(reader: EnvironmentReader): number | null {
  const text = reader.text('GATEWAY_PARTITION');
  const partition = text === null ? ANY_PARTITION : readPartition(text);
  if (partition === null) return reader.problem('GATEWAY_PARTITION must be the number of a partition, or -1 for any', null);
  return partition === ANY_PARTITION ? null : partition;
}

const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'x-amz-security-token'];

function readRecordHeaders(reader: EnvironmentReader): string[] {
  const names = reader.list('GATEWAY_RECORD_HEADERS').map((name) => name.toLowerCase());
  if (!names.every((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name))) {
    return reader.problem('GATEWAY_RECORD_HEADERS must be names of headers, separated by commas', []);
  }
  // Everyone who may read the topic could read the credentials.
  if (names.some((name) => CREDENTIALS.includes(name))) {
    return reader.problem(`GATEWAY_RECORD_HEADERS may have none of ${CREDENTIALS.join(', ')}: they hold credentials`, []);
  }
  return [...new Set(names)];
}
