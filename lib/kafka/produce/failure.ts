import { stoodStill } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { gatewayStoodStill } from '../../messages/kafka.ts';
import { withRemark } from '../../messages/message.ts';
import { recordsNotAcknowledged } from '../../messages/produce.ts';
import { kafkaError } from '../error-codes.ts';
import { atDeadline, isFinal } from '../failures.ts';
import type { Delivery } from './delivery.ts';

const NOT_WRITTEN = 'The records were not written';
const PERHAPS = 'The records may have been written, or may still be';
const LOOK = 'look for them before you send them again, or they may be written twice';

/**
 * The client's error for a batch that was not acknowledged. It always says whether the records may be in the log all the same.
 *
 * @param broken the error that ended the whole request, if one did
 * @param deadline of the request, in Unix milliseconds
 */
export function failureOf({ outcome, gone, maybeWritten, cause }: Delivery, broken: GatewayError | null, deadline: number): GatewayError {
  if (outcome !== null) {
    const refused = gone ?? kafkaError(outcome.error);
    return maybeWritten ? perhapsWritten(refused) : notWritten(refused);
  }
  const withFate = maybeWritten ? perhapsWritten : notWrittenAtAll;
  if (broken !== null) return withFate(isFinal(broken) ? broken : atDeadline(broken, deadline));
  if (!maybeWritten && cause instanceof GatewayError) return withFate(atDeadline(cause, deadline));
  return withFate((stoodStill(deadline) ? gatewayStoodStill : recordsNotAcknowledged).with({ cause }));
}

/** The error of records that were not written. It also says so if it is worth a retry, or is not the client's fault. */
export const notWritten = (error: GatewayError): GatewayError => (error.retriable || error.status >= 500 ? notWrittenAtAll(error) : error);

const notWrittenAtAll = (error: GatewayError): GatewayError => withRemark(error, NOT_WRITTEN);
const perhapsWritten = (error: GatewayError): GatewayError => withRemark(error, PERHAPS, LOOK);
