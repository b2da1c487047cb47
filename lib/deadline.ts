/** API Gateway gives up after 30 s and Lambda at its own time-out; a request must be answered before either. */
const LONGEST_REQUEST_MS = 29_000;

/** Kept back to encode the answer and hand it over, with room for a pause of the garbage collector. */
const ANSWER_MARGIN_MS = 500;

/**
 * When the answer to an invocation must be known, in Unix milliseconds.
 *
 * @param context Lambda's; without a remaining time, that of API Gateway counts
 */
export function deadlineOf(context: { getRemainingTimeInMillis?(): number }): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? LONGEST_REQUEST_MS;
  return Date.now() + Math.min(remaining, LONGEST_REQUEST_MS) - ANSWER_MARGIN_MS;
}

/** Waits for a promise until a deadline (Unix milliseconds): true when that came first. A rejection before it is passed on. */
export function expires(promise: Promise<unknown>, deadline: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()), true);
    promise.then(
      () => {
        clearTimeout(timer);
        resolve(false);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** How often metadata is looked at while something is awaited there. */
export const POLL_MS = 250;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The pause before try number `tries` (from 1): the first, doubled each time, up to the longest. */
export const pauseBefore = (tries: number, firstMs = 20, longestMs = 250): number => Math.min(firstMs * 2 ** (tries - 1), longestMs);
