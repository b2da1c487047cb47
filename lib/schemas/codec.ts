import type { JsonWriter } from '../json/json-writer.ts';
import type { Slice } from '../kafka/record.ts';
import type { ByteSink } from './byte-sink.ts';
import type { TextBudget } from './text-budget.ts';

/** Translates between JSON and the bytes that follow the schema's id in a record. */
export interface Codec {
  /**
   * Writes a JSON text, which has been scanned and may be rewritten, as bytes.
   *
   * @throws {Misfit} when it does not fit the schema
   */
  encode(json: Slice, out: ByteSink): void;
  /**
   * Writes bytes as JSON text.
   *
   * @param budget how much it may become; what is written counts for the caller
   * @throws {Misfit} when they were not written with this schema, or would become too much; some of it may have been written
   */
  decode(payload: Slice, out: JsonWriter, budget: TextBudget): void;
}
