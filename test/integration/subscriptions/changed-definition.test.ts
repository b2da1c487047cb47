import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopic, createTopics } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, get, put, SIGNING, subscribe } from '../../harness/push/push-requests.ts';

let push: PushWorld;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());

for (const [what, names, further] of [
  ['a pattern that matches more', { topics_pattern: 'a' }, { topics_pattern: 'a|b' }],
  ['a pattern', { topics: ['a'] }, { topics_pattern: 'a|b' }],
  ['names in place of a pattern', { topics_pattern: 'a' }, { topics: ['a', 'b'] }],
  ['more names', { topics: ['a'] }, { topics: ['a', 'b'] }],
] as const) {
  test(`a subscription that gets ${what} goes on in the topics that it had, and begins in the others as asked`, async () => {
    const prefix = `changed-${randomUUID()}.`;
    const named = ({ topics, topics_pattern: pattern }: { topics?: readonly string[]; topics_pattern?: string }) => ({
      topics: topics?.map((topic) => `${prefix}${topic}`) ?? null,
      topics_pattern: pattern === undefined ? null : `${prefix}(${pattern})`,
    });
    push.receiver.received = [];
    await createTopics([{ topic: `${prefix}a` }, { topic: `${prefix}b` }]);
    const rest = { format: 'raw', from: 'latest' };
    const name = await subscribe(`${prefix}a`, push.receiver, { ...named(names), ...rest });
    await writeTopic(`${prefix}a`, [{ value: 'waits' }]);
    await writeTopic(`${prefix}b`, [{ value: 'before' }]);

    const changed = await put(name, { ...named(further), ...rest, url: push.receiver.url, signing: { secret: SIGNING } });
    await writeTopic(`${prefix}b`, [{ value: 'after' }]);
    await deliverFor(3000);

    assert.deepEqual([changed.status, changed.json.state], [200, 'active'], changed.text);
    assert.deepEqual(push.receiver.received.map(({ body }) => body.toString()).toSorted(), ['after', 'waits']);
  });
}

test('what is in partitions that a paused subscription has not seen yet is its lag, too', async () => {
  const topic = await createTopic();
  const name = await subscribe(topic, push.receiver, { format: 'raw', from: 'latest' });
  await writeTopic(topic, [{ value: '1' }]);
  const paused = await put(name, { state: 'paused' });
  await addPartitions(topic, 2);
  await writeTopic(
    topic,
    ['2', '3'].map((value) => ({ value, partition: 1 })),
  );

  const { lag } = await get(name);

  assert.deepEqual([paused.json.state, lag], ['paused', 3]);
});
