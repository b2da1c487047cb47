import type { FullMember } from '../../protocol/consumer-group-describe.ts';
import type { NamedPartitions } from '../../protocol/described-groups.ts';
import type { Place } from './coordinator.ts';
import { memberPrefix, readMemberId } from './member-id.ts';

/** A consumer as a member of its group. */
export interface Member {
  readonly memberId: string;
  /** Null if Kafka has no such groups: the consumer then reads what it was assigned by hand, and nothing fences it. */
  readonly epoch: number | null;
  readonly topics: readonly string[];
  /** Empty for none. */
  readonly pattern: string;
  readonly owned: readonly NamedPartitions[];
}

/**
 * The member that is the consumer. Of several members with its name, only one is; no client was ever told of the others, which have no
 * subscription or are newer.
 */
export function memberOf(members: readonly FullMember[], name: string): Member | null {
  const prefix = memberPrefix(name);
  let chosen: { member: FullMember; rank: number } | null = null;
  for (const member of members) {
    if (!member.memberId.startsWith(prefix)) continue;
    const identity = readMemberId(name, member.memberId);
    if (identity === null) continue;
    const isSubscribed = member.subscribedTopics.length > 0 || !!member.subscribedRegex;
    const rank = identity.createdAt + (isSubscribed ? 0 : Number.MAX_SAFE_INTEGER / 2);
    if (chosen === null || rank < chosen.rank) chosen = { member, rank };
  }
  if (chosen === null) return null;
  const { memberId, epoch, subscribedTopics, subscribedRegex, assignment } = chosen.member;
  return { memberId, epoch, topics: subscribedTopics, pattern: subscribedRegex ?? '', owned: assignment };
}

/** Each partition on its own. */
export const placesIn = (owned: readonly NamedPartitions[]): Place[] =>
  owned.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
