import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BoundedPoll,
  isArrivedBefore,
  isSameTerm,
  readTerm,
  type Term,
  termAfter,
  writeTerm,
} from '../../../../../lib/kafka/groups/membership/term.ts';

const SINCE = 1_000_000;
const term = (ms: number): Term => ({ ms, mark: 7, latest: 0, slack: 0 });
/** A poll that waits for so long, and whose deadline does not matter. */
const poll = (waitMs: number) => new BoundedPoll({ arrivedAt: null, since: SINCE }, waitMs, SINCE + waitMs);

for (const [what, waitMs, tookMs, isEmpty, expected] of [
  ['with records within the term takes them', 1000, 1000, false, null],
  ['with records after the term is too late', 1000, 1001, false, 1250],
  ['that is much too late lets the next be as slow', 1000, 3000, false, 5000],
  ['without records at the end of the term leaves it', 1000, 1000, true, null],
  ['without records that is shorter than the term renews it', 500, 500, true, 500],
  ['without records that takes longer than it waits lets the next be as slow', 500, 900, true, 1300],
  ['that does not wait renews a term that is long enough to find records', 0, 5, true, 250],
] as const) {
  test(`a poll ${what}`, () => {
    const renewed = poll(waitMs).renewed(term(1000), SINCE + tookMs, isEmpty);

    assert.equal(renewed?.ms ?? null, expected);
    assert.ok(renewed === null || !isSameTerm(renewed, term(1000)));
  });
}

test('without a term, a poll takes records however late it is, and sets a term when it has none', () => {
  assert.equal(poll(1000).renewed(null, SINCE + 9000, false), null);
  assert.equal(poll(1000).renewed(null, SINCE + 1000, true)?.ms, 1000);
});

test('a poll that waits for another time than the term says sets it before', () => {
  assert.equal(poll(1000).announced(term(1000)), null);
  assert.deepEqual(
    [poll(500), poll(2000)].map((one) => one.announced(term(1000))?.ms),
    [500, 2000],
  );
});

test('a poll that is overtaken leaves the term to the later ones', () => {
  const later = { ...term(1000), latest: SINCE + 1 };
  const arrived = (arrivedAt: number) => new BoundedPoll({ arrivedAt, since: SINCE }, 500, SINCE + 500).announced(later)?.ms;

  assert.deepEqual([arrived(SINCE), arrived(SINCE + 1)], [undefined, 500]);
});

test('after a request that moves the consumer, polls from before it are overtaken, and later ones wait as before', () => {
  const after = termAfter(term(1000), SINCE);
  const arrived = (arrivedAt: number | null) => new BoundedPoll({ arrivedAt, since: SINCE }, 1000, SINCE + 1000);

  assert.equal(isSameTerm(after, term(1000)), false);
  assert.deepEqual(
    [SINCE - 1, SINCE, null].map((at) => arrived(at).isOvertaken(after)),
    [true, false, false],
  );
  assert.equal(arrived(SINCE).announced(after), null);
  assert.equal(isArrivedBefore({ arrivedAt: SINCE - 1 }, null), false);
});

test('after a request that moves the consumer before its first poll, no poll is too late, and one without records sets its own wait', () => {
  const after = readTerm(writeTerm(termAfter(null, SINCE)));

  assert.equal(poll(1000).renewed(after, SINCE + 60_000, false), null);
  assert.equal(poll(1000).renewed(after, SINCE + 1000, true)?.ms, 1000);
});

test('a poll that was too late, as it had to set a term first, leaves one that the next need not set', () => {
  const renewed = poll(300).renewed(poll(300).announced(null), SINCE + 425, false);

  assert.ok(renewed);
  assert.equal(poll(300).announced(renewed), null);
  assert.equal(poll(300).renewed(renewed, SINCE + 425, false), null);
});

test('polls that are too slow get records by the second one, though each sets a term first, as each waits for another time', () => {
  let term: Term | null = null;

  const areLate = [300, 500, 300, 500].map((waitMs) => {
    term = poll(waitMs).announced(term) ?? term;
    const renewed = poll(waitMs).renewed(term, SINCE + waitMs + 100, false);
    term = renewed ?? term;
    return renewed !== null;
  });

  assert.deepEqual(areLate, [true, false, false, false]);
});

test('a term has no slack any more once a poll without records was fast enough', () => {
  const slow = poll(300).renewed(term(300), SINCE + 425, false);

  const renewed = poll(300).renewed(slow, SINCE + 301, true);

  assert.deepEqual([renewed?.ms, renewed?.slack], [300, 0]);
});

test('a poll is overtaken by one that API Gateway received later', () => {
  const arrived = (arrivedAt: number | null) => new BoundedPoll({ arrivedAt, since: SINCE }, 1000, SINCE + 1000);
  const taken = arrived(SINCE).stored(term(1000), null, { isOvertaken: false, isEmpty: false });

  assert.deepEqual(taken, { ...term(1000), latest: SINCE });
  assert.deepEqual(
    [SINCE - 1, SINCE, SINCE + 1, null].map((at) => arrived(at).isOvertaken(taken)),
    [true, false, false, false],
  );
});

test('polls that wait until their deadlines keep to one term', () => {
  const [one, other] = [27_491, 27_499].map((ms) => new BoundedPoll({ arrivedAt: null, since: SINCE }, 60_000, SINCE + ms).anew(null).ms);

  assert.deepEqual([one, other], [27_000, 27_000]);
});

test('a term is read as it was written, and anything else is none', () => {
  assert.deepEqual(readTerm(JSON.parse(JSON.stringify(writeTerm(term(5))))), term(5));
  assert.deepEqual([undefined, 5, ['5', 7], [5], [5, 7, 0], {}].map(readTerm), Array(6).fill(null));
});
