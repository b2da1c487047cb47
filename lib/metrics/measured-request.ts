import type { Work } from './work.ts';

/** The numbers of an answered request. */
export interface MeasuredRequest extends Work {
  /** Null if no route matched. */
  readonly route: string | null;
  readonly status: number;
  /** The `error_code` of the response; null without one. */
  readonly errorCode: number | null;
  readonly ms: number;
  /** The sizes of the bodies as transferred. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Whether it is the first request of its process. */
  readonly isFirst: boolean;
}
