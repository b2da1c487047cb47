import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KnownTopic, learn } from '../../../../lib/kafka/cluster/learn-topic.ts';
import type { TopicMetadata } from '../../../../lib/kafka/protocol/metadata.ts';

const NOT_THERE = 3;
const NO_LEADER = 5;
const FORBIDDEN = 29;

const metadata = (error: number, leaders: Record<number, number> = {}, id: string | null = null): TopicMetadata => ({
  error,
  id,
  name: 'orders',
  internal: false,
  partitions: Object.entries(leaders).map(([id, leader]) => ({
    error: 0,
    id: Number(id),
    leader,
    leaderEpoch: 10 + leader,
    replicas: [],
    inSyncReplicas: [],
  })),
});
const epochsOf = ({ leaderEpochs }: KnownTopic) => Object.fromEntries(leaderEpochs);
const leadersOf = ({ leaders }: KnownTopic) => Object.fromEntries(leaders);
const known = learn(undefined, metadata(0, { 0: 1, 1: 2 }), 1000);

test('the epochs of leaders are those of the metadata that names the leaders', () => {
  const starting = learn(known, metadata(NO_LEADER), 2000);

  assert.deepEqual(
    [epochsOf(known), epochsOf(starting)],
    [
      { 0: 11, 1: 12 },
      { 0: 11, 1: 12 },
    ],
  );
});

test('leaders are as the metadata names them', () => {
  assert.deepEqual(leadersOf(known), { 0: 1, 1: 2 });
  assert.equal(known.error, 0);
  assert.equal(known.asOf, 1000);

  const moved = learn(known, metadata(0, { 0: 3, 1: -1, 2: 2 }), 2000);

  assert.deepEqual(leadersOf(moved), { 0: 3, 1: -1, 2: 2 });
  assert.equal(moved.asOf, 2000);
});

test('a topic that was never there is not there, at once', () => {
  const topic = learn(undefined, metadata(NOT_THERE), 1000);

  assert.equal(topic.error, NOT_THERE);
  assert.equal(topic.leaders.size, 0);
});

test('a topic that was there keeps its leaders for two seconds of being missing, and is gone then', () => {
  const missing = learn(known, metadata(NOT_THERE), 5000);
  const still = learn(learn(missing, metadata(NOT_THERE), 6000), metadata(NOT_THERE), 6999);
  const gone = learn(still, metadata(NOT_THERE), 7000);

  for (const topic of [missing, still]) {
    assert.equal(topic.error, NO_LEADER);
    assert.deepEqual(leadersOf(topic), { 0: 1, 1: 2 });
  }
  assert.equal(still.asOf, 6999);
  assert.equal(gone.error, NOT_THERE);
  assert.equal(gone.leaders.size, 0);
});

test('a topic is missing on end where answers that say so lie close together, and not where the process was away between them', () => {
  const missing = learn(known, metadata(NOT_THERE), 5000);
  const muchLater = learn(missing, metadata(NOT_THERE), 90_000);

  assert.equal(muchLater.error, NO_LEADER);
  assert.deepEqual(leadersOf(muchLater), { 0: 1, 1: 2 });
  assert.equal(muchLater.missingSince, 90_000);
});

test('since when a topic is gone stays known, until it is there again', () => {
  let topic = learn(known, metadata(NOT_THERE), 5000);
  for (const asked of [6000, 7000, 8000]) topic = learn(topic, metadata(NOT_THERE), asked);

  assert.deepEqual([topic.error, topic.missingSince], [NOT_THERE, 5000]);
  assert.equal(learn(topic, metadata(0, { 0: 1 }), 9000).missingSince, null);
  assert.equal(learn(undefined, metadata(NOT_THERE), 1000).missingSince, null);
});

test('the id of a topic that has been missing is as old as can be: another may take its name', () => {
  const there = learn(undefined, metadata(0, { 0: 1 }, 'one'), 1000);
  const back = learn(learn(there, metadata(NOT_THERE), 2000), metadata(0, { 0: 1 }), 3000);

  assert.deepEqual([there.idAsOf, back.id, back.idAsOf], [1000, 'one', 0]);
});

test('a topic that was made anew with fewer partitions has no others', () => {
  assert.deepEqual(leadersOf(learn(known, metadata(0, { 0: 2 }), 2000)), { 0: 2 });
});

test('a topic that comes back may be missing for two seconds again', () => {
  const missing = learn(known, metadata(NOT_THERE), 5000);
  const back = learn(missing, metadata(0, { 0: 2, 1: 2 }), 6000);
  const missingAgain = learn(back, metadata(NOT_THERE), 7500);

  assert.equal(back.error, 0);
  assert.deepEqual(leadersOf(back), { 0: 2, 1: 2 });
  assert.equal(missingAgain.error, NO_LEADER);
});

test('a topic without a leader for the moment keeps those it had', () => {
  const waiting = learn(known, metadata(NO_LEADER), 3000);

  assert.deepEqual(leadersOf(waiting), { 0: 1, 1: 2 });
  assert.equal(waiting.asOf, 3000);
});

test('a new topic may have partitions without leaders', () => {
  const topic = learn(undefined, metadata(NO_LEADER, { 0: -1 }), 1000);

  assert.equal(topic.error, NO_LEADER);
  assert.deepEqual(leadersOf(topic), { 0: -1 });
});

test('any other error takes the leaders away', () => {
  const forbidden = learn(known, metadata(FORBIDDEN, { 0: 1 }), 3000);

  assert.equal(forbidden.error, FORBIDDEN);
  assert.equal(forbidden.leaders.size, 0);
});

test('an id is as old as the answer that told it, and stays known beside answers that do not', () => {
  const told = learn(undefined, metadata(0, { 0: 1 }, 'one'), 1000);
  const later = learn(told, metadata(0, { 0: 2 }), 2000);

  assert.deepEqual([told.id, told.idAsOf, later.id, later.idAsOf, later.asOf], ['one', 1000, 'one', 1000, 2000]);
  assert.deepEqual([known.id, known.idAsOf], ['', 0]);
});

test('a topic that takes the place of another has none of its leaders', () => {
  const told = learn(undefined, metadata(0, { 0: 1 }, 'one'), 1000);

  const anew = learn(told, metadata(NO_LEADER, {}, 'other'), 2000);
  const missing = learn(told, metadata(NOT_THERE, {}, ''), 2000);

  assert.deepEqual([anew.id, anew.error, leadersOf(anew)], ['other', NO_LEADER, {}]);
  assert.deepEqual([missing.id, leadersOf(missing)], ['one', { 0: 1 }]);
});
