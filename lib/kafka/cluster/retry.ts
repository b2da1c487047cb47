import { expires, pauseBefore, sleep } from '../../deadline.ts';
import type { GatewayError } from '../../errors.ts';
import { atDeadline, connectionError, isFinal } from '../failures.ts';

/**
 * Does something that is harmless to repeat, again while it fails in passing, until a deadline (Unix milliseconds).
 *
 * @throws {GatewayError} what cannot be mended by another try; at the deadline the last failure, or DeadlineExceeded where Kafka was silent
 */
export async function again<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    let failure: GatewayError | null = null;
    try {
      const attempting = attempt();
      if (!(await expires(attempting, deadline))) return await attempting;
    } catch (cause) {
      failure = connectionError(cause);
      if (isFinal(failure)) throw failure;
    }
    if (Date.now() + pauseBefore(tries) >= deadline) throw atDeadline(failure);
    await sleep(pauseBefore(tries));
  }
}
