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

/** The pause before try number `tries` (from 1): 20 ms, doubled each time, up to a quarter of a second. */
export const pauseBefore = (tries: number): number => Math.min(10 * 2 ** tries, 250);
