import { GatewayError } from '../errors.ts';
import { type JsonScanner, scanText } from './json-scanner.ts';
import { readMemberName, refuseMember } from './member-name.ts';
import { Place } from './place.ts';
import { type ParsedRecord, type ReadOptions, readRecord } from './produce-record.ts';
import type { RecordFormat } from './record-format.ts';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const fields = ['records', 'key_schema', 'key_schema_id', 'value_schema', 'value_schema_id'];

/** What a produce request asks for. */
export interface ProduceBody {
  /** In the request's order, at least one. */
  records: ParsedRecord[];
}

/**
 * Reads the body of a produce request, `{"records":[{"key","value","partition"?,"headers"?,"timestamp"?}]}`, in one pass over its
 * bytes. Keys, values and header values are slices of them, and they are rewritten on the way: the bytes belong to this function from
 * the call on. Reading ends with the first fault.
 *
 * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for JSON that is no such body. Messages name the place
 */
export function readProduceBody(bytes: Buffer, format: RecordFormat, options: ReadOptions): ProduceBody {
  const json = scanText(bytes);
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw new GatewayError('InvalidRecord', 'The body must be an object {"records": [...]}');
  }
  const seen = new Set<string>();
  let records: ParsedRecord[] | null = null;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      if (seen.has(name) || !fields.includes(name)) refuseMember(name, fields, 'the body');
      seen.add(name);
      if (json.null()) continue;
      if (name !== 'records') refuseSchema(json, name, format);
      records = readRecords(json, format, options);
    } while (json.more(CLOSE_BRACE));
  }
  json.finish();
  if (records === null) throw new GatewayError('InvalidRecord', 'records is missing: the body must be an object {"records": [...]}');
  return { records };
}

function readRecords(json: JsonScanner, format: RecordFormat, options: ReadOptions): ParsedRecord[] {
  if (json.peek() !== OPEN_BRACKET) {
    json.value();
    throw new GatewayError('InvalidRecord', 'records must be an array');
  }
  if (!json.enter(CLOSE_BRACKET)) throw new GatewayError('InvalidRecord', 'records is empty: it must have at least one record');
  const records: ParsedRecord[] = [];
  const place = new Place();
  do {
    place.record = records.length;
    place.field = '';
    records.push(readRecord(json, format, options, place));
  } while (json.more(CLOSE_BRACKET));
  return records;
}

function refuseSchema(json: JsonScanner, name: string, format: RecordFormat): never {
  json.value();
  throw new GatewayError(
    'InvalidRecord',
    `${name} belongs to the schema formats (avro, jsonschema, protobuf), which ${format.mediaType} is not one of: leave it out`,
  );
}
