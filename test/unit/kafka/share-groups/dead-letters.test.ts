import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { whole } from '../../../../lib/kafka/record.ts';
import { withoutDeadLetters } from '../../../../lib/kafka/share-groups/dead-letters.ts';
import type { HeldRun } from '../../../../lib/kafka/share-groups/received.ts';
import { describeConfigsAnswer, initProducerIdAnswer, keys, produceAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { readShareAcknowledge, shareAcknowledgeAnswer } from '../../../harness/fake-broker/share-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { sessionWith, shareCluster, topicId } from './share-cluster.ts';

const NOT_LEADER = 6;
const MESSAGE_TOO_LARGE = 10;
const GROUP_AUTHORIZATION_FAILED = 30;
const LIMIT = 5;
const typeNames = ['', 'accept', 'release', 'reject'];

/** A broker that writes copies, or refuses to, and takes settlements, or is left in the middle of one. */
async function broker(t: TestContext) {
  const state = { produceError: 0, settingsError: 0, dies: false };
  const done: string[] = [];
  const cluster = await shareCluster(t, ({ key, body, version }) => {
    if (key === keys.describeConfigs)
      return describeConfigsAnswer('g', state.settingsError, { 'share.delivery.count.limit': String(LIMIT) });
    if (key === keys.initProducerId) return initProducerIdAnswer({});
    if (key === keys.produce) {
      done.push(state.produceError === 0 ? 'copied' : 'not copied');
      return produceAnswer(version, [{ topic: 'dead', partition: 0, error: state.produceError, baseOffset: 0 }]);
    }
    assert.equal(key, keys.shareAcknowledge);
    if (state.dies) throw new Error('the process was killed');
    for (const { first, last, types } of readShareAcknowledge(body).ranges) done.push(`${typeNames[types[0]]} ${first}-${last}`);
    return shareAcknowledgeAnswer();
  });
  const received = async (...deliveries: number[]): Promise<HeldRun> => {
    const session = await sessionWith(cluster, { left: deliveries.length });
    const records = deliveries.map((count, offset) => {
      return {
        key: null,
        value: whole(Buffer.from('v')),
        headers: null,
        timestamp: 1,
        offset,
        deliveries: count,
        first: offset,
        last: offset,
      };
    });
    return { topic: 'orders', topicId, partition: 0, session, records };
  };
  const run = (held: HeldRun, withinMs = 10_000): Promise<HeldRun[]> =>
    timePasses(
      t,
      withoutDeadLetters(cluster, 'g', [held], () => 'dead', Date.now() + withinMs),
    );
  return { state, done, received, run };
}

const offsetsOf = (runs: HeldRun[]) => runs.flatMap(({ records }) => records.map(({ offset }) => offset));

test('what was delivered often enough is copied, and rejected then; the rest is left', async (t) => {
  const { done, received, run } = await broker(t);
  const held = await received(1, LIMIT - 1, 2);

  assert.deepEqual(offsetsOf(await run(held)), [0, 2]);
  assert.deepEqual([done, held.session.left], [['copied', 'reject 1-1'], 2]);
});

test('a process that dies between the two has rejected nothing: the next delivery copies once more', async (t) => {
  const { state, done, received, run } = await broker(t);
  state.dies = true;
  await assert.rejects(run(await received(LIMIT - 1)));
  const before = [...done];
  state.dies = false;

  assert.deepEqual(offsetsOf(await run(await received(LIMIT))), []);
  assert.deepEqual([before, done], [['copied'], ['copied', 'copied', 'reject 0-0']]);
});

test('what cannot be copied is given back, for another try, and never rejected', async (t) => {
  const { state, done, received, run } = await broker(t);
  state.produceError = MESSAGE_TOO_LARGE;

  assert.deepEqual(offsetsOf(await run(await received(LIMIT - 1))), []);
  assert.deepEqual(done, ['not copied', 'release 0-0']);
});

test('a dead letter topic that cannot be written to leaves the other records half of their locks', async (t) => {
  const { state, done, received, run } = await broker(t);
  state.produceError = NOT_LEADER;
  const held = await received(LIMIT - 1, 1);
  const left = held.session.until - Date.now();

  assert.deepEqual(offsetsOf(await run(held, 10 * left)), [1]);
  assert.equal(done.at(-1), 'release 0-0');
  assert.ok(held.session.until - Date.now() >= left / 2, `${held.session.until - Date.now()} of ${left} ms`);
});

test('what may be dead is delivered while nobody says how often it may be', async (t) => {
  const { state, done, received, run } = await broker(t);
  state.settingsError = GROUP_AUTHORIZATION_FAILED;

  assert.deepEqual(offsetsOf(await run(await received(LIMIT - 1, 1))), [0, 1]);
  assert.deepEqual(done, []);
});

test('nobody is asked for the limit where everything comes for the first time', async (t) => {
  const { done, received, run } = await broker(t);

  assert.deepEqual(offsetsOf(await run(await received(1, 1))), [0, 1]);
  assert.deepEqual(done, []);
});
