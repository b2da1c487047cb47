import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FRESH_MS, inTurn, momentNow } from '../../../../../lib/kafka/groups/membership/turns.ts';
import { FakeCluster } from '../../../../harness/fake-broker/fake-cluster.ts';
import { settled, stopTime } from '../../../../harness/virtual-time.ts';

function setUp(t: TestContext) {
  stopTime(t);
  const cluster = new FakeCluster({});
  /** Asks for a turn with rows that were read some milliseconds ago. */
  const turn = <T>(consumer: string, agoMs: number, write: (isStale: boolean) => Promise<T>, { turns } = momentNow()) =>
    inTurn(cluster, consumer, { ms: Date.now() - agoMs, turns }, write);
  return { turn, pass: (ms: number) => t.mock.timers.tick(ms) };
}

const isStale = async (stale: boolean): Promise<boolean> => stale;

test('what was read a while ago is stale, and what was read just now is not', async (t) => {
  const { turn } = setUp(t);

  assert.deepEqual([await turn('a', FRESH_MS, isStale), await turn('b', FRESH_MS - 1, isStale)], [true, false]);
});

test('what was read before another turn ended is stale', async (t) => {
  const { turn, pass } = setUp(t);
  const before = momentNow();
  await turn('a', 0, isStale);
  pass(10);

  assert.deepEqual([await turn('a', 10, isStale, before), await turn('b', 10, isStale, before)], [true, false]);
  pass(1);
  assert.equal(await turn('a', 0, isStale), false);
});

test('what was read after another turn ended is not stale, though that was within the same millisecond', async (t) => {
  const { turn } = setUp(t);
  await turn('a', 0, isStale);

  assert.equal(await turn('a', 0, isStale), false);
});

test('turns of one consumer follow each other, those of others do not wait, and one that fails lets the next go on', async (t) => {
  const { turn } = setUp(t);
  const gate = Promise.withResolvers<never>();
  const done: string[] = [];
  const write = (name: string) => async (stale: boolean) => void done.push(`${name} ${stale}`);

  const first = turn('a', 0, () => gate.promise);
  const second = turn('a', 0, write('a'));
  await turn('b', 0, write('b'));
  await settled();
  const before = [...done];
  gate.reject(new Error('lost'));
  await assert.rejects(first, /lost/);
  await second;

  assert.deepEqual([before, done], [['b false'], ['b false', 'a true']]);
});
