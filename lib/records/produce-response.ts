/** What became of one record of a request: where it stands now (its timestamp in Unix milliseconds), or why it does not. */
export type RecordResult = { partition: number; offset: number; timestamp: number } | { error: { code: number; message: string } };

/**
 * Renders the body of a produce response: one entry for each record, in the order given.
 *
 * @param topics the topic of each record, where a request can have several; entries carry them then
 */
export function renderProduceResponse(results: readonly RecordResult[], topics?: readonly string[]): string {
  let entries = '';
  for (let i = 0; i < results.length; i++) {
    const topic = topics === undefined ? '' : `"topic":${JSON.stringify(topics[i])},`;
    entries += `${i === 0 ? '' : ','}{${topic}${renderResult(results[i])}}`;
  }
  return `{"offsets":[${entries}],"key_schema_id":null,"value_schema_id":null}`;
}

function renderResult(result: RecordResult): string {
  if ('error' in result) {
    const { code, message } = result.error;
    return `"partition":null,"offset":null,"timestamp":null,"error_code":${code},"error":${JSON.stringify(message)}`;
  }
  const { partition, offset, timestamp } = result;
  return `"partition":${partition},"offset":${offset},"timestamp":${timestamp},"error_code":null,"error":null`;
}
