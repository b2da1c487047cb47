import { GatewayError } from '../../errors.ts';
import { kafkaError } from '../error-codes.ts';
import { atDeadline, isFinal } from '../failures.ts';
import type { Delivery } from './delivery.ts';

const NOT_WRITTEN = 'The records were not written.';
const PERHAPS = 'The records may have been written, or may still be: whoever sends them again may write them twice.';

/**
 * What a client is told of a batch that was not acknowledged. It always says whether the records may be in the log all the same.
 *
 * @param broken what ended the whole request, if anything did
 */
export function failureOf({ outcome, maybeWritten, cause }: Delivery, broken: GatewayError | null): GatewayError {
  const remark = maybeWritten ? PERHAPS : NOT_WRITTEN;
  if (outcome !== null) return maybeWritten ? kafkaError(outcome.error, PERHAPS) : notWritten(kafkaError(outcome.error));
  if (broken !== null) return withRemark(isFinal(broken) ? broken : atDeadline(broken), remark);
  if (!maybeWritten && cause instanceof GatewayError) return withRemark(atDeadline(cause), remark);
  return new GatewayError('DeadlineExceeded', `Kafka did not acknowledge the records in time. ${remark}`, { cause });
}

/** Why records went nowhere. Who is told to try again, or of a fault that is not theirs, also learns that nothing was written. */
export const notWritten = (error: GatewayError): GatewayError =>
  error.retriable || error.status >= 500 ? withRemark(error, NOT_WRITTEN) : error;

const withRemark = (error: GatewayError, remark: string): GatewayError =>
  new GatewayError(error.name, `${error.message} ${remark}`, { cause: error.cause, headers: error.headers });
