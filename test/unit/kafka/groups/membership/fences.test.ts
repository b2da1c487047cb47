import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofPoll, outcomeOf } from '../../../../../lib/kafka/groups/membership/fences.ts';

const UNKNOWN_TOPIC = 3;
const FORBIDDEN = 29;
const STALE = 113;
const results = (...errors: number[]) => errors.map((error, partition) => ({ topic: 'orders', partition, error }));

for (const [what, errors, outcome] of [
  ['of which all is taken is done', [0, 0], 'done'],
  ['without a topic that is gone is done', [0, UNKNOWN_TOPIC], 'done'],
  ['of topics that are gone alone is done', [UNKNOWN_TOPIC, UNKNOWN_TOPIC], 'done'],
  ['without a topic that may not be read any more is done', [FORBIDDEN, 0], 'done'],
  ['of a member whose group has moved on is fenced', [UNKNOWN_TOPIC, STALE], 'fenced'],
] as const) {
  test(`what a poll commits ${what}`, () => {
    assert.equal(outcomeOf(ofPoll(results(...errors))), outcome);
  });
}

test('what a poll commits of a topic that may not be read any more is refused where nothing else is taken', () => {
  assert.throws(() => outcomeOf(ofPoll(results(UNKNOWN_TOPIC, FORBIDDEN))), { name: 'Forbidden', message: /partition 1 of orders/ });
});

test('any other commit is refused for a topic that is gone', () => {
  assert.throws(() => outcomeOf(results(0, UNKNOWN_TOPIC)), { name: 'TopicNotFound', message: /partition 1 of orders/ });
});
