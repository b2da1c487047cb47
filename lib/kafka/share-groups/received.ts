import type { HeldRecord } from './acquired-records.ts';
import type { OpenSession } from './session-pool.ts';

/** Records of one partition that are held now. */
export interface HeldRun {
  topic: string;
  topicId: string;
  partition: number;
  /** The session that holds them. */
  session: OpenSession;
  /** In the order of their offsets. */
  records: HeldRecord[];
}

/** What was received: held until its locks end, or until somebody settles it. */
export interface Received {
  runs: HeldRun[];
  lockMs: number;
  /** True when more was acquired than there was room for: it was given back, and counts as delivered. */
  isCut: boolean;
}
