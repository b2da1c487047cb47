import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { mediaTypes, prefer } from '../../http/media-types.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { acceptOtherFormat, formatInvalid } from '../../messages/consumers.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { LogicalView } from '../../schemas/codec.ts';

const NAMES = ['binary', 'json', 'text', 'avro', 'jsonschema', 'protobuf'] as const;

/** All media types of records, for any format of a consumer. */
export const recordTypes = [
  ...([mediaTypes.binary, mediaTypes.generic, mediaTypes.json, mediaTypes.text] as const),
  ...([mediaTypes.avro, mediaTypes.jsonschema, mediaTypes.protobuf] as const),
] as const;

/**
 * A format by its name, ignoring case.
 *
 * @throws {GatewayError} InvalidRecord for an unknown format, or for one that needs a schema registry when there is none
 */
export function formatNamed(given: unknown): AnyFormatName {
  const offered = NAMES.filter((name) => !isSchemaFormat(name) || schemaRegistryConfig() !== null);
  const format = offered.find((name) => name === String(given).toLowerCase());
  if (format === undefined) throw formatInvalid(offered.join(', '));
  return format;
}

/**
 * The media type of a consumer's records: that of its format, or the generic one if the client prefers it.
 *
 * @throws {GatewayError} NotAcceptable when the client accepts only another format
 */
export function typeOfRecords(accept: string | undefined, format: AnyFormatName): string {
  const offered = [mediaTypes[format], mediaTypes.generic] as const;
  const preferred = prefer(accept, offered);
  if (preferred === null) throw acceptOtherFormat(format, offered.join(', '));
  return preferred;
}

/**
 * The formats of keys and values in the response.
 *
 * @param view how to show Avro's logical types
 */
export async function shownAs(
  records: readonly StoredRecord[],
  format: AnyFormatName,
  deadline: number,
  view?: LogicalView,
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  if (!isSchemaFormat(format)) return { key: recordFormats[format], value: recordFormats[format] };
  // Only the zips of deployments with a schema registry contain it.
  const { shownFormats } = await import('../schemas/shown-formats.optional.ts');
  return shownFormats(records, { key: format, value: format }, deadline, view);
}
