import type { StoredGroup } from './stored-group.ts';
import type { TopicsSeen } from './topics-now.ts';

/**
 * Adopts what was found about topics, unless the group knows it as of a later time. What is kept of a topic is dropped when the topic was
 * recreated, which the first id that is known does not prove, or when it is gone and a member subscribes to it.
 */
export function learn(group: StoredGroup, { asOf, counts, ids }: TopicsSeen): void {
  const subscribed = group.subscribed();
  forgetUnread(group, subscribed);
  const isLater = asOf > group.topicsAsOf;
  const isChanged =
    [...counts].some(([topic, count]) => (count !== null || subscribed.has(topic)) && group.topics.get(topic) !== (count ?? 0)) ||
    [...ids].some(([topic, id]) => group.ids.get(topic) !== id);
  if (!isChanged) return;
  for (const [topic, count] of counts) {
    if (!isLater && group.topics.has(topic)) continue;
    const [id, before] = [ids.get(topic), group.ids.get(topic)];
    if (count !== null) group.topics.set(topic, count);
    else if (subscribed.has(topic)) group.forget(topic);
    if (id !== undefined && before !== undefined && id !== before) group.renew(topic);
    if (id !== undefined) group.ids.set(topic, id);
  }
  if (isLater) group.topicsAsOf = asOf;
}

/** Ids stay as long as something is kept of their topics: they tell whoever reads these again whether they were recreated. */
function forgetUnread(group: StoredGroup, subscribed: ReadonlySet<string>): void {
  const rows = group.rows();
  const wanted = new Set(subscribed);
  for (const { topic, byHand } of rows) if (byHand) wanted.add(topic);
  const kept = new Set([...wanted, ...rows.map(({ topic }) => topic)]);
  for (const topic of group.topics.keys()) if (!wanted.has(topic)) group.topics.delete(topic);
  for (const topic of group.ids.keys()) if (!kept.has(topic)) group.ids.delete(topic);
}
