/** The result of one record: where it was written (timestamp in Unix milliseconds), or an error. */
export type RecordResult = WrittenRecord | { error: { code: number; message: string } };

/** Where a record was written. */
export interface WrittenRecord {
  partition: number;
  offset: number;
  timestamp: number;
}

/** The ids of the schemas that encoded keys and values; null without a schema, or with several. */
export interface SchemaIds {
  key: number | null;
  value: number | null;
}

const noSchemas: SchemaIds = { key: null, value: null };

/** Most bytes of all error messages of a response, as JSON strings. */
export const MAX_MESSAGES_BYTES = 1024 * 1024;

/** Replaces the error messages beyond that. */
export const UNSAID = 'see error_code';

/**
 * The length of the longest entry without an error message, in bytes, inside a JSON string, where every quote takes two.
 *
 * @param named whether the entry also has its topic's name, whose length is not included
 */
export const longestEntry = (named: boolean): number => (named ? escapedQuotes('"topic":"",') : 0) + LONGEST_UNNAMED;

const escapedQuotes = (text: string): number => JSON.stringify(text).length - 2;
const LONGEST_UNNAMED = escapedQuotes(
  '{"partition":2147483647,"offset":9007199254740991,"timestamp":9007199254740991,"error_code":null,"error":null},',
);

/**
 * Renders the body of a produce response: one entry for each record, in the given order. When the error messages become too long for a
 * response, the rest are replaced by {@link UNSAID}.
 *
 * @param topics the topic of each record, if a request can have several; entries then name it
 */
export function renderProduceResponse(results: readonly RecordResult[], topics?: readonly string[], schemaIds = noSchemas): string {
  const frame = new Frame();
  let entries = '';
  let messages = MAX_MESSAGES_BYTES;
  for (let i = 0; i < results.length; i++) {
    const result = results[i];
    entries += i === 0 ? '{' : ',{';
    if (topics !== undefined) entries += `"topic":${JSON.stringify(topics[i])},`;
    if ('error' in result) {
      const { code, message } = result.error;
      messages -= encodedLength(message);
      entries += renderError(code, messages < 0 ? UNSAID : message);
    } else {
      frame.fit(result);
      entries += frame.beforeOffset + result.offset + frame.afterOffset;
    }
  }
  return `{"offsets":[${entries}],"key_schema_id":${schemaIds.key},"value_schema_id":${schemaIds.value}}`;
}

/**
 * The text around an offset. It stays the same for runs of records and is built once per run, so a large response takes a third of the time
 * and of the memory.
 */
class Frame {
  beforeOffset = '';
  afterOffset = '';
  private partition = -1;
  private timestamp = Number.NaN;

  fit({ partition, timestamp }: WrittenRecord): void {
    if (partition === this.partition && timestamp === this.timestamp) return;
    this.partition = partition;
    this.timestamp = timestamp;
    this.beforeOffset = `"partition":${partition},"offset":`;
    this.afterOffset = `,"timestamp":${timestamp},"error_code":null,"error":null}`;
  }
}

/** The most it can take as a JSON string inside a JSON string. */
const encodedLength = (message: string): number => 2 * Buffer.byteLength(JSON.stringify(message));

const renderError = (code: number, message: string): string =>
  `"partition":null,"offset":null,"timestamp":null,"error_code":${code},"error":${JSON.stringify(message)}}`;
