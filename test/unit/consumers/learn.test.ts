import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn } from '../../../lib/consumers/learn.ts';
import type { StoredGroup } from '../../../lib/consumers/stored-group.ts';
import { readerOf } from '../../../lib/kafka/groups/membership/member-id.ts';
import { emptyRow } from '../../../lib/kafka/groups/membership/row.ts';
import { groupOf, member, placesOfT, topicT } from './a-group.ts';

const [place] = placesOfT(0);
const committedIn = (group: StoredGroup) => group.of(place).committed;

/** A group that reads `t`, and has committed 5 of it. */
function readingT(): StoredGroup {
  const group = groupOf({ a: member('a') });
  learn(group, topicT(1, 10, 'one'));
  group.put({ ...emptyRow(place), committed: 5 });
  return group;
}

test('what is kept of a topic goes when another of its name has taken its place', () => {
  const group = readingT();

  learn(group, topicT(2, 20, 'one'));
  const before = committedIn(group);
  learn(group, topicT(2, 30, 'other'));

  assert.deepEqual([before, committedIn(group), group.topics.get('t'), group.ids.get('t')], [5, -1, 2, 'other']);
});

test('an id that is the first to be known, or that is not told any more, tells nothing', () => {
  const group = groupOf({ a: member('a') });
  learn(group, topicT(1, 10));
  group.put({ ...emptyRow(place), committed: 5 });

  learn(group, topicT(1, 20, 'one'));
  learn(group, topicT(1, 30));

  assert.deepEqual([committedIn(group), group.ids.get('t')], [5, 'one']);
});

test('older knowledge does not bring back the topic before', () => {
  const group = readingT();
  learn(group, topicT(1, 30, 'other'));
  group.put({ ...emptyRow(place), committed: 1 });

  learn(group, topicT(1, 20, 'one'));

  assert.deepEqual([committedIn(group), group.ids.get('t')], [1, 'other']);
});

test('a topic that nobody reads for a while is known again by its id, as long as something is kept of it', () => {
  const group = readingT();
  group.members.clear();
  learn(group, { ...topicT(null, 20), counts: new Map() });
  const unread = [group.topics.size, group.ids.size];
  group.members.set('b', member('b'));

  learn(group, topicT(1, 30, 'other'));

  assert.deepEqual([unread, committedIn(group)], [[0, 1], -1]);
});

test('partitions that were assigned by hand stay while their topic is away, and go when another is in its place', () => {
  const byHand = member('a', { topics: [] });
  const group = groupOf({ a: byHand });
  learn(group, topicT(1, 10, 'one'));
  group.put({ ...emptyRow(place), reader: readerOf(byHand.id), position: 3, byHand: true });

  learn(group, topicT(null, 20));
  const away = [group.placesOf(byHand).length, group.topicsAsOf];
  learn(group, topicT(1, 30, 'other'));

  assert.deepEqual([away, group.placesOf(byHand).length], [[1, 10], 0]);
});
