import { sleep } from '../../../deadline.ts';
import { GatewayError } from '../../../errors.ts';
import { keyOf } from '../../partition-key.ts';
import type { Place } from './coordinator.ts';
import { type Member, placesIn } from './member.ts';
import { MARGIN_MS } from './poll-times.ts';
import { isReplayOf, type Row, without } from './row.ts';
import type { Standing } from './standing.ts';

const GIVEN_UP_ANYWAY: readonly string[] = ['TopicNotFound', 'PartitionNotFound', 'Forbidden'];
/** The pauses between the heartbeats of a consumer that waits for partitions: the first, and the longest. */
const FIRST_BEAT_MS = 50;
const LONGEST_BEAT_MS = 1000;
/** How long a poll at least waits for a group to assign its partitions, so that the first poll after a subscription has records. */
const ASSIGNED_WITHIN_MS = 3000;

/** The poll on whose behalf partitions change hands. */
interface Polling {
  /** Of `pollKey`; null without a `poll_id`. */
  readonly poll: string | null;
  /** Unix milliseconds. */
  readonly waitUntil: number;
}

/**
 * Gives up partitions that the group takes back, and takes those that it assigns; if it has none, waits for some.
 *
 * @param before as it was found
 * @param assigned as the heartbeat after that has answered
 * @returns null if the group has moved on
 */
export async function takeOver(standing: Standing, before: Member, assigned: Member, { poll, waitUntil }: Polling): Promise<Member | null> {
  const { seat, subscription, found } = standing;
  const assignedBy = found.isAssigning ? Math.min(found.asOf.ms + ASSIGNED_WITHIN_MS, seat.deadline - MARGIN_MS) : 0;
  const until = Math.max(waitUntil, assignedBy);
  let [last, member]: [Member, Member | null] = [before, assigned];
  for (let pauseMs = FIRST_BEAT_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_BEAT_MS)) {
    const lost = without(placesIn(last.owned), placesIn(member.owned));
    if (lost.length > 0) {
      if (!(await giveUp(standing, lost, poll))) return null;
      member = await seat.beat(member);
      if (member === null) return null;
    }
    if (member.owned.length > 0 || subscription === null || Date.now() + pauseMs >= until) return member;
    await sleep(pauseMs);
    last = member;
    member = await seat.beat(member);
    if (member === null) return null;
  }
}

/** Writes that partitions are given up, before the group hears of it and gives them to others. False if the group has moved on. */
export async function giveUp(standing: Standing, places: readonly Place[], poll: string | null): Promise<boolean> {
  const { found } = standing;
  try {
    const outcome = await standing.inTurn(null, () => standing.commit(found.member, standing.released(places, poll)));
    return outcome === 'done';
  } catch (error) {
    // There is nothing to keep of topics that are deleted, or that may no longer be read.
    if (error instanceof GatewayError && GIVEN_UP_ANYWAY.includes(error.name)) return true;
    throw error;
  }
}

/**
 * Partitions that the group has taken back, but that were not given up, as the process that was told so died. After an absence, they are
 * not given up, so that the consumer can continue there, except where this poll handed out records that nobody received.
 */
export function leftBehind({ reader, subscription, found }: Standing, poll: string | null): Row[] {
  const { rows, taken, isBack } = found;
  if (subscription === null) return [];
  return rows
    .all()
    .filter((row) => row.reader === reader && row.position !== null && !taken.has(keyOf(row)) && (!isBack || isReplayOf(row, poll)));
}
