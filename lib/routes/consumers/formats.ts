import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { mediaTypes, prefer } from '../../http/media-types.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { acceptOtherFormat, formatInvalid } from '../../messages/consumers.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { LogicalView } from '../../schemas/codec.ts';

const NAMES = ['binary', 'json', 'text', 'avro', 'jsonschema', 'protobuf'] as const;

/** The media types that records may have, whatever the format of a consumer. */
export const recordTypes = [
  ...([mediaTypes.binary, mediaTypes.generic, mediaTypes.json, mediaTypes.text] as const),
  ...([mediaTypes.avro, mediaTypes.jsonschema, mediaTypes.protobuf] as const),
] as const;

/**
 * A format by its name, in any case.
 *
 * @throws {GatewayError} InvalidRecord for one that there is not, or that needs a schema registry where there is none
 */
export function formatNamed(given: unknown): AnyFormatName {
  const offered = NAMES.filter((name) => !isSchemaFormat(name) || schemaRegistryConfig() !== null);
  const format = offered.find((name) => name === String(given).toLowerCase());
  if (format === undefined) throw formatInvalid(offered.join(', '));
  return format;
}

/**
 * The media type of a consumer's records: that of its format, or the general one where the client asks for that.
 *
 * @throws {GatewayError} NotAcceptable for that of another format
 */
export function typeOfRecords(accept: string | undefined, format: AnyFormatName): string {
  const offered = [mediaTypes[format], mediaTypes.generic] as const;
  const preferred = prefer(accept, offered);
  if (preferred === null) throw acceptOtherFormat(format, offered.join(', '));
  return preferred;
}

/**
 * The format in which the keys and values of records are shown.
 *
 * @param view of Avro's logical types
 */
export async function shownAs(
  records: readonly StoredRecord[],
  format: AnyFormatName,
  deadline: number,
  view?: LogicalView,
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  if (!isSchemaFormat(format)) return { key: recordFormats[format], value: recordFormats[format] };
  // Only in the zips of deployments with a schema registry.
  const { shownFormats } = await import('../schemas/shown-formats.optional.ts');
  return shownFormats(records, { key: format, value: format }, deadline, view);
}
