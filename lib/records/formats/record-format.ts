import type { JsonScanner } from '../../json/json-scanner.ts';
import type { JsonWriter } from '../../json/json-writer.ts';
import type { Place } from '../../json/place.ts';
import type { Slice } from '../../kafka/record.ts';

/** How request bodies carry keys and values. */
export interface BodyFormat {
  readonly name: string;
  readonly mediaType: string;

  /**
   * Reads the scanner's next JSON value as a key or a value. The slice points into the scanner's bytes, which are overwritten where the
   * field's bytes differ from its JSON text. JSON null is null in every format: no key, or a tombstone.
   *
   * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for a JSON type that the format does not accept
   */
  read(json: JsonScanner, place: Place): Slice | null;
}

/** How response bodies show keys and values. */
export interface ShownFormat {
  /** Completes "the value is not …": what bytes must be so that the format can show them. */
  readonly content: string;

  /**
   * Writes a stored key or value as JSON. Returns false, and writes nothing, when the format cannot show it.
   *
   * @param strict true: refuses bytes that are not UTF-8; false: the caller checks for UTF-8
   */
  write(out: JsonWriter, slice: Slice, strict: boolean): boolean;

  /** Completes "the value …": why a slice was not written, where the reason differs from slice to slice. */
  fault?(slice: Slice): string;
}

/** A format for requests and responses. */
export type RecordFormat = BodyFormat & ShownFormat;
