import type { JsonWriter } from '../json/json-writer.ts';
import type { Slice } from '../kafka/record.ts';
import type { ByteSink } from './byte-sink.ts';
import type { TextBudget } from './text-budget.ts';

/** How logical types of Avro can be shown, by their names in a query. */
export const logicalViews = ['readable', 'avro'] as const;

/**
 * How logical types of Avro are shown. `digits`: decimals as their digits, the others as the numbers and bytes below them; `readable`:
 * dates, times, durations and UUIDs as people write them, too; `avro`: as Avro's own JSON has them, decimals as bytes.
 */
export type LogicalView = (typeof logicalViews)[number] | 'digits';

/** Translates between JSON and the bytes that follow the schema's id in a record. */
export interface Codec {
  /**
   * Writes a JSON text, which has been scanned and may be rewritten, as bytes.
   *
   * @throws {Misfit} when it does not fit the schema
   */
  encode(json: Slice, out: ByteSink): void;
  /**
   * Writes bytes that are of the schema already, with what stands before them behind the schema's id.
   *
   * @throws {Misfit} when they are not
   */
  frame(payload: Slice, out: ByteSink): void;
  /**
   * Writes bytes as JSON text.
   *
   * @param budget how much it may become; what is written counts for the caller
   * @param view of logical types; digits unless given
   * @throws {Misfit} when they were not written with this schema, or would become too much; some of it may have been written
   */
  decode(payload: Slice, out: JsonWriter, budget: TextBudget, view?: LogicalView): void;
}
