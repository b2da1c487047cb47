import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { Subscription } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { KafkaCoordinator } from '../../../lib/kafka/groups/membership/kafka-coordinator.ts';
import { arrivedNow, createConsumer, newGroup, type TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { otherProcess } from '../../harness/consumers/other-process.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

// A process remembers what it has polled lately. These tests change that in another process, and then poll in the first.

configure(sharedKafka());
const cluster = otherProcess(sharedKafka());
after(() => cluster.close());

const elsewhere = (group: string) => new KafkaCoordinator(cluster, group, Date.now() + 20_000);
const found = ({ group, name }: TestConsumer) => elsewhere(group).describe(name, arrivedNow());

/** An instance that has read `a` and `b` of a topic, of three records: it is remembered. */
async function polledTwice(t: TestContext, options: object = {}) {
  const topic = await createTopic();
  await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false, ...options });
  await consumer.subscribe([topic]);
  assert.deepEqual([await consumer.values({ max_bytes: 1 }), await consumer.values({ max_bytes: 1 })], [['a'], ['b']]);
  return { topic, consumer };
}

test('a poll goes on where another process has come to', async (t) => {
  const { consumer } = await polledTwice(t);

  await (await found(consumer)).poll({ pollId: null, waitMs: 0, arrivedAt: null, since: Date.now() }, async ({ positions }) => ({
    next: positions.map((position) => ({ ...position, offset: position.offset + 1 })),
    isEmpty: false,
    answer: null,
  }));

  assert.deepEqual((await consumer.poll()).json, []);
});

test('a poll goes on where another process has sought to', async (t) => {
  const { topic, consumer } = await polledTwice(t);

  await (await found(consumer)).seek([{ topic, partition: 0, to: { offset: 0 } }]);

  assert.deepEqual(await consumer.values(), ['a', 'b', 'c']);
});

test('a poll repeats what another process has handed out under its name', async (t) => {
  const { topic, consumer } = await polledTwice(t);
  await produce(topic, 'text', [{ value: 'd' }]);

  await (await found(consumer)).poll({ pollId: 'x', waitMs: 0, arrivedAt: null, since: Date.now() }, async ({ positions }) => ({
    next: positions.map((position) => ({ ...position, offset: position.offset + 1 })),
    isEmpty: false,
    answer: null,
  }));

  assert.deepEqual(await consumer.values({ poll_id: 'x' }), ['c']);
});

test('what another process has committed is kept', async (t) => {
  const { topic, consumer } = await polledTwice(t);

  await (await found(consumer)).commit([{ topic, partition: 0, offset: 1, metadata: 'mine' }]);
  const values = await consumer.values();

  assert.deepEqual(values, ['c']);
  assert.deepEqual((await consumer.committed()).json.offsets, [{ topic, partition: 0, offset: 1, metadata: 'mine' }]);
});

test('a poll reads what another process has subscribed it to', async (t) => {
  const { consumer } = await polledTwice(t);
  const topic = await createTopic();
  await produce(topic, 'text', [{ value: 'of another topic' }]);

  await (await found(consumer)).subscribe({ topics: [topic] });

  assert.deepEqual(await consumer.values(), ['of another topic']);
});

for (const [what, from, to] of [
  ['names to a pattern', (topic: string) => ({ topics: [topic] }), (topic: string) => ({ pattern: topic })],
  ['a pattern to names', (topic: string) => ({ pattern: topic }), (topic: string) => ({ topics: [topic] })],
] as const) {
  test(`a subscription that another process has changed from ${what} outlives a poll and its heartbeat`, async (t) => {
    const { topic, consumer } = await polledTwice(t);
    const subscribed = (subscription: Subscription) => ('topics' in subscription ? subscription : { topic_pattern: subscription.pattern });
    await consumer.request('POST', '/subscription', subscribed(from(topic)));
    await consumer.values();
    // The next poll has a heartbeat with it.
    const since = Date.now();
    await until(() => Date.now() - since > 1000);

    await (await found(consumer)).subscribe(to(topic));
    await consumer.poll();
    await produce(topic, 'text', [{ value: 'd' }]);

    assert.deepEqual((await found(consumer)).subscription, to(topic));
    assert.deepEqual(await consumer.values(), ['d']);
  });
}

test('an instance that another process has deleted is not found', async (t) => {
  const { consumer } = await polledTwice(t);

  await (await found(consumer)).leave();

  assertRefused(await consumer.poll(), { status: 404, code: 40403, message: /not found/ });
});

test('an instance that another process has created anew under its name is that one, with its format', async (t) => {
  const { topic, consumer } = await polledTwice(t);
  await (await found(consumer)).leave();
  const options = {
    format: 'binary',
    offsetReset: 'earliest',
    autoCommit: false,
    minBytes: 1,
    timeoutMs: null,
    isolation: 'read_committed',
  } as const;
  await elsewhere(consumer.group).create(consumer.name, options, Date.now());

  const early = await consumer.poll();
  await (await found(consumer)).subscribe({ topics: [topic] });
  const answer = await consumer.poll({ timeout: 5000 });

  assertRefused(early, { status: 409, code: 40903, message: /not subscribed/ });
  assert.deepEqual(
    [answer.headers['content-type'], answer.json.map(({ value }) => value)],
    ['application/vnd.kafka.binary.v2+json', ['a', 'b', 'c'].map((value) => Buffer.from(value).toString('base64'))],
  );
});
