import { codeInV3, GatewayError } from '../../errors.ts';
import { lengthOf, type Slice } from '../../kafka/record.ts';
import { UNSAID, type WrittenRecord } from '../responses/produce-response.ts';
import type { BatchEntry, TypedRecord } from './record.ts';

/** The result of an entry: where it was written, or why not. */
export type EntryResult = WrittenRecord | { error: GatewayError };

/** Where the records of a request go. */
export interface Destination {
  clusterId: string;
  topic: string;
}

/** Follows each line of a stream, as in the REST Proxy. */
const LINE_END = '\r\n';

/**
 * An upper bound for the lines of written records inside a JSON string, as Lambda carries them, in bytes. The lines of failed records have
 * about that length, too.
 */
export function linesLength(entries: readonly BatchEntry[], destination: Destination): number {
  let length = entries.length * lineLength(destination);
  for (const entry of entries) if (!(entry instanceof GatewayError)) length += schemaLength(entry.keyType) + schemaLength(entry.valueType);
  return length;
}

const lineLength = ({ clusterId, topic }: Destination): number => 350 + Buffer.byteLength(clusterId) + topic.length;

/** How many lines at most fit into this many bytes. */
export const mostLines = (bytes: number, destination: Destination): number => Math.floor(bytes / lineLength(destination));

type Type = TypedRecord['keyType'];

/** The bytes that the schema adds to a line. */
function schemaLength(type: Type): number {
  if (type === null || typeof type === 'string' || type.written === undefined) return 0;
  return 100 + Buffer.byteLength(JSON.stringify(JSON.stringify(type.written.subject)));
}

/**
 * Renders the response to a stream of records: one line of JSON for each, in the order of the request.
 *
 * @param room for the whole response, in bytes of a JSON string. Error messages that do not fit are replaced by {@link UNSAID}
 */
export function renderLines(
  entries: readonly BatchEntry[],
  outcomes: readonly EntryResult[],
  destination: Destination,
  room: number = Number.POSITIVE_INFINITY,
): string {
  const names = namesOf(destination);
  const line = lineLength(destination);
  let surplus = room - linesLength(entries, destination);
  let lines = '';
  for (let i = 0; i < entries.length; i++) {
    const outcome = outcomes[i];
    let text = fate(entries[i], outcome, '200,', names);
    if ('error' in outcome) {
      const beyond = FRAME + 2 * Buffer.byteLength(text) - line;
      if (beyond <= surplus) surplus -= Math.max(0, beyond);
      else text = `${lineError(outcome.error).code},"message":"${UNSAID}"}`;
    }
    lines += `{"error_code":${text}${LINE_END}`;
  }
  return lines;
}

/** The bytes of a line around its {@link fate}, in a JSON string. */
const FRAME = 25;

/** Renders the response to a batch: successes and failures, each in the order of the request. */
export function renderBatch(
  ids: readonly string[],
  entries: readonly BatchEntry[],
  outcomes: readonly EntryResult[],
  destination: Destination,
): string {
  const names = namesOf(destination);
  const successes: string[] = [];
  const failures: string[] = [];
  entries.forEach((entry, i) => {
    const isWritten = !('error' in outcomes[i]);
    const text = fate(entry, outcomes[i], '', names);
    if (isWritten) successes.push(`{"id":"${ids[i]}",${text}`);
    else failures.push(`{"id":"${ids[i]}","error_code":${text}`);
  });
  return `{"successes":[${successes.join()}],"failures":[${failures.join()}]}`;
}

const namesOf = ({ clusterId, topic }: Destination) => `"cluster_id":${JSON.stringify(clusterId)},"topic_name":${JSON.stringify(topic)}`;

/** The rest of an entry's JSON object with its closing brace: from the value of its error code on, or after `written`. */
function fate(entry: BatchEntry, outcome: EntryResult, written: string, names: string): string {
  if ('error' in outcome) {
    const { code, message } = lineError(outcome.error);
    return `${code},"message":${JSON.stringify(message)}}`;
  }
  const { partition, offset, timestamp } = outcome;
  const place = `"partition_id":${partition},"offset":${offset},"timestamp":"${new Date(timestamp).toISOString()}"`;
  return `${written}${names},${place}${entry instanceof GatewayError ? '' : dataOf(entry)}}`;
}

const dataOf = ({ key, keyType, value, valueType }: TypedRecord): string => sizeOf('key', keyType, key) + sizeOf('value', valueType, value);

const sizeOf = (name: string, type: Type, slice: Slice | null): string =>
  type === null ? '' : `,"${name}":{${typeText(type)},"size":${lengthOf(slice)}}`;

function typeText(data: NonNullable<Type>): string {
  if (typeof data === 'string') return `"type":"${data}"`;
  if (data.written === undefined) throw new Error('a record with a schema was written without it');
  const { type, subject, id, version } = data.written;
  return `"type":"${type}","subject":${JSON.stringify(subject)},"schema_id":${id},"schema_version":${version}`;
}

/** In a list of results, error codes of the form 422xx become 422, and the message has the full code, as in the REST Proxy. */
function lineError(error: GatewayError): { code: number; message: string } {
  const { message } = error;
  const code = codeInV3(error);
  return Math.floor(code / 100) === 422 ? { code: 422, message: `Error: ${code} : ${message}` } : { code, message };
}
