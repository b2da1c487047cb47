import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { KafkaCoordinator } from '../../../lib/kafka/groups/membership/kafka-coordinator.ts';
import { FRESH_MS } from '../../../lib/kafka/groups/membership/turns.ts';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { endSessions } from '../../harness/consumers/end-sessions.ts';
import { testLateAnswers } from '../../harness/consumers/late-answer-cases.ts';
import { otherProcess } from '../../harness/consumers/other-process.ts';
import { testOverlaps } from '../../harness/consumers/overlapping-cases.ts';
import { pollElsewhere } from '../../harness/consumers/poll-elsewhere.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

/** What a poll asks where this process has not polled the instance lately. */
const first = ['ConsumerGroupDescribe', 'ConsumerGroupHeartbeat', 'Fetch', 'OffsetFetch'];

test('the first poll of an instance costs five requests, and without records four', async (t) => {
  const { topic, consumer } = await subscribed(t);

  // A poll that takes long looks once more at what it replaces.
  await until(async () => {
    await consumer.subscribe([topic]);
    await produce(topic, 'text', [{ value: 'b' }]);
    const asked = await requestsOf(async () => assert.deepEqual(await consumer.values(), ['b']));
    return isDeepStrictEqual(asked, [...first, 'OffsetCommit'].sort());
  });
  await consumer.subscribe([topic]);
  const none = await requestsOf(async () => assert.deepEqual((await consumer.poll({ timeout: 50 })).json, []));

  assert.deepEqual(none, first);
});

test('a poll after another costs three requests in two round trips, and without records two in one', async (t) => {
  const { topic, consumer } = await subscribed(t);

  let roundTrips: number[] = [];
  // Once a second a heartbeat is among them.
  await until(async () => {
    await produce(topic, 'text', [{ value: 'b' }]);
    const asked = await requestsOf(async () => assert.deepEqual(await consumer.values(), ['b']));
    roundTrips = [kafka.proxy.roundTrips()];
    const none = await requestsOf(async () => assert.deepEqual((await consumer.poll()).json, []));
    roundTrips.push(kafka.proxy.roundTrips());
    return isDeepStrictEqual([...asked, ...none], ['Fetch', 'OffsetCommit', 'OffsetFetch', 'Fetch', 'OffsetFetch']);
  });

  assert.deepEqual(roundTrips, [2, 1]);
});

test('with a poll_id, polls that wait for the same time write nothing, and one that waits for another time writes once', async (t) => {
  const { consumer } = await subscribed(t);
  const empty = (poll_id: string, timeout: number) =>
    requestsOf(async () => assert.deepEqual((await consumer.poll({ poll_id, timeout })).json, []));
  await empty('a', 600);

  const [same, shorter, again] = [await empty('b', 600), await empty('c', 300), await empty('d', 300)];

  const writes = [same, shorter, again].map((asked) => asked.filter((name) => name === 'OffsetCommit').length);
  assert.deepEqual(writes, [0, 1, 0]);
});

test('a poll that waits asks nothing meanwhile, and costs five requests at most, with the heartbeat that is due', async (t) => {
  const { topic, consumer } = await subscribed(t);
  const since = Date.now();
  await until(() => Date.now() - since > 1000);

  const asked = await requestsOf(async () => {
    const polling = consumer.values();
    await until(() => requests().includes('ConsumerGroupHeartbeat'));
    const heard = Date.now();
    await until(() => Date.now() - heard > 2 * FRESH_MS);
    assert.deepEqual(requests(), ['ConsumerGroupHeartbeat', 'Fetch', 'OffsetFetch']);
    await produce(topic, 'text', [{ value: 'b' }]);
    assert.deepEqual(await polling, ['b']);
  });

  assert.deepEqual(asked, ['ConsumerGroupHeartbeat', 'Fetch', 'OffsetCommit', 'OffsetFetch', 'OffsetFetch']);
});

