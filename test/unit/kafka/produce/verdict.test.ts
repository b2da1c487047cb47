import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOn } from '../../../../lib/kafka/produce/verdict.ts';

const codes = Array.from({ length: 132 }, (_, i) => i - 1);
const having = (verdict: string) => codes.filter((code) => verdictOn(code) === verdict);

test('success, and the success of an earlier copy, are written', () => {
  assert.deepEqual(having('written'), [0, 46]);
});

test('what the leader refused before it wrote is asked again', () => {
  assert.deepEqual(having('ask-again'), [2, 3, 5, 6, 19, 74, 75, 89]);
});

test('what may have happened after the leader wrote is in doubt', () => {
  assert.deepEqual(having('unsure'), [-1, 7, 13, 20, 56]);
});

test("what says that the broker's memory of us differs has verdicts of its own", () => {
  assert.deepEqual(having('out-of-order'), [45]);
  assert.deepEqual(having('unknown-producer'), [47, 59, 90]);
});

test('every other code is final: too large, not authorized, or not known here', () => {
  for (const code of [10, 17, 18, 29, 31, 32, 76, 87, 1000]) assert.equal(verdictOn(code), 'final', String(code));
});
