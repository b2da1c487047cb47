import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testConsumers } from '../../harness/consumers/consumer-cases.ts';
import { createConsumer, newGroup, partitionsOf } from '../../harness/consumers/consumer-requests.ts';
import { endSessions } from '../../harness/consumers/end-sessions.ts';
import { testRecreatedTopics } from '../../harness/consumers/recreated-topic-cases.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { joinWithJava } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

configure(sharedKafka());

const keeper = { kafka: sharedKafka, endSessions: (group: string) => endSessions(group, sharedKafka()) };
testConsumers(keeper);
testRecreatedTopics(keeper);

const texts = (...values: string[]) => values.map((value, i) => ({ value, partition: i }));

test('of several that create one name at once, one succeeds', async (t) => {
  const group = newGroup();
  const create = (format: string) =>
    call('POST', `/consumers/${group}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'one', format }) });

  const answers = await Promise.all(['binary', 'json', 'text', 'json'].map(create));
  const { json } = await call<{ members: unknown[] }>('GET', `/groups/${group}`);
  t.after(() => call('DELETE', `/consumers/${group}/instances/one`));

  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  assert.equal(json.members.length, 1);
});

test('an instance whose new pattern was refused comes back with the subscription that it had', async (t) => {
  const [topic, group] = [await createTopic(), newGroup()];
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.poll();

  const refused = await consumer.request('POST', '/subscription', { topic_pattern: '(' });
  await endSessions(group, sharedKafka());
  await produce(topic, 'text', [{ value: 'a' }]);

  assert.equal(refused.status, 422);
  assert.deepEqual(await consumer.values(), ['a']);
});

for (const protocol of ['consumer', 'classic'] as const) {
  test(`a Java consumer of the protocol "${protocol}" shares the group`, async (t) => {
    const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);
    await consumer.poll();
    const java = await joinWithJava(t, group, topic, protocol);
    await until(async () => (await consumer.poll()).status === 200 && (await partitionsOf(consumer)).length === 1);
    const [own] = await partitionsOf(consumer);

    await produce(topic, 'text', texts('a', 'b'));
    const records = await consumer.records();
    await until(() => java.received.length > 0);

    assert.deepEqual(
      records.map(({ partition }) => partition),
      [own],
    );
    assert.deepEqual(
      java.received.map(({ partition }) => partition),
      [1 - own],
    );
  });
}
