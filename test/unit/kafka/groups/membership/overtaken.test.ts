import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isOvertaken } from '../../../../../lib/kafka/groups/membership/overtaken.ts';
import { emptyRow, type Row } from '../../../../../lib/kafka/groups/membership/row.ts';
import type { Term } from '../../../../../lib/kafka/groups/membership/term.ts';

const READER = 'reader';
const POLL = 'poll';

const row = (changed: Partial<Row> = {}): Row => ({
  ...emptyRow({ topic: 'orders', partition: 0 }),
  reader: READER,
  position: 5,
  ...changed,
});
const termWith = (mark: number): Term => ({ ms: 1000, mark, latest: 0, slack: 0 });

/** Whether a poll that has read from `before` is overtaken, by what is there now. */
const overtaken = (before: Row, now: Row, terms: readonly [Term | null, Term | null] = [null, null]): boolean =>
  isOvertaken({ rows: [before], term: terms[0] }, { rows: [now], term: terms[1] }, READER, POLL);

suite('a poll whose answer could not be stored', () => {
  test('is not overtaken by a commit', () => {
    assert.equal(overtaken(row(), row({ committed: 5, metadata: 'mine' })), false);
  });

  test('is overtaken by a poll that has moved the consumer', () => {
    assert.equal(overtaken(row(), row({ position: 9, replay: { poll: 'other', from: 5 } })), true);
  });

  test('is not overtaken by itself, in a process whose answer did not arrive', () => {
    const now = row({ position: 9, replay: { poll: POLL, from: 5 }, term: termWith(2) });

    assert.equal(overtaken(row({ term: termWith(1) }), now, [termWith(1), termWith(2)]), false);
  });

  test('is overtaken by what another reader has taken under the same poll_id', () => {
    assert.equal(overtaken(row(), row({ reader: 'other', position: 9, replay: { poll: POLL, from: 5 } })), true);
  });

  for (const [where, terms, before, now] of [
    ['of the consumer', [termWith(1), termWith(2)], row(), row()],
    ['in a row', [null, null], row({ term: termWith(1) }), row({ term: termWith(2) })],
  ] as const) {
    test(`is overtaken by a poll that has set the term ${where}`, () => {
      assert.equal(overtaken(before, now, terms), true);
    });
  }

  test('is not overtaken where nothing has changed', () => {
    assert.equal(overtaken(row({ term: termWith(1) }), row({ term: termWith(1) }), [termWith(1), termWith(1)]), false);
  });
});
