import type { Cluster } from '../../cluster/cluster.ts';

/** Rows that were read longer ago may have been written by other processes: they are read again before they are replaced. */
export const FRESH_MS = 50;

/** When something was read: by the clock, and by the turns that had ended in this process, of which many end within a millisecond. */
export interface Moment {
  /** Unix milliseconds. */
  readonly ms: number;
  readonly turns: number;
}

interface Turn {
  /** Settles when the last of those that have asked for a turn is through. */
  last: Promise<unknown>;
  /** When a turn last ended; infinite while there are some under way. */
  endedAt: Moment;
}

const UNDER_WAY: Moment = { ms: Number.POSITIVE_INFINITY, turns: Number.POSITIVE_INFINITY };
let endedTurns = 0;

export const momentNow = (): Moment => ({ ms: Date.now(), turns: endedTurns });

const turns = new WeakMap<Cluster, Map<string, Turn>>();

/**
 * Lets what this process writes for one consumer happen one after the other, however many requests of it there are at once.
 *
 * @param consumer by a text
 * @param asOf when the rows were read that are to be replaced, taken before they were asked for
 * @param write is told whether they have to be read again, as somebody may have written since
 */
export async function inTurn<T>(cluster: Cluster, consumer: string, asOf: Moment, write: (isStale: boolean) => Promise<T>): Promise<T> {
  const known = turns.get(cluster) ?? new Map<string, Turn>();
  turns.set(cluster, known);
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

/** Of turns that ended so long ago, whatever was read before them is not fresh. */
function forget(known: Map<string, Turn>): void {
  const now = Date.now();
  for (const [consumer, { endedAt }] of known) {
    if (now - endedAt.ms < FRESH_MS) return;
    known.delete(consumer);
  }
}
