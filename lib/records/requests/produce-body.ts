import { JsonScanner, scanText } from '../../json/json-scanner.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import { parseValue } from '../../json/parse-value.ts';
import { Place } from '../../json/place.ts';
import { MOST_RECORDS } from '../../limits-of-request.ts';
import { listMissing, memberOfSchemas, noRecords, notABody, placeInvalid } from '../../messages/produce.ts';
import { tooManyOf } from '../../messages/requests.ts';
import type { BodyFormat } from '../formats/record-format.ts';
import { recordFormats } from '../formats/record-formats.ts';
import { isSchemaFormat } from '../formats/schema-formats.ts';
import { type BodyFormats, type ParsedRecord, type RecordDefaults, readRecord } from './produce-record.ts';

const FIVE = 0x35;
const SEVEN = 0x37;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const KEY_FORMAT = 'key_format';
/** This many underscores or escapes are checked one by one. Most bodies have fewer; with more, another method is faster. */
const FEW = 32;
/** The prefix of ASCII escapes; in those of letters and the underscore, 5, 6 or 7 follows. */
const ESCAPE = '\\u00';
/** Suffixes of `key_` and `value_`: members that choose the schema of keys and values. */
const schemaMembers = ['schema', 'schema_id', 'schema_version', 'schema_references', 'subject', 'subject_name_strategy', 'message'];
/** The members that an error message about an unknown one suggests. */
const usual = ['records', KEY_FORMAT, 'key_schema', 'key_schema_id', 'value_schema', 'value_schema_id'];
const fields = ['records', KEY_FORMAT, ...['key_', 'value_'].flatMap((side) => schemaMembers.map((member) => side + member))];

/** The content of a produce request. */
export interface ProduceBody {
  /** In the order of the request, at least one. With a schema format, keys and values are still JSON text. */
  records: ParsedRecord[];
  formats: BodyFormats;
  /** The parsed members about schemas, by name. */
  schemas: ReadonlyMap<string, unknown>;
  /** True where values of a format without schemas are JSON text that is still to be encoded; otherwise they are encoded already. */
  areJson?: boolean;
}

/**
 * Reads the body of a produce request, `{"records":[{"key","value","partition"?,"headers"?,"timestamp"?}]}`, in one pass over its bytes.
 * Keys, values and header values are slices of these bytes, which the function overwrites as it reads: the caller gives them away.
 * Reading ends with the first error.
 *
 * @param format of values, and of keys if the body has no `key_format`
 * @param known the formats that `key_format` may name
 * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for JSON that is not a produce body; TooLarge
 *   for too many records, headers or bytes. Messages name the place
 */
export function readProduceBody(
  bytes: Buffer,
  format: BodyFormat,
  options: RecordDefaults,
  known: Readonly<Record<string, BodyFormat>> = recordFormats,
): ProduceBody {
  const json = scanText(bytes);
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw notABody('records');
  }
  const place = new Place();
  const seen = new Set<string>();
  const schemas = new Map<string, unknown>();
  const formats = { key: format, value: format };
  let records: ParsedRecord[] | null = null;
  let recordsAt = -1;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      if (seen.has(name) || !fields.includes(name)) refuseMember(name, seen.has(name) ? fields : usual, 'the body');
      seen.add(name);
      if (json.null()) continue;
      if (name === KEY_FORMAT) formats.key = readFormat(json, known, place);
      else if (name !== 'records') schemas.set(name, parseValue(json, place));
      else if (seen.has(KEY_FORMAT) || !mayFollow(bytes, KEY_FORMAT, json.at)) records = readRecords(json, formats, options, place);
      else {
        // Reading keys overwrites them, so first find out their format.
        recordsAt = json.at;
        json.value();
      }
    } while (json.more(CLOSE_BRACE));
  }
  json.finish();
  if (recordsAt >= 0) records = readRecords(new JsonScanner(bytes, recordsAt), formats, options, place);
  if (records === null) throw listMissing('records');
  for (const name of schemas.keys()) refuseStray(name, formats, Object.hasOwn(known, 'avro'));
  return { records, formats, schemas };
}

/** Whether a member with this name may follow, escaped or not. */
const mayFollow = (bytes: Buffer, name: string, from: number): boolean => mayHold(bytes, name, from) || maySpell(bytes, from);

/** Whether a letter or an underscore is escaped anywhere after a position: JSON allows it in names, but no client does it. */
function maySpell(bytes: Buffer, from: number): boolean {
  if (!bytes.includes(BACKSLASH, from)) return false;
  let at = bytes.indexOf(ESCAPE, from);
  for (let seen = 0; at >= 0; at = bytes.indexOf(ESCAPE, at + ESCAPE.length)) {
    const digit = bytes[at + ESCAPE.length];
    // To search on would take longer than to read the records twice.
    if (++seen > FEW || (digit >= FIVE && digit <= SEVEN)) return true;
  }
  return false;
}

/** Whether a word with an underscore occurs after a position. Searching for a single byte is many times as fast as for a word. */
function mayHold(bytes: Buffer, word: string, from: number): boolean {
  const before = word.indexOf('_');
  let at = bytes.indexOf(UNDERSCORE, from);
  for (let seen = 0; at >= 0; at = bytes.indexOf(UNDERSCORE, at + 1)) {
    if (++seen > FEW) return bytes.includes(word, at - before);
    if (bytes.toString('latin1', at - before, at - before + word.length) === word) return true;
  }
  return false;
}

function readRecords(json: JsonScanner, formats: BodyFormats, options: RecordDefaults, place: Place): ParsedRecord[] {
  if (json.peek() !== OPEN_BRACKET) {
    json.value();
    throw placeInvalid('records', 'an array');
  }
  if (!json.enter(CLOSE_BRACKET)) throw noRecords();
  const records: ParsedRecord[] = [];
  do {
    if (records.length === MOST_RECORDS) throw tooManyOf('records', MOST_RECORDS);
    place.begin(records.length);
    records.push(readRecord(json, formats, options, place));
  } while (json.more(CLOSE_BRACKET));
  return records;
}

function readFormat(json: JsonScanner, known: Readonly<Record<string, BodyFormat>>, place: Place): BodyFormat {
  const name = parseValue(json, place);
  if (typeof name === 'string' && Object.hasOwn(known, name)) return known[name];
  throw placeInvalid(KEY_FORMAT, `one of ${Object.keys(known).join(', ')}`);
}

/** @param schemas whether there is a registry: then binary values may be encoded with its schemas */
function refuseStray(name: string, { key, value }: BodyFormats, schemas: boolean): void {
  const format = name.startsWith('key_') ? key : value;
  if (isSchemaFormat(format.name) || (schemas && format.name === 'binary')) return;
  throw memberOfSchemas(name, format.mediaType);
}
