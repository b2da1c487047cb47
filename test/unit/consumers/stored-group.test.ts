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
  group.ids.set('__proto__', 'id');
  group.topicsAsOf = 9;
  group.put({ ...emptyRow({ topic: '__proto__', partition: 0 }), reader: 'r', position: 4, byHand: true });
  group.putMirrored({ ...emptyRow(place), committed: 7, metadata: '"', replay: { poll: 'p', from: 2 } });
  group.put({ ...emptyRow({ topic: 'renewed', partition: 0 }), committed: 6 });
  group.renew('renewed');

  const read = new StoredGroup(group.toText());

  assert.deepEqual(
    [read.members, read.topics, read.ids, read.topicsAsOf, read.rows()],
    [group.members, group.topics, group.ids, 9, group.rows()],
  );
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

  assert.deepEqual([group.of(place).committed, group.of(place).reader, group.of(place).byHand, group.rows().length], [2, '', false, 1]);
});

test('what was committed of a topic before another took its place is not taken from Kafka, and anything else is', () => {
  const group = new StoredGroup(null);
  group.putMirrored({ ...emptyRow(place), committed: 7 });
  group.renew('t');
  const lacking = group.lacks(place);

  group.begin({ ...emptyRow(place), committed: 7 });
  const stale = group.of(place).committed;
  group.put({ ...group.of(place), reader: 'r', position: 2 });
  group.release('r');
  group.begin({ ...emptyRow(place), committed: 7 });
  const later = group.of(place).committed;
  group.begin({ ...emptyRow(place), committed: 3 });

  assert.deepEqual([lacking, stale, later, group.of(place).committed, group.of(place).stale], [true, -1, -1, 3, -1]);
});

test('a topic that is renewed leaves nothing of what was not committed', () => {
  const group = new StoredGroup(null);
  group.put({ ...emptyRow(place), reader: 'r', position: 4 });

  group.renew('t');

  assert.deepEqual(group.rows(), []);
});
