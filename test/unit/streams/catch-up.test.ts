import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadPosition } from '../../../lib/kafka/fetch/reading.ts';
import { catchUp } from '../../../lib/streams/catch-up.ts';
import type { TailPage } from '../../../lib/streams/tail.ts';
import { FakeLogs } from '../../harness/fake-broker/fake-logs.ts';

const at = (offset: number, incarnation: string): ReadPosition => ({
  ...{ topic: 'orders', partition: 0, offset, incarnation },
  until: Number.POSITIVE_INFINITY,
});

/** Up to where a reader reads alone that begins at a position, while others share a tail that is at another. */
async function readsAloneUntil(start: ReadPosition, theirs: ReadPosition): Promise<number[]> {
  const until: number[] = [];
  const stop = AbortSignal.abort();
  const nothing = async function* (): AsyncGenerator<TailPage, void> {};
  const alone = (positions: readonly ReadPosition[]) => {
    until.push(...positions.map((position) => position.until));
    return nothing();
  };
  const source = { begin: async () => [theirs], open: nothing };
  const { cluster } = new FakeLogs(1);
  for await (const _page of catchUp([start], { cluster, kind: 'one', source }, alone, [stop])) assert.fail('there is no page');
  return until;
}

test('a reader reads alone up to where the tail is that it then shares', async () => {
  assert.deepEqual(await readsAloneUntil(at(3, 'abcd'), at(8, 'abcd')), [8]);
});

test('a reader shares no tail of an earlier topic of the name, whose offsets say nothing of its own', async () => {
  assert.deepEqual(await readsAloneUntil(at(3, 'abcd'), at(8, 'x3Fq')), [Number.POSITIVE_INFINITY]);
});
