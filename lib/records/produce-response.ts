import { JsonWriter } from './json-writer.ts';

/** What became of one record of a request: where it stands now, or why it does not. */
export type RecordResult =
  /** `timestamp` in Unix milliseconds. */
  { partition: number; offset: number; timestamp: number } | { error: { code: number; message: string } };

/** Length of an entry that a first guess takes; more is made room for. */
const USUAL_LENGTH = 110;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const opening = ascii('{"offsets":[');
const comma = ascii(',');
const openBrace = ascii('{');
const topicName = ascii('"topic":');
const partitionName = ascii('"partition":');
const offsetName = ascii(',"offset":');
const timestampName = ascii(',"timestamp":');
const noError = ascii(',"error_code":null,"error":null}');
const failed = ascii('"partition":null,"offset":null,"timestamp":null,"error_code":');
const errorName = ascii(',"error":');
const closeBrace = ascii('}');
const closing = ascii('],"key_schema_id":null,"value_schema_id":null}');

/**
 * Renders the body of a produce response: one entry for each record, in the order given.
 *
 * @param topics the topic of each record, where a request can have several; entries carry them then
 */
export function renderProduceResponse(results: readonly RecordResult[], topics?: readonly string[]): string {
  const out = new JsonWriter(opening.length + results.length * USUAL_LENGTH + closing.length);
  out.copy(opening);
  for (let i = 0; i < results.length; i++) {
    if (i > 0) out.copy(comma);
    out.copy(openBrace);
    if (topics !== undefined) {
      out.copy(topicName);
      out.string(topics[i]);
      out.copy(comma);
    }
    writeResult(out, results[i]);
  }
  out.copy(closing);
  return out.toString();
}

function writeResult(out: JsonWriter, result: RecordResult): void {
  if ('error' in result) {
    out.copy(failed);
    out.integer(result.error.code);
    out.copy(errorName);
    out.string(result.error.message);
    out.copy(closeBrace);
    return;
  }
  out.copy(partitionName);
  out.integer(result.partition);
  out.copy(offsetName);
  out.integer(result.offset);
  out.copy(timestampName);
  out.integer(result.timestamp);
  out.copy(noError);
}
