import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { fetchPage, post, produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopic, recreateTopic } from '../../harness/kafka/topics.ts';
import { newGroup, offsetsOf, put } from '../groups/group-requests.ts';

configure(sharedKafka());

/** A topic that the gateway knows. */
async function knownTopic(partitions: number): Promise<string> {
  const topic = await createTopic({ partitions });
  await produce(topic, 'text', [{ value: 'x' }]);
  return topic;
}

test('after partitions are added, what is asked of all of them is answered for all of them', async () => {
  const [topic, group] = [await knownTopic(2), newGroup()];
  await put(group, [{ topic, offset: 'latest' }]);
  await addPartitions(topic, 5);

  const reset = await put(group, [{ topic, offset: 'earliest' }]);
  const shown = await offsetsOf(group, { topic });
  const ends = await call<object[]>('GET', `/topics/${topic}/offsets`);

  assert.equal(reset.json.offsets.length, 5);
  assert.deepEqual(
    shown.json.offsets.map(({ offset }) => offset),
    [0, 0, 0, 0, 0],
  );
  assert.equal(ends.json.length, 5, ends.text);
});

for (const [what, request] of [
  ['offsets', (topic: string) => call('GET', `/topics/${topic}/partitions/4/offsets`)],
  ['fetch', (topic: string) => fetchPage(topic, 'text', 'offset=0&timeout=0', { partition: 4 })],
  ['produce', (topic: string) => post(`/topics/${topic}/partitions/4`, 'text', { records: [{ value: 'x' }] })],
  ['commit', (topic: string) => put(newGroup(), [{ topic, partition: 4, offset: 0 }])],
] as const) {
  test(`${what}: a partition that the topic no longer has, as it was made anew, is told of at once`, async () => {
    const topic = await knownTopic(5);
    await recreateTopic(topic, 2);

    const answer = await request(topic);

    assert.match(answer.text, /40402.*has no partition 4, as it has 2: use a number from 0 to 1/);
  });
}

test('records whose partition is not given are written to a topic that was made anew with fewer partitions', async () => {
  const topic = await knownTopic(5);
  await recreateTopic(topic, 2);

  const results = await produce(
    topic,
    'text',
    Array.from({ length: 40 }, (_, i) => ({ key: `k${i}`, value: `v${i}` })),
  );

  assert.deepEqual([...new Set(results.map(({ partition }) => partition))].sort(), [0, 1]);
});
