import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ENCODED_BYTES } from '../../../../lib/http/response.ts';
import { renderProduceResponse } from '../../../../lib/records/responses/produce-response.ts';
import { checkAnswerable } from '../../../../lib/routes/produce/answerable.ts';

const recordsTo = (count: number, topic: (i: number) => string) => Array.from({ length: count }, (_, i) => ({ topic: topic(i) }));

/** The answer to records of which each has as much to be said as there can be. */
function longestAnswer(count: number, topic?: string): string {
  const result = { partition: 2 ** 31 - 1, offset: Number.MAX_SAFE_INTEGER, timestamp: Number.MAX_SAFE_INTEGER };
  return renderProduceResponse(Array(count).fill(result), topic === undefined ? undefined : Array(count).fill(topic));
}

/** How many records pass, at most. */
function most(topic: string, named: boolean): number {
  let count = 0;
  for (let step = 2 ** 17; step >= 1; step /= 2) {
    try {
      checkAnswerable(
        recordsTo(count + step, () => topic),
        named,
      );
      count += step;
    } catch {}
  }
  return count;
}

for (const [what, topic, named] of [
  ['one topic', 'orders', false],
  ['named topics', 'orders', true],
  ['topics with long names', 'x'.repeat(249), true],
] as const) {
  test(`as many records of ${what} are taken as can be answered for, and no more`, () => {
    const count = most(topic, named);

    assert.ok(JSON.stringify(longestAnswer(count, named ? topic : undefined)).length <= MAX_ENCODED_BYTES);
    assert.ok(count > 10_000, `${count}`);
    assert.throws(
      () =>
        checkAnswerable(
          recordsTo(count + 1, () => topic),
          named,
        ),
      {
        name: 'TooLarge',
        message: `The answer to ${count + 1} records is larger than a response can be: send fewer in one request`,
      },
    );
  });
}

test('the records of a request are for a thousand topics at most', () => {
  checkAnswerable(
    recordsTo(2000, (i) => `topic-${i % 1000}`),
    true,
  );

  assert.throws(
    () =>
      checkAnswerable(
        recordsTo(1001, (i) => `topic-${i}`),
        true,
      ),
    {
      name: 'TooLarge',
      message: 'The records are for 1001 topics: send those of at most 1000 topics in one request',
    },
  );
});
