import type { StoredRecord } from '../../kafka/record.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { LogicalView } from '../../schemas/codec.ts';
import { knownOf, shownFormat } from '../../schemas/shown-format.ts';
import type { SchemaKey } from '../../schemas/wire-format.ts';
import { schemaCodecs, within } from './codecs.ts';

/**
 * The formats that show a page of records, once the schemas of the records are known.
 *
 * @param view how to show Avro's logical types
 */
export async function shownFormats(
  page: readonly StoredRecord[],
  formats: { key: AnyFormatName; value: AnyFormatName },
  deadline: number,
  view: LogicalView = 'digits',
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  const [key, value] = await Promise.all(
    (['key', 'value'] as const).map(async (side): Promise<ShownFormat> => {
      const name = formats[side];
      if (!isSchemaFormat(name)) return recordFormats[name];
      return within(deadline, shownFormat(name, { records: page, side, view }, schemaCodecs()));
    }),
  );
  return { key, value };
}

/** The schema that could not be had, by the error of {@link shownFormats}; undefined if it is about none. */
export const missedSchema = (error: Error): SchemaKey | undefined => schemaCodecs().missed.get(error);

/**
 * Makes sure that records with a schema could be shown now.
 *
 * @throws {GatewayError} RegistryUnavailable and the like
 */
export async function askForSchema(key: SchemaKey, deadline: number): Promise<void> {
  await within(deadline, knownOf(key, 'avro', schemaCodecs()));
}
