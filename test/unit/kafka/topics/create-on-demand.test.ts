import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createOnDemand } from '../../../../lib/kafka/topics/create-on-demand.ts';
import { describeConfigsAnswer, keys, metadataAnswer, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const UNKNOWN_TOPIC = 3;
const CLUSTER_AUTHORIZATION_FAILED = 31;
/** What is left for the last answer: two turns of asking. */
const ROOM_MS = 500;

/** A broker that makes topics when it is let, with a leader after so many further requests. */
async function clusterWith(t: TestContext, setting: (call: Call) => Buffer | Promise<Buffer>, { leaderAfter = 0, leaders = [1] } = {}) {
  stopTime(t);
  const made = new Map<string, number>();
  const asked: string[] = [];
  const topicOf = (name: string) => {
    const left = made.get(name);
    if (left === undefined) return { name, error: UNKNOWN_TOPIC };
    made.set(name, left - 1);
    return left > 0 ? topicOn(name, -1) : topicOn(name, ...leaders);
  };
  const cluster = new FakeCluster({
    'broker-1:9092': (call) => {
      if (call.key === keys.metadata) {
        const { topics, mayCreate } = readMetadata(call.body);
        for (const name of topics ?? []) {
          if (!mayCreate) continue;
          asked.push(name);
          if (!made.has(name)) made.set(name, leaderAfter);
        }
        return metadataAnswer({ brokers: brokersOf(1), topics: (topics ?? []).map(topicOf) });
      }
      asked.push('setting');
      return setting(call);
    },
  });
  await cluster.metadata([]);
  const creating = (names: string[], seconds = 20) => timePasses(t, createOnDemand(cluster, names, Date.now() + seconds * 1000));
  return { cluster, creating, asked };
}

const setTo = (value: string) => () => describeConfigsAnswer('1', 0, { 'auto.create.topics.enable': value });

test('where brokers make topics, those that are missing are made, and their leaders waited for', async (t) => {
  const { cluster, creating, asked } = await clusterWith(t, setTo('true'), { leaderAfter: 3 });

  assert.equal(await creating(['orders', 'clicks']), true);

  assert.deepEqual(asked, ['setting', 'orders', 'clicks']);
  assert.deepEqual([...(cluster.known('clicks')?.leaders.values() ?? [])], [1]);
});

test('where they make none, nothing is asked for but the setting, once in five minutes', async (t) => {
  const { creating, asked } = await clusterWith(t, setTo('false'));

  assert.equal(await creating(['orders']), false);
  assert.equal(await creating(['orders']), false);
  t.mock.timers.tick(300_001);
  assert.equal(await creating(['orders']), false);

  assert.deepEqual(asked, ['setting', 'setting']);
});

test('a broker that says nothing about its setting holds nobody beyond the deadline', async (t) => {
  const { creating } = await clusterWith(t, silence);

  await assert.rejects(creating(['orders'], 1), { name: 'DeadlineExceeded' });
});

test('a topic is tried for a second where the broker does not say whether it makes any', async (t) => {
  const { creating, asked } = await clusterWith(t, () => describeConfigsAnswer('1', CLUSTER_AUTHORIZATION_FAILED, {}), {
    leaderAfter: 1000,
  });
  const began = Date.now();

  assert.equal(await creating(['orders']), true);

  assert.deepEqual(asked, ['setting', 'orders']);
  assert.ok(Date.now() - began <= 1000);
});

for (const [what, seconds, longest] of [
  ['ten seconds', 60, 10_000],
  ['the deadline', 3, 3000],
] as const) {
  test(`leaders that do not come are waited for until ${what}`, async (t) => {
    const { creating } = await clusterWith(t, setTo('true'), { leaderAfter: 100_000 });
    const began = Date.now();

    assert.equal(await creating(['orders'], seconds), true);

    assert.equal(Date.now() - began, longest - ROOM_MS);
  });
}

test('a broker that does not tell its setting in two seconds makes no topic', async (t) => {
  const { creating, asked } = await clusterWith(t, silence);
  const began = Date.now();

  assert.equal(await creating(['orders']), false);

  assert.deepEqual([asked, Date.now() - began], [['setting'], 2000]);
});

test('a broker that says nothing of the topics is waited for until the deadline', async (t) => {
  const { cluster, creating } = await clusterWith(t, setTo('true'));
  const answer = cluster.brokers.get('broker-1:9092') ?? silence;
  cluster.brokers.set('broker-1:9092', (call) => (call.key === keys.metadata ? silence() : answer(call)));
  const began = Date.now();

  await assert.rejects(creating(['orders'], 1), { name: 'DeadlineExceeded' });

  assert.ok(Date.now() - began <= 1000);
});
