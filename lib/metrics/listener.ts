import type { MeasuredRequest } from './measured-request.ts';

let listener: ((request: MeasuredRequest) => void) | null = null;

/** Has every request of this process counted by someone besides the log, until another one takes that place. */
export function countRequestsBy(count: ((request: MeasuredRequest) => void) | null): void {
  listener = count;
}

/** Whether somebody counts. */
export const isListenedTo = (): boolean => listener !== null;

/** Tells whoever counts of a request. */
export const tell = (request: MeasuredRequest): void => listener?.(request);
