import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { joinWithKafkajs } from '../../harness/kafka/group-members.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, recreateTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { newGroup, offsetsOf } from '../groups/group-requests.ts';
import { placesOf, readPage } from './topic-pages.ts';

configure(sharedKafka());

async function topicOfSix(): Promise<string> {
  const topic = await createTopic({ partitions: 2 });
  await produce(
    topic,
    'json',
    Array.from({ length: 6 }, (_, i) => ({ partition: i % 2, value: i })),
  );
  return topic;
}

/** What a group has committed; nothing while there is no such group. */
async function committed(group: string): Promise<(number | null)[]> {
  const { status, json } = await offsetsOf(group);
  return status === 404 ? [] : json.offsets.map(({ offset }) => offset);
}

test('at most once: what a page gives is committed before it is given, and the next request goes on behind it', async () => {
  const [topic, group] = [await topicOfSix(), newGroup()];
  const query = { group, delivery: 'at-most-once', limit: 4, timeout: 0 };

  const first = await readPage(topic, query);
  const after = await committed(group);
  const second = await readPage(topic, query);
  const again = await readPage(topic, { ...query, cursor: first.json.pagination.nextCursor });
  const last = await readPage(topic, query);

  assert.deepEqual(placesOf(first.json), ['0:0', '0:1', '1:0', '1:1']);
  assert.deepEqual(after, [2, 2]);
  assert.deepEqual(placesOf(second.json), ['0:2', '1:2']);
  assert.deepEqual([again.status, again.json.items, last.json.items], [200, [], []]);
});

for (const delivery of ['auto', 'at-most-once']) {
  test(`the cursor of a topic that was made anew a moment ago commits nothing in the new one (${delivery})`, async () => {
    const [topic, group] = [await topicOfSix(), newGroup()];
    const query = { group, delivery, timeout: 0 };
    const { json } = await readPage(topic, query);
    await recreateTopic(topic, 2);
    await writeTopic(
      topic,
      Array.from({ length: 10 }, (_, i) => ({ partition: i % 2, value: String(i) })),
    );

    const page = await readPage(topic, { ...query, cursor: json.pagination.nextCursor });
    const anew = await readPage(topic, query);

    assertRefused(page, { status: 400, code: 40002, message: /was deleted and created again after this cursor/ });
    assert.equal(anew.json.items.length, 10);
  });
}

test('auto: what a page gave is committed when the client comes with its cursor; without one, the group says where to begin', async () => {
  const [topic, group] = [await topicOfSix(), newGroup()];
  const query = { group, limit: 2, timeout: 0 };

  const first = await readPage(topic, query);
  const repeated = await readPage(topic, query);
  const before = await committed(group);
  const second = await readPage(topic, { ...query, cursor: first.json.pagination.nextCursor });
  const after = await committed(group);
  const restarted = await readPage(topic, query);

  assert.deepEqual(placesOf(first.json), ['0:0', '1:0']);
  assert.deepEqual(placesOf(repeated.json), placesOf(first.json));
  assert.deepEqual([before, after], [[], [1, 1]]);
  assert.deepEqual(placesOf(second.json), ['0:1', '1:1']);
  assert.deepEqual(placesOf(restarted.json), ['0:1', '1:1']);
});

test('a group with live members takes no commit, and then nothing is given', async (t) => {
  const [topic, group] = [await topicOfSix(), newGroup()];
  const { received } = await joinWithKafkajs(t, group, topic);
  await until(() => received.length === 6);

  const page = await readPage(topic, { group, delivery: 'at-most-once' });

  assertRefused(page, { status: 409, code: 40903, message: /member/ });
});
