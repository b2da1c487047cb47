import type { Place } from '../kafka/groups/membership/coordinator.ts';
import { readerOf } from '../kafka/groups/membership/member-id.ts';
import { givenUp, isReplayOf, without } from '../kafka/groups/membership/row.ts';
import { keyOf } from '../kafka/partition-key.ts';
import { learn } from './learn.ts';
import { shareOut } from './share-out.ts';
import { SESSION_MS, type StoredGroup, type StoredMember, topicsOf } from './stored-group.ts';
import type { TopicsNow } from './topics-now.ts';

interface Occasion {
  /** Unix milliseconds. */
  readonly now: number;
  readonly autoCommit: boolean;
  /** Of a poll that may hand out again what it handed out before; null for anything else. */
  readonly poll: string | null;
}

/**
 * Brings a group up to date, on a request of one of its members. A partition goes from one member to another in two steps, each in a
 * request of its own member: the one gives it up, then the other takes it. So a partition has one owner at a time, and every member
 * computes the same share.
 *
 * @returns the partitions that the member has taken
 */
export function settle(group: StoredGroup, name: string, topics: TopicsNow, { now, autoCommit, poll }: Occasion): Place[] {
  const before = group.members.get(name);
  if (before === undefined) return [];
  const member = { ...before, until: now + SESSION_MS, matched: topics.matched };
  group.members.set(name, member);
  group.endSessions(now);
  learn(group, topics);

  const live = group.live(now);
  const sharers = live.map(([one, { owned, ...other }]) => ({ name: one, owned, topics: topicsOf(other) }));
  const share = shareOut(sharers, group.topics).get(name) ?? [];
  const lost = without(member.owned, share);
  giveUp(group, member, lost, { autoCommit, poll });
  const taken = new Set(live.flatMap(([one, { owned }]) => (one === name ? [] : owned.map(keyOf))));
  const owned = share.filter((place) => !taken.has(keyOf(place)));
  // The member lost these by its absence, and nobody received what this poll handed out in them.
  const unreceived = group
    .rows()
    .filter((row) => !row.byHand && isReplayOf(row, poll) && !owned.some((place) => keyOf(place) === keyOf(row)));
  giveUp(group, member, unreceived, { autoCommit, poll });
  group.members.set(name, { ...member, owned });
  return without(owned, member.owned);
}

function giveUp(group: StoredGroup, { id }: StoredMember, places: readonly Place[], how: Pick<Occasion, 'autoCommit' | 'poll'>): void {
  const reader = readerOf(id);
  for (const row of places.map((place) => group.of(place))) if (row.reader === reader) group.put(givenUp(row, how));
}

/** Commits what was handed out in partitions. */
export function commitHandedOut(group: StoredGroup, { id }: StoredMember, places: readonly Place[]): void {
  const reader = readerOf(id);
  for (const row of places.map((place) => group.of(place))) {
    if (row.reader === reader && row.position !== null) group.put({ ...row, committed: row.position });
  }
}
