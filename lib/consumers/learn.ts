import type { StoredGroup } from './stored-group.ts';
import type { TopicsSeen } from './topics-now.ts';

/**
 * Takes over what was found of topics, unless the group knows it of a later time. What is kept of a topic goes when another of its name has
 * taken its place; an id that is the first to be known tells nothing of that. It goes with the topic itself where a subscription is for it.
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

/** Ids stay for as long as something is kept of their topics: whoever reads these again finds out by them. */
function forgetUnread(group: StoredGroup, subscribed: ReadonlySet<string>): void {
  const rows = group.rows();
  const wanted = new Set(subscribed);
  for (const { topic, byHand } of rows) if (byHand) wanted.add(topic);
  const kept = new Set([...wanted, ...rows.map(({ topic }) => topic)]);
  for (const topic of group.topics.keys()) if (!wanted.has(topic)) group.topics.delete(topic);
  for (const topic of group.ids.keys()) if (!kept.has(topic)) group.ids.delete(topic);
}