for (const [what, query, before] of [
  ['without a poll_id', {}, []],
  ['with a poll_id', { poll_id: 'x' }, []],
  ['of an instance that was polled before', {}, ['0']],
] as const) {
  test(`a poll ${what} that was frozen while its partition went to another member hands out nothing`, async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka.direct }), newGroup()];
    const slow = await createConsumer(t, group, { name: 'slow', 'auto.commit.enable': false });
    await slow.subscribe([topic]);
    for (const value of before) {
      await produce(topic, 'text', [{ value }]);
      assert.deepEqual(await slow.values(), [value]);
    }
    await produce(topic, 'text', [{ value: 'a' }]);
    const commit = kafka.proxy.holdRequest('OffsetCommit');
    const polling = slow.poll(query);
    const held = await commit;

    await endSessions(group, kafka.direct);
    const other = await createConsumer(t, group, { 'auto.commit.enable': false });
    await other.subscribe([topic]);
    const values = await other.values();
    await held.release();

    const { status, json } = await polling;
    assert.deepEqual([status, json, values], [200, [], [...before, 'a']]);
  });
}

test('a commit whose answer was lost undoes nothing that another process has written since', async (t) => {
  const { topic, consumer } = await subscribed(t);
  const other = otherProcess(kafka.direct);
  t.after(() => other.close());
  const elsewhere = (group: string) => new KafkaCoordinator(other, group, Date.now() + 25_000);
  await produce(topic, 'text', [
    { value: 'b', partition: 0 },
    { value: 'c', partition: 0 },
  ]);
  const lost = kafka.proxy.hangUpOnAnswer('OffsetCommit');
  const again = kafka.proxy.holdRequest('FindCoordinator');
  const givenUp = consumer.poll({ poll_id: 'x', max_bytes: 1 });
  await lost;
  const held = await again;

  for (const pollId of ['x', 'y']) {
    const poll = await pollElsewhere(elsewhere, consumer, { waitMs: 0, pollId });
    poll.findRecord();
    await poll.answer;
  }
  await held.release();

  assert.deepEqual((await givenUp).json, []);
  assert.deepEqual((await consumer.poll({ poll_id: 'z' })).json, []);
});

test('a commit whose answer was lost is known again', async (t) => {
  const { topic, consumer } = await subscribed(t);
  await produce(topic, 'text', [{ value: 'b' }]);
  const lost = kafka.proxy.hangUpOnAnswer('OffsetCommit');

  const values = await consumer.values();
  await lost;

  assert.deepEqual([values, (await consumer.poll()).json], [['b'], []]);
});

test('a commit that was lost is sent again', async (t) => {
  const { topic, consumer } = await subscribed(t);
  await produce(topic, 'text', [{ value: 'b' }]);
  const held = kafka.proxy.holdRequest('OffsetCommit');

  const polling = consumer.values();
  await held;
  kafka.proxy.hangUp();

  assert.deepEqual([await polling, (await consumer.poll()).json], [['b'], []]);
});

/** An instance that has read what its topic has. It commits nothing by itself. */
async function subscribed(t: TestContext) {
  const topic = await createTopic({ partitions: 3, bootstrapServers: kafka.direct });
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  assert.deepEqual(await consumer.values(), ['a']);
  return { topic, consumer };
}

/** Names of what the gateway asks Kafka while something is done. */
async function requestsOf(act: () => Promise<void>): Promise<string[]> {
  kafka.proxy.startCounting();
  await act();
  return requests();
}

const requests = (): string[] =>
  kafka.proxy
    .requests()
    .filter((name) => name !== 'ApiVersions' && name !== 'Produce')
    .sort();

testOverlaps(() => kafka);
suite('while Kafka is slow', () => {
  testLateAnswers({
    ...{ kafka: () => kafka, besides: 'ConsumerGroupHeartbeat' },
    coordinator: (cluster, group) => new KafkaCoordinator(cluster, group, Date.now() + 25_000),
  });
});
