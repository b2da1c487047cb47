import type { GatewayError } from '../../errors.ts';
import type { ProducedRecord } from '../../kafka/produce/produce-records.ts';

/** The error of all records of a request, if all failed for the same reason; else null. */
export function commonFailure(results: readonly ProducedRecord[]): GatewayError | null {
  const [first] = results;
  if (!('error' in first)) return null;
  const { code, message } = first.error;
  return results.every((result) => 'error' in result && result.error.code === code && result.error.message === message)
    ? first.error
    : null;
}
