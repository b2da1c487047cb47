import type { JsonScanner } from '../../json/json-scanner.ts';
import type { JsonWriter } from '../../json/json-writer.ts';
import type { Place } from '../../json/place.ts';
import type { Slice } from '../../kafka/record.ts';

/** How keys and values stand in the bodies of requests. */
export interface BodyFormat {
  readonly name: string;
  readonly mediaType: string;

  /**
   * Reads the JSON value that the scanner stands before as a key or a value. The slice points into the scanner's bytes, which are
   * rewritten where the field's own bytes differ from their JSON text. JSON null is null in every format: no key, a tombstone.
   *
   * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for a type that the format does not take
   */
  read(json: JsonScanner, place: Place): Slice | null;
}

/** How keys and values stand in the bodies of responses. */
export interface ShownFormat {
  /** What bytes must be to be shown, to complete "the value is not …". */
  readonly content: string;

  /**
   * Writes a stored key or value as JSON. False, and nothing is written, when the format cannot show it.
   *
   * @param strict true: bytes that are not UTF-8 are not shown; false: the caller sees to it
   */
  write(out: JsonWriter, slice: Slice, strict: boolean): boolean;

  /** Why a slice was not written, to complete "the value …", where that differs from one to the next. */
  fault?(slice: Slice): string;
}

/** A format of both. */
export type RecordFormat = BodyFormat & ShownFormat;
