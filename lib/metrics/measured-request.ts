import type { Work } from './work.ts';

/** A request that has its answer, in numbers. */
export interface MeasuredRequest extends Work {
  /** Null where no route was found. */
  readonly route: string | null;
  readonly status: number;
  /** The `error_code` of the answer; null where there is none. */
  readonly errorCode: number | null;
  readonly ms: number;
  /** Of the bodies, as the client sent and gets them. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Whether it is the first one of its process. */
  readonly isFirst: boolean;
}
