import { GatewayError } from '../../errors.ts';
import { JsonScanner } from '../../json/json-scanner.ts';
import { readString } from '../../json/json-string.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import { parseValue } from '../../json/parse-value.ts';
import type { Place } from '../../json/place.ts';
import type { Slice } from '../../kafka/record.ts';
import { renamed } from '../../messages/message.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { schemaFormats } from '../formats/schema-formats.ts';
import { chooseType, type DataType, formatOf, isDataType } from './data-types.ts';
import { SCHEMA_MEMBERS, type SchemaData } from './schema-data.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A key or a value, and its type. */
export interface Data {
  type: DataType | SchemaData;
  /** With a schema: the data's JSON text. */
  bytes: Slice | null;
}

/**
 * Reads a record's key or value: null, or `{"type", "data"}` with the schema members of {@link chooseType}, in any order. `data` is decoded
 * in place. Null data is null in Kafka, and so is absent data, as in Confluent's REST Proxy.
 *
 * @param schemas whether there is a registry
 * @returns null for null; an error if the content is invalid, so that only this record fails
 * @throws {GatewayError} InvalidRecord when it is not such an object; BadRequest for malformed JSON
 */
export function readData(json: JsonScanner, place: Place, schemas: boolean): Data | GatewayError | null {
  if (json.null()) return null;
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw placeInvalid(place, 'an object {"type", "data"} or null');
  }
  let type: string | null | undefined;
  let read: Data | GatewayError | undefined;
  let later: JsonScanner | undefined;
  const chosenBy: string[] = [];
  const members = new Map<string, unknown>();
  const seen: string[] = [];
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      place.part = name;
      if (name === 'data' && read === undefined && later === undefined) {
        // Only the type tells how to read the data, and it may come later.
        if (isDataType(type)) read = readBytes(type, json, place);
        else later = passValue(json);
      } else if (name === 'type' && type === undefined) type = readType(json, place);
      else if (SCHEMA_MEMBERS.includes(name) && !seen.includes(name)) {
        seen.push(name);
        if (!json.null()) {
          chosenBy.push(name);
          members.set(`${place}`, parseValue(json, place));
        }
      } else {
        place.part = '';
        refuseMember(name, ['type', 'data', ...SCHEMA_MEMBERS], `${place}`);
      }
    } while (json.more(CLOSE_BRACE));
  }
  place.part = '';
  if (read === undefined && later === undefined && (type ?? null) === null && chosenBy.length === 0) return null;
  const chosen = chooseType(type ?? null, chosenBy, place, schemas);
  if (chosen instanceof GatewayError) return chosen;
  const ofSchema = (data: Data | GatewayError): Data | GatewayError =>
    chosenBy.length === 0 || data instanceof GatewayError
      ? data
      : { type: { type: null, place: `${place}`, members, areBytes: true }, bytes: data.bytes };
  if (read !== undefined) return ofSchema(read);
  // Absent data is null, as in Confluent's REST Proxy.
  if (later === undefined)
    return isDataType(chosen)
      ? ofSchema({ type: chosen, bytes: null })
      : { type: { type: chosen, place: `${place}`, members }, bytes: null };
  if (isDataType(chosen)) return ofSchema(readBytes(chosen, later, place));
  return { type: { type: chosen, place: `${place}`, members }, bytes: schemaFormats.avro.read(later, place) };
}

/** Moves past a value; returns a scanner to read it later. */
function passValue(json: JsonScanner): JsonScanner {
  json.peek();
  const start = json.at;
  json.value();
  return new JsonScanner(json.bytes, start, json.at);
}

function readType(json: JsonScanner, place: Place): string | null {
  if (json.null()) return null;
  if (json.peek() !== QUOTE) {
    json.value();
    throw placeInvalid(place, 'a string');
  }
  const start = json.at + 1;
  return json.bytes.toString('latin1', start, readString(json, place));
}

function readBytes(type: DataType, json: JsonScanner, place: Place): Data | GatewayError {
  place.part = 'data';
  try {
    const bytes = formatOf(type).read(json, place);
    place.part = '';
    return { type, bytes };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    place.part = '';
    return renamed('BadRequest', error);
  }
}
