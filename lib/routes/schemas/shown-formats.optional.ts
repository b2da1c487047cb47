import type { StoredRecord } from '../../kafka/record.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { LogicalView } from '../../schemas/codec.ts';
import { shownFormat } from '../../schemas/shown-format.ts';
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
