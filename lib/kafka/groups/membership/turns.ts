import type { Cluster } from '../../cluster/cluster.ts';
import { PerCluster } from '../../cluster/per-cluster.ts';

/** Other processes may have rewritten rows that were read longer ago: they are read again before they are replaced. */
export const FRESH_MS = 50;

/** When something was read: by the clock, and by the number of turns that had ended in this process, as many end in one millisecond. */
export interface Moment {
  /** Unix milliseconds. */
  readonly ms: number;
  readonly turns: number;
}

interface Turn {
  /** Settles when all who have asked for a turn so far have had it. */
  last: Promise<unknown>;
  /** When a turn last ended; infinite while one is under way. */
  endedAt: Moment;
}

const UNDER_WAY: Moment = { ms: Number.POSITIVE_INFINITY, turns: Number.POSITIVE_INFINITY };
let endedTurns = 0;

export const momentNow = (): Moment => ({ ms: Date.now(), turns: endedTurns });

const turns = new PerCluster(() => new Map<string, Turn>());

/**
 * Runs what this process writes for one consumer one after the other, however many requests there are at once.
 *
 * @param consumer its key
 * @param asOf when the rows that are to be replaced were read: a moment before the request for them
 * @param write is told whether to read them again, as somebody may have written since
 */
export async function inTurn<T>(cluster: Cluster, consumer: string, asOf: Moment, write: (isStale: boolean) => Promise<T>): Promise<T> {
  const known = turns.of(cluster);
  const before = known.get(consumer);
  const isBehind = before !== undefined && before.endedAt.turns > asOf.turns;
  const run = async () => write(isBehind || Date.now() - asOf.ms >= FRESH_MS);
  const mine = before === undefined ? run() : before.last.then(run, run);
  const turn: Turn = { last: mine, endedAt: UNDER_WAY };
  known.delete(consumer);
  known.set(consumer, turn);
  try {
    return await mine;
  } finally {
    endedTurns++;
    turn.endedAt = momentNow();
    forget(known);
  }
}

/** Forgets turns that ended so long ago that nothing read before them is fresh. */
function forget(known: Map<string, Turn>): void {
  const now = Date.now();
  for (const [consumer, { endedAt }] of known) {
    if (now - endedAt.ms < FRESH_MS) return;
    known.delete(consumer);
  }
}
