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

test('an instance reads a partition in which another consumer has committed as much metadata as Kafka takes', async (t) => {
  const [topic, group] = [await createTopic(), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
  await committedByAnother(group, { topic, partition: 0, offset: 1, metadata: '"'.repeat(4096) });
  const consumer = await createConsumer(t, group);
  await consumer.subscribe([topic]);

  const values = await consumer.values({ poll_id: 'x' });
  const repeated = await consumer.values({ poll_id: 'x' });
  const end = await consumer.poll({ poll_id: 'y' });

  assert.deepEqual([values, repeated, end.json], [['b'], ['b'], []]);
  assert.equal((await consumer.committed()).json.offsets[0].offset, 2);
});

async function committedByAnother(group: string, offset: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await call('PUT', `/groups/${group}/offsets`, { headers, body: JSON.stringify({ offsets: [offset] }) });
  assert.equal(status, 200);
}

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
