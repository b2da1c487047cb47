import { expires, pauseBefore, sleep } from '../../deadline.ts';
import type { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import { atDeadline, connectionError, isFinal, reasonOf } from '../failures.ts';

const NO_LEADER = 'no leader is known, or the one that is says nothing';

/**
 * Logs a retry, before its pause.
 *
 * @param tries number of tries so far
 * @param failure error of the last try; null or undefined if no leader was known, or a silent leader was given up
 */
export function logRetry(tries: number, failure: unknown): void {
  log.debug('retry', 'Something is tried again', () => ({ tries, pauseMs: pauseBefore(tries), reason: reasonOf(failure ?? NO_LEADER) }));
}

/**
 * Runs something that is harmless to repeat, again while it fails in passing, until a deadline (Unix milliseconds).
 *
 * @throws {GatewayError} an error that no retry mends; at the deadline the last failure of a try that ended, or DeadlineExceeded if Kafka was silent
 */
export async function again<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
  // Kept between tries: one that the deadline cuts off does not say that Kafka is silent.
  let failure: GatewayError | null = null;
  for (let tries = 1; ; tries++) {
    try {
      const attempting = attempt();
      if (!(await expires(attempting, deadline))) return await attempting;
    } catch (cause) {
      failure = connectionError(cause);
      if (isFinal(failure)) throw failure;
    }
    if (Date.now() + pauseBefore(tries) >= deadline) throw atDeadline(failure, deadline);
    logRetry(tries, failure);
    await sleep(pauseBefore(tries));
  }
}
