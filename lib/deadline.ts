/** API Gateway gives up after 30 s and Lambda at its own time-out; a request must be answered before either. */
export const LONGEST_REQUEST_MS = 29_000;

/** Reserved to encode the answer and hand it over, with room for a pause of the garbage collector. */
const ANSWER_MARGIN_MS = 500;

/**
 * When the answer to an invocation must be known, in Unix milliseconds.
 *
 * @param context Lambda's; without a remaining time, the limit of API Gateway counts
 */
export function deadlineOf(context: { getRemainingTimeInMillis?(): number }): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? LONGEST_REQUEST_MS;
  return Date.now() + Math.min(remaining, LONGEST_REQUEST_MS) - ANSWER_MARGIN_MS;
}

/** How long after its end a wait may at most be noticed in a process that runs. */
const NOTICED_MS = 1000;

/** True when a deadline (Unix milliseconds) passed so long ago that this process stood still: it was frozen, say, or stopped. */
export const stoodStill = (deadline: number): boolean => Date.now() >= deadline + NOTICED_MS;

/** Long waits may end this much early. */
const EARLY_MS = 64;

/**
 * Waits for a promise until a deadline (Unix milliseconds), or up to {@link EARLY_MS} less if that is seconds away: true if the deadline
 * came first. Passes on a rejection before it.
 */
export function expires(promise: Promise<unknown>, deadline: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, rounded(msUntil(deadline)), true);
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

/** Node keeps a list of timers for each duration: to create and drop a list for a single timer costs more than the timer. */
const rounded = (ms: number): number => (ms < 100 * EARLY_MS ? ms : ms - (ms % EARLY_MS));

/** The longest that Node's timers can wait. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The milliseconds of a timer that ends at a time (Unix milliseconds), even if that is past, or further away than timers reach. */
export const msUntil = (time: number): number => Math.min(Math.max(0, time - Date.now()), LONGEST_TIMER_MS);

/** How often metadata is looked at while something is awaited in it. */
export const POLL_MS = 250;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The pause before try number `tries` (from 1): the first, doubled each time, up to the longest. */
export const pauseBefore = (tries: number, firstMs = 20, longestMs = 250): number => Math.min(firstMs * 2 ** (tries - 1), longestMs);
