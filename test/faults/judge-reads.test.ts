import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReads } from './judge-reads.ts';
import type { Fetched, Listed } from './read-records.ts';
import type { Write } from './write-records.ts';
import { toLog } from './written-log.ts';

const log = toLog(['a', 'b', 'c'].map((id, offset) => ({ partition: 0, offset, id })));

const reading = { askedAt: 100, ms: 10, status: 200, retryAfter: undefined };
const record = (offset: number, value: string) => ({ partition: 0, offset, value });
const page = (from: number, ...records: Fetched['records']): Fetched => ({
  ...{ ...reading, partition: 0, from, records },
  ...{ nextOffset: from + records.length, highWatermark: 3 },
});
const bounds = (end: number): Listed => ({ ...reading, bounds: [{ partition: 0, beginning_offset: 0, end_offset: end }] });
const acknowledgedAt = (answeredAt: number, offset: number): Write => ({
  ...{ worker: 0, cold: false, status: 200, ms: 10 },
  ...{ answeredAt, answers: [{ id: 'a', partition: 0, offset }] },
});

const wrongPages = (...fetches: Fetched[]) => judgeReads({ writes: [], fetches, lists: [] }, log).wrong;
const wrongBounds = (writes: Write[], ...lists: Listed[]) => judgeReads({ writes, fetches: [], lists }, log).wrong;

test('a page of what the log holds is right, an empty one too', () => {
  assert.deepEqual(wrongPages(page(0, record(0, 'a'), record(1, 'b')), page(2, record(2, 'c')), page(1)), []);
});

test('another value than the one in the log is wrong', () => {
  assert.equal(wrongPages(page(0, record(0, 'b'))).length, 1);
});

test('a gap is wrong, in a page and before the next', () => {
  assert.equal(wrongPages(page(0, record(0, 'a'), record(2, 'c'))).length, 1);
  assert.equal(wrongPages({ ...page(0, record(0, 'a')), nextOffset: 2 }).length, 1);
});

test('a refusal is wrong, and so is a failure that does not say when to come back', () => {
  const refused = { ...page(0), status: 400 };
  const unavailable = { ...page(0), status: 503 };

  assert.equal(wrongPages(refused, unavailable).length, 2);
  assert.deepEqual(wrongPages({ ...unavailable, retryAfter: '1' }), []);
});

test('an end before what was acknowledged is wrong, unless that was acknowledged after the question', () => {
  assert.equal(wrongBounds([acknowledgedAt(99, 1)], bounds(1)).length, 1);
  assert.deepEqual(wrongBounds([acknowledgedAt(101, 1)], bounds(1)), []);
  assert.deepEqual(wrongBounds([acknowledgedAt(99, 1)], bounds(2)), []);
});

test('an end that goes back, or is behind the log, is wrong', () => {
  assert.equal(wrongBounds([], bounds(2), bounds(1)).length, 1);
  assert.equal(wrongBounds([], bounds(4)).length, 1);
});
