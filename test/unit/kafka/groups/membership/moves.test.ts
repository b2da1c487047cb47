import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsumerOptions } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import { movesOf } from '../../../../../lib/kafka/groups/membership/moves.ts';
import { emptyRow } from '../../../../../lib/kafka/groups/membership/row.ts';

const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'latest', autoCommit: false, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};
const reader = 'r';
const at = (partition: number, offset: number) => ({ topic: 't', partition, offset });
const wanted = { positions: [0, 1].map((partition) => ({ ...at(partition, 4), until: Number.POSITIVE_INFINITY })), waitMs: 0 };
const rowOf = ({ partition }: { partition: number }) => ({ ...emptyRow({ topic: 't', partition }), reader, position: 4 });

for (const [what, poll, writesAll, next, written] of [
  ['that moves one partition writes that alone', null, true, [at(0, 6), at(1, 4)], [[0, 6]]],
  [
    'with a name writes all that it read, where a process that died may write of it as well',
    'p',
    true,
    [at(0, 6), at(1, 4)],
    [
      [0, 6],
      [1, 4],
    ],
  ],
  ['with a name writes what moved, where one write excludes another', 'p', false, [at(0, 6), at(1, 4)], [[0, 6]]],
  ['with a name that moves nothing writes nothing', 'p', true, [at(0, 4), at(1, 4)], []],
] as const) {
  test(`a poll ${what}`, () => {
    const moves = movesOf(wanted, next, { reader, poll, options, isEmpty: false, rowOf, writesAll });

    assert.deepEqual(
      moves.map(({ row, position }) => [row.partition, position]),
      written,
    );
    for (const { replay } of moves) assert.deepEqual(replay, poll === null ? null : { poll, from: 4 });
  });
}
