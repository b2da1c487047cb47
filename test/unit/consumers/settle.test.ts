import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '../../../lib/consumers/settle.ts';
import { SESSION_MS, SKEW_MS, type StoredGroup } from '../../../lib/consumers/stored-group.ts';
import { readerOf } from '../../../lib/kafka/groups/membership/member-id.ts';
import { emptyRow } from '../../../lib/kafka/groups/membership/row.ts';
import { groupOf, member, placesOfT, topicT } from './a-group.ts';

const NOW = 1_000_000;
const at = (now: number, autoCommit = false, poll: string | null = null) => ({ now, autoCommit, poll });
const ownedBy = (group: StoredGroup, name: string) => group.members.get(name)?.owned.map(({ partition }) => partition);

test('a partition moves in two steps: its owner gives it up, then the newcomer takes it', () => {
  const group = groupOf({ a: member('a', { until: NOW }), b: member('b', { until: NOW }) });
  settle(group, 'a', topicT(2), at(NOW));
  const together = groupOf({ a: member('a', { until: NOW, owned: placesOfT(0, 1) }), b: member('b', { until: NOW }) });

  const early = settle(together, 'b', topicT(2), at(NOW));
  settle(together, 'a', topicT(2), at(NOW));
  const late = settle(together, 'b', topicT(2), at(NOW));

  assert.deepEqual(ownedBy(group, 'a'), [0]);
  assert.deepEqual(early, []);
  assert.deepEqual([ownedBy(together, 'a'), late], [[1], placesOfT(0)]);
});

test('who is silent loses its partitions when its session is over by any clock', () => {
  const silent = { until: NOW, owned: placesOfT(0) };
  const group = groupOf({ a: member('a', silent), b: member('b') });

  const before = settle(group, 'b', topicT(1), at(NOW + SKEW_MS - 1));
  const after = settle(group, 'b', topicT(1), at(NOW + SKEW_MS));

  assert.deepEqual([before, after], [[], placesOfT(0)]);
  assert.deepEqual(ownedBy(group, 'a'), []);
  assert.equal(group.members.get('b')?.until, NOW + SKEW_MS + SESSION_MS);
});

test('with auto commit, what was handed out of a partition is committed as it is given up', () => {
  const owner = member('a', { until: NOW, owned: placesOfT(0, 1) });
  const group = groupOf({ a: owner, b: member('b', { until: NOW }) });
  for (const place of placesOfT(0, 1)) group.put({ ...emptyRow(place), reader: readerOf(owner.id), position: 7 });

  settle(group, 'a', topicT(2), at(NOW, true));

  assert.deepEqual(
    placesOfT(0, 1).map((place) => group.of(place).committed),
    [7, -1],
  );
});

test('what a repeated poll hands out again is not committed', () => {
  const owner = member('a', { until: NOW, owned: placesOfT(0, 1) });
  const group = groupOf({ a: owner, b: member('b', { until: NOW }) });
  const [place] = placesOfT(0);
  group.put({ ...emptyRow(place), reader: readerOf(owner.id), position: 7, replay: { poll: 'p', from: 4 } });

  settle(group, 'a', topicT(2), at(NOW, true, 'p'));

  assert.equal(group.of(place).committed, 4);
});

test('a topic that is gone is forgotten, and older knowledge of it does not bring it back', () => {
  const group = groupOf({ a: member('a') });
  settle(group, 'a', topicT(1, 10), at(NOW));
  group.put({ ...emptyRow(placesOfT(0)[0]), committed: 5 });

  settle(group, 'a', topicT(null, 20), at(NOW));
  settle(group, 'a', topicT(3, 15), at(NOW));
  const gone = [ownedBy(group, 'a'), group.rows()];
  settle(group, 'a', topicT(2, 30), at(NOW));

  assert.deepEqual(gone, [[], []]);
  assert.deepEqual(ownedBy(group, 'a'), [0, 1]);
});
