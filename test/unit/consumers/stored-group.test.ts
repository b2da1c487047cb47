import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoredGroup } from '../../../lib/consumers/stored-group.ts';
import { readerOf } from '../../../lib/kafka/groups/membership/member-id.ts';
import { emptyRow } from '../../../lib/kafka/groups/membership/row.ts';
import { groupOf, member, placesOfT } from './a-group.ts';

const [place] = placesOfT(3);
const DAY_MS = 24 * 60 * 60 * 1000;

test('what is kept of a group is read as it was written, whatever its names', () => {
  const group = groupOf({
    __proto__x: member('a'),
    ['__proto__']: member('b', { topics: [], pattern: 'x.*', matched: ['x'], owned: placesOfT(0, 1) }),
  });
  group.topics.set('__proto__', 3);
  group.topicsAsOf = 9;
  group.put({ ...emptyRow({ topic: '__proto__', partition: 0 }), reader: 'r', position: 4, byHand: true });
  group.putMirrored({ ...emptyRow(place), committed: 7, metadata: '"', replay: { poll: 'p', from: 2 } });

  const read = new StoredGroup(group.toText());

  assert.deepEqual([read.members, read.topics, read.topicsAsOf, read.rows()], [group.members, group.topics, 9, group.rows()]);
  assert.equal(read.toText(), group.toText());
});

test('what is committed has to get to Kafka; a position has not', () => {
  const group = new StoredGroup(null);

  group.put({ ...emptyRow(place), reader: 'r', position: 4 });
  const moved = group.of(place).isMirrored;
  group.put({ ...group.of(place), committed: 4 });

  assert.deepEqual([moved, group.of(place).isMirrored], [true, false]);
});

test('whose session is over comes back with a subscription or partitions by hand, for a week', () => {
  const byHand = member('b', { topics: [] });
  const group = groupOf({
    a: member('a', { owned: placesOfT(0) }),
    b: byHand,
    c: member('c', { topics: [] }),
    d: member('d', { until: -7 * DAY_MS }),
  });
  group.put({ ...emptyRow(place), reader: readerOf(byHand.id), byHand: true });

  group.endSessions(DAY_MS);

  assert.deepEqual([...group.members.keys()], ['a', 'b']);
  assert.deepEqual(group.members.get('a')?.owned, []);
});

test('who leaves leaves what is committed', () => {
  const group = new StoredGroup(null);
  const [other] = placesOfT(4);
  group.put({ ...emptyRow(place), reader: 'r', position: 4, committed: 2, byHand: true });
  group.put({ ...emptyRow(other), reader: 'r', position: 4 });

  group.release('r');

  assert.deepEqual([group.of(place).committed, group.of(place).reader, group.of(place).byHand, group.has(other)], [2, '', false, false]);
});
