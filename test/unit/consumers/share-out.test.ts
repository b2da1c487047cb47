import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sharer, shareOut } from '../../../lib/consumers/share-out.ts';
import { keyOf } from '../../../lib/kafka/partition-key.ts';

const sharer = (name: string, topics: string[], owned: [string, number][] = []): Sharer => ({
  name,
  topics: new Set(topics),
  owned: owned.map(([topic, partition]) => ({ topic, partition })),
});
const shown = (shares: ReturnType<typeof shareOut>) =>
  Object.fromEntries([...shares].map(([name, places]) => [name, places.map(({ topic, partition }) => `${topic}/${partition}`).sort()]));

test('partitions go round, and nobody has two more than another', () => {
  const shares = shareOut([sharer('b', ['t']), sharer('a', ['t'])], new Map([['t', 5]]));

  assert.deepEqual(shown(shares), { a: ['t/0', 't/2', 't/4'], b: ['t/1', 't/3'] });
});

test('a newcomer gets what others have too much of, and they keep the rest', () => {
  const first = sharer(
    'a',
    ['t'],
    [
      ['t', 0],
      ['t', 1],
      ['t', 2],
    ],
  );

  const shares = shareOut([first, sharer('b', ['t'])], new Map([['t', 3]]));

  assert.deepEqual(shown(shares), { a: ['t/1', 't/2'], b: ['t/0'] });
});

test('a topic is read by those who want it alone; without any, by nobody', () => {
  const shares = shareOut(
    [sharer('a', ['one']), sharer('b', ['one', 'other'])],
    new Map([
      ['one', 2],
      ['other', 2],
      ['third', 1],
    ]),
  );

  assert.deepEqual(shown(shares), { a: ['one/0', 'one/1'], b: ['other/0', 'other/1'] });
});

test('what a member has of a topic that it reads no more, or that there is not, goes', () => {
  const shares = shareOut([sharer('a', ['t'], [['gone', 0]]), sharer('b', ['u'], [['t', 0]])], new Map([['t', 1]]));

  assert.deepEqual(shown(shares), { a: ['t/0'], b: [] });
});

test('whoever computes it gets the same, and it comes to rest at once', () => {
  const members = Array.from({ length: 7 }, (_, i) => sharer(`m${i}`, i % 3 === 0 ? ['x', 'y'] : ['y']));
  const topics: [string, number][] = [
    ['x', 9],
    ['y', 20],
  ];

  const shares = shareOut(members, new Map(topics));
  const others = shareOut([...members].reverse(), new Map([...topics].reverse()));
  const again = shareOut(
    members.map((one) => ({ ...one, owned: shares.get(one.name) ?? [] })),
    new Map(topics),
  );

  assert.deepEqual(shown(others), shown(shares));
  assert.deepEqual(shown(again), shown(shares));
  assert.equal(new Set([...shares.values()].flat().map(keyOf)).size, 29);
});
