import type { MeasuredRequest } from './measured-request.ts';

let listener: ((request: MeasuredRequest) => void) | null = null;

/** Sets the listener that counts every request of this process, besides the log. Replaces the one before. */
export function countRequestsBy(count: ((request: MeasuredRequest) => void) | null): void {
  listener = count;
}

/** Whether there is a listener. */
export const isListenedTo = (): boolean => listener !== null;

/** Reports a request to the listener. */
export const tell = (request: MeasuredRequest): void => listener?.(request);
