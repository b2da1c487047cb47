import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient, withAdmin } from '../../harness/kafka/topics.ts';
import { deleteFrom, describe, listGroups, newGroup, offsetsOf, put } from './group-requests.ts';

configure(sharedKafka());

const notFound = { status: 404, code: 40405, message: /no such consumer group/ };

suite('offsets', () => {
  test('of a transaction are shown, and continued from, once it is committed', async () => {
    const [topic, group] = [await createTopic(), newGroup()];
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    await put(group, [{ topic, partition: 0, offset: 0 }]);
    const producer = kafkaClient().producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions: [{ partition: 0, offset: '1' }] }] });

    const pending = await offsetsOf(group);
    const reading = call<{ items: { offset: number }[] }>('GET', `/topics/${topic}/records`, {
      query: { group, delivery: 'at-most-once' },
    });
    await transaction.commit();
    const page = await reading;
    await producer.disconnect();

    assert.deepEqual(
      pending.json.offsets.map(({ offset }) => offset),
      [0],
    );
    assert.deepEqual(
      page.json.items.map(({ offset }) => offset),
      [1],
    );
  });

  test('are committed for a group that is not there yet, and read with the lag', async () => {
    const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
    await produce(
      topic,
      'text',
      [0, 0, 0, 1].map((partition) => ({ value: 'x', partition })),
    );

    const { status, json } = await put(group, [
      { topic, partition: 1, offset: 1, metadata: null },
      { topic, partition: 0, offset: 1, metadata: 'ünterwegs' },
    ]);

    assert.equal(status, 200);
    assert.deepEqual(json.offsets, [
      { topic, partition: 1, offset: 1, metadata: '' },
      { topic, partition: 0, offset: 1, metadata: 'ünterwegs' },
    ]);
    assert.deepEqual((await offsetsOf(group)).json.offsets, [
      { topic, partition: 0, offset: 1, metadata: 'ünterwegs', end_offset: 3, lag: 2 },
      { topic, partition: 1, offset: 1, metadata: '', end_offset: 1, lag: 0 },
    ]);
    const theirs = await withAdmin(undefined, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    assert.deepEqual(
      theirs[0].partitions.map(({ partition, offset }) => [partition, offset]),
      [
        [0, '1'],
        [1, '1'],
      ],
    );
  });

  test('beyond the end are shown as they are, and leave nothing to read', async () => {
    const [topic, group] = [await createTopic(), newGroup()];
    await put(group, [{ topic, partition: 0, offset: 9 }]);

    const [all, ofTopic] = [await offsetsOf(group), await offsetsOf(group, { topic })];

    const expected = [{ topic, partition: 0, offset: 9, metadata: '', end_offset: 0, lag: 0 }];
    assert.deepEqual([all.json.offsets, ofTopic.json.offsets], [expected, expected]);
  });

  test('of one topic are shown for each of its partitions, committed or not', async () => {
    const [topic, other, group] = [await createTopic({ partitions: 2 }), await createTopic(), newGroup()];
    await put(group, [
      { topic, partition: 0, offset: 0 },
      { topic: other, partition: 0, offset: 0 },
    ]);

    const { json } = await offsetsOf(group, { topic });

    assert.deepEqual(json.offsets, [
      { topic, partition: 0, offset: 0, metadata: '', end_offset: 0, lag: 0 },
      { topic, partition: 1, offset: null, metadata: null, end_offset: 0, lag: null },
    ]);
  });

  test('are reset to an end, or to a time, of one partition or of all', async () => {
    const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
    const time = Date.UTC(2025, 0, 1);
    const records = [0, 1000, 2000].flatMap((after) => [0, 1].map((partition) => ({ value: 'x', partition, timestamp: time + after })));
    await produce(topic, 'text', records);
    const resetTo = async (...offsets: object[]) => {
      const { json } = await put(group, offsets);
      return json.offsets.map(({ partition, offset }) => [partition, offset]);
    };

    assert.deepEqual(await resetTo({ topic, offset: 'earliest' }), [
      [0, 0],
      [1, 0],
    ]);
    assert.deepEqual(await resetTo({ topic, offset: 'latest' }), [
      [0, 3],
      [1, 3],
    ]);
    assert.deepEqual(await resetTo({ topic, timestamp: time + 500 }), [
      [0, 1],
      [1, 1],
    ]);
    assert.deepEqual(await resetTo({ topic, partition: 1, timestamp: '2025-01-01T00:00:02Z' }), [[1, 2]]);
    assert.deepEqual(await resetTo({ topic, timestamp: time + 3000 }), [
      [0, 3],
      [1, 3],
    ]);
    assert.deepEqual(await resetTo({ topic, partition: 0, offset: 'earliest' }, { topic, partition: 1, offset: 2 }), [
      [0, 0],
      [1, 2],
    ]);
    assert.deepEqual(
      (await offsetsOf(group)).json.offsets.map(({ lag }) => lag),
      [3, 1],
    );
  });

  test('of several topics are committed and read at once', async () => {
    const group = newGroup();
    const topics = (await Promise.all(Array.from({ length: 3 }, () => createTopic()))).sort();

    await put(
      group,
      topics.map((topic) => ({ topic, offset: 'latest' })),
    );

    assert.deepEqual(
      (await offsetsOf(group)).json.offsets.map(({ topic, lag }) => [topic, lag]),
      topics.map((topic) => [topic, 0]),
    );
  });

  test('are deleted of one partition, of one topic, or all', async () => {
    const [topic, other, group] = [await createTopic({ partitions: 3 }), await createTopic(), newGroup()];
    await put(group, [
      { topic, offset: 'earliest' },
      { topic: other, offset: 'earliest' },
    ]);
    const left = async () =>
      (await offsetsOf(group)).json.offsets?.map((one) => `${one.topic === topic ? 'topic' : 'other'} ${one.partition}`).sort();

    assert.equal((await deleteFrom(group, '/offsets', { topic, partition: 1 })).status, 204);
    assert.deepEqual(await left(), ['other 0', 'topic 0', 'topic 2']);
    assert.equal((await deleteFrom(group, '/offsets', { topic })).status, 204);
    assert.deepEqual(await left(), ['other 0']);
    assert.equal((await deleteFrom(group, '/offsets', { topic })).status, 204);
    assert.deepEqual(await left(), ['other 0']);
    assert.equal((await deleteFrom(group, '/offsets')).status, 204);
    assert.deepEqual(await left(), []);
  });
});

