import type { GatewayError } from '../errors.ts';
import { expires, pauseBefore, sleep } from './deadline.ts';
import { connectionError, isFinal, unavailableInTime } from './errors.ts';

/**
 * Does something that is harmless to repeat, again while it fails in passing, until a deadline (Unix milliseconds).
 *
 * @throws {GatewayError} what cannot be mended by another try, or the last failure at the deadline
 */
export async function again<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    let failure: GatewayError;
    try {
      const attempting = attempt();
      if (!(await expires(attempting, deadline))) return await attempting;
      failure = unavailableInTime();
    } catch (cause) {
      failure = connectionError(cause);
    }
    if (isFinal(failure) || Date.now() + pauseBefore(tries) >= deadline) throw failure;
    await sleep(pauseBefore(tries));
  }
}
