import { GatewayError } from '../../errors.ts';
import type { Slice } from '../../kafka/record.ts';
import { JsonScanner } from '../json-scanner.ts';
import { readString } from '../json-string.ts';
import { readMemberName, refuseMember } from '../member-name.ts';
import type { Place } from '../place.ts';
import { chooseType, type DataType, formatOf, SCHEMA_MEMBERS } from './data-types.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A key or a value, and as what it was sent. */
export interface Data {
  type: DataType;
  bytes: Slice | null;
}

/**
 * Reads a record's key or value: `{"type", "data"}`, in any order, or null. With schemas there is more to it: see {@link chooseType}.
 * The bytes of `data` are read in place; a null is one in Kafka, too.
 *
 * @param place its field is the key or value, and is that again afterwards
 * @returns null for null; what is wrong with the content, which fails the record alone
 * @throws {GatewayError} InvalidRecord when it is no such object; BadRequest for malformed JSON
 */
export function readData(json: JsonScanner, place: Place): Data | GatewayError | null {
  if (json.null()) return null;
  const { field } = place;
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw new GatewayError('InvalidRecord', `${place} must be an object {"type", "data"} or null`);
  }
  let type: string | null | undefined;
  let data: { start: number; end: number } | undefined;
  const schemaMembers = new Map<string, boolean>();
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      place.field = `${field}.${name}`;
      if (name === 'data' && data === undefined) data = passValue(json);
      else if (name === 'type' && type === undefined) type = readType(json, place);
      else if (SCHEMA_MEMBERS.includes(name) && !schemaMembers.has(name)) schemaMembers.set(name, passUnlessNull(json));
      else {
        place.field = field;
        refuseMember(name, ['type', 'data', ...SCHEMA_MEMBERS], `${place}`);
      }
    } while (json.more(CLOSE_BRACE));
  }
  place.field = field;
  const chosenBy = [...schemaMembers].filter(([, isThere]) => isThere).map(([name]) => name);
  const chosen = chooseType(type ?? null, chosenBy, `${place}`);
  if (data === undefined) throw new GatewayError('InvalidRecord', `${place}.data is missing: null is for none`);
  if (chosen instanceof GatewayError) return chosen;
  return readBytes(chosen, new JsonScanner(json.bytes, data.start, data.end), place);
}

/** The type may stand behind the data, so that this is read when all is known. */
function passValue(json: JsonScanner): { start: number; end: number } {
  json.peek();
  const start = json.at;
  json.value();
  return { start, end: json.at };
}

/** Passes a value; false when that was null, which counts as absent. */
function passUnlessNull(json: JsonScanner): boolean {
  if (json.null()) return false;
  json.value();
  return true;
}

function readType(json: JsonScanner, place: Place): string | null {
  if (json.null()) return null;
  if (json.peek() !== QUOTE) {
    json.value();
    throw new GatewayError('InvalidRecord', `${place} must be a string`);
  }
  const start = json.at + 1;
  return json.bytes.toString('utf8', start, readString(json, place));
}

function readBytes(type: DataType, json: JsonScanner, place: Place): Data | GatewayError {
  const { field } = place;
  place.field = `${field}.data`;
  try {
    return { type, bytes: formatOf(type).read(json, place) };
  } catch (error) {
    if (error instanceof GatewayError) return new GatewayError('BadRequest', error.message);
    throw error;
  } finally {
    place.field = field;
  }
}
