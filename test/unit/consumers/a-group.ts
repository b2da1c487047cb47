import { StoredGroup, type StoredMember } from '../../../lib/consumers/stored-group.ts';
import type { TopicsNow } from '../../../lib/consumers/topics-now.ts';
import type { ConsumerOptions, Place } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { newMemberId } from '../../../lib/kafka/groups/membership/member-id.ts';

export const options: ConsumerOptions = {
  format: 'text',
  offsetReset: 'earliest',
  autoCommit: true,
  minBytes: 1,
  timeoutMs: null,
  isolation: 'read_committed',
};

/** A member that reads the topic `t`. */
export const member = (name: string, changes: Partial<StoredMember> = {}): StoredMember => ({
  ...{ id: newMemberId(name, options, 0), topics: ['t'], pattern: '', matched: [], until: 0, owned: [], term: null, write: '' },
  ...changes,
});

export function groupOf(members: Record<string, StoredMember>): StoredGroup {
  const group = new StoredGroup(null);
  for (const [name, one] of Object.entries(members)) group.members.set(name, one);
  return group;
}

/** What Kafka says of the topic `t`: how many partitions it has, null where there is none, and its id. */
export const topicT = (count: number | null, asOf = 1, id = ''): TopicsNow => ({
  ...{ asOf, counts: new Map([['t', count]]), matched: [] },
  ids: new Map(id === '' ? [] : [['t', id]]),
});

export const placesOfT = (...partitions: number[]): Place[] => partitions.map((partition) => ({ topic: 't', partition }));
