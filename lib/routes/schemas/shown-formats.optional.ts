import type { StoredRecord } from '../../kafka/record.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import { shownFormat } from '../../schemas/shown-format.ts';
import { schemaCodecs, within } from './codecs.ts';

/** The formats in which a page of records is shown, when the schemas of its records are known. */
export async function shownFormats(
  page: readonly StoredRecord[],
  formats: { key: AnyFormatName; value: AnyFormatName },
  deadline: number,
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  const [key, value] = await Promise.all(
    (['key', 'value'] as const).map((side) => {
      const slices = page.map((record) => record[side]);
      return shownAs(formats[side], slices, deadline);
    }),
  );
  return { key, value };
}

async function shownAs(name: AnyFormatName, slices: StoredRecord['key'][], deadline: number): Promise<ShownFormat> {
  return isSchemaFormat(name) ? within(deadline, shownFormat(name, slices, schemaCodecs())) : recordFormats[name];
}
