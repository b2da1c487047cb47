import type { JsonWriter } from '../json/json-writer.ts';
import type { Slice } from '../kafka/record.ts';
import type { ByteSink } from './byte-sink.ts';
import type { TextBudget } from './text-budget.ts';

/** The query's names for the ways to show Avro's logical types. */
export const logicalViews = ['readable', 'avro'] as const;

/**
 * How Avro's logical types are shown. `digits`: decimals as digits, others as the underlying numbers and bytes; `readable`: also dates,
 * times, durations and UUIDs as people write them; `avro`: as in Avro's own JSON, where decimals are bytes.
 */
export type LogicalView = (typeof logicalViews)[number] | 'digits';

/** Translates between JSON and the bytes that follow the schema's id in a record. */
export interface Codec {
  /**
   * Encodes a JSON text, which has been scanned and may be overwritten.
   *
   * @throws {Misfit} when it does not fit the schema
   */
  encode(json: Slice, out: ByteSink): void;
  /**
   * Writes bytes that are already encoded with the schema, after whatever has to be between them and the schema's id.
   *
   * @throws {Misfit} when they were not written with the schema
   */
  frame(payload: Slice, out: ByteSink): void;
  /**
   * Decodes bytes to JSON text.
   *
   * @param budget limits the size of the text; the caller counts what was written
   * @param view how to show logical types; digits by default
   * @throws {Misfit} when they were not written with this schema, or exceed the budget; part of the text may have been written
   */
  decode(payload: Slice, out: JsonWriter, budget: TextBudget, view?: LogicalView): void;
}