test('a group is deleted with its offsets', async () => {
  const [topic, group] = [await createTopic(), newGroup()];
  await put(group, [{ topic, offset: 'earliest' }]);
  const before = await describe(group);

  const deleted = await deleteFrom(group);

  assert.deepEqual(before.json, { group_id: group, type: 'classic', state: 'Empty', protocol_type: '', protocol: '', members: [] });
  assert.deepEqual([deleted.status, deleted.text], [204, '']);
  for (const answer of [await describe(group), await offsetsOf(group), await deleteFrom(group)]) assertRefused(answer, notFound);
  assert.ok((await listGroups()).every(({ group_id }) => group_id !== group));
});

test('a group that is not there is 404, and stays so', async () => {
  const [topic, group] = [await createTopic(), newGroup()];

  const answers = [
    await describe(group),
    await offsetsOf(group),
    await offsetsOf(group, { topic }),
    await deleteFrom(group, '/offsets'),
    await deleteFrom(group, '/offsets', { topic }),
    await deleteFrom(group),
  ];

  for (const answer of answers) assertRefused(answer, notFound);
});

for (const name of ['a b', 'a/b', '%41', 'ü', '..x', 'x'.repeat(500), 'offsets', '__proto__']) {
  test(`a group may be called ${name.slice(0, 20)}`, async () => {
    const [topic, group] = [await createTopic(), `${name}${randomUUID()}`];

    const committed = await put(group, [{ topic, partition: 0, offset: 7 }]);

    assert.equal(committed.status, 200, committed.text);
    assert.equal((await offsetsOf(group)).json.offsets[0].offset, 7);
    assert.equal((await describe(group)).json.group_id, group);
    assert.ok((await listGroups()).some(({ group_id }) => group_id === group));
    assert.equal((await deleteFrom(group)).status, 204);
  });
}

test('what is refused is not committed, nor what comes with it', async () => {
  const [topic, group] = [await createTopic(), newGroup()];
  const good = { topic, partition: 0, offset: 1 };

  const answers = [
    await put(group, [good, { topic: `${topic}-not`, partition: 0, offset: 1 }]),
    await put(group, [good, { topic, partition: 1, offset: 1 }]),
    await put(group, [good, { topic, offset: 'latest' }]),
    await put(group, [good, { topic, partition: 0, offset: -1 }]),
    await put(group, [{ ...good, metadata: 'x'.repeat(4097) }]),
    await offsetsOf(group, { topic: `${topic}-not` }),
    await deleteFrom(group, '/offsets', { partition: 0 }),
  ];

  assert.deepEqual(
    answers.map(({ status, json }) => [status, Object(json).error_code]),
    [
      [404, 40401],
      [404, 40402],
      [422, 422],
      [422, 422],
      [400, 40002],
      [404, 40401],
      [400, 400],
    ],
  );
  assertRefused(await offsetsOf(group), notFound);
});
