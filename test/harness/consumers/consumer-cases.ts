import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused } from '../http/refusal.ts';
import { mediaTypes, produce } from '../http/requests.ts';
import { addPartitions, createTopic, createTopics, deleteTopic } from '../kafka/topics.ts';
import { until } from '../until.ts';
import { createConsumer, newGroup, partitionsOf } from './consumer-requests.ts';

/** The store that keeps consumers. */
export interface Keeper {
  /** `host:port`; available once the tests run. */
  readonly kafka: () => string;
  /** Ends the sessions of all members of a group, as if they had been silent. */
  readonly endSessions: (group: string) => Promise<void>;
}

/** The behaviour of consumers, for any store. */
export function testConsumers({ kafka, endSessions }: Keeper): void {
  test('an instance is created, subscribes, polls, commits and is deleted', async (t) => {
    const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'json', [
      { key: 'k', value: { n: 1 }, partition: 0 },
      { key: null, value: { n: 2 }, partition: 0 },
    ]);
    const consumer = await createConsumer(t, group, { format: 'json', 'auto.commit.enable': 'false' });

    const subscribed = await consumer.subscribe([topic]);
    const polled = await consumer.poll({}, { headers: { accept: mediaTypes.json } });
    const again = await consumer.poll();
    const committed = await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'so far' }]);
    const shown = await consumer.committed();
    const deleted = await consumer.remove();
    const gone = await consumer.poll();

    assert.deepEqual([subscribed.status, subscribed.text], [204, '']);
    assert.equal(polled.headers['content-type'], mediaTypes.json);
    assert.deepEqual(
      polled.json.map(({ timestamp, ...record }) => record),
      [
        { topic, partition: 0, offset: 0, key: 'k', value: { n: 1 }, headers: [] },
        { topic, partition: 0, offset: 1, key: null, value: { n: 2 }, headers: [] },
      ],
    );
    assert.equal(again.text, '[]');
    assert.equal(committed.status, 204, committed.text);
    assert.deepEqual(shown.json, { offsets: [{ topic, partition: 0, offset: 1, metadata: 'so far' }] });
    assert.equal(deleted.status, 204, deleted.text);
    assertRefused(gone, { status: 404, code: 40403, message: /^Consumer instance not found/ });
  });

  test('the first poll after a subscription has records, also where another member has just left', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', texts('a'));
    const before = await createConsumer(t, group, { 'auto.commit.enable': 'false' });
    await before.subscribe([topic]);
    assert.deepEqual(await before.values(), ['a']);
    await before.remove();
    const next = await createConsumer(t, group, { 'auto.commit.enable': 'false' });

    await next.subscribe([topic]);
    const first = await next.values({ timeout: 100 });

    assert.deepEqual(first, ['a']);
  });

  test('two instances share the partitions; one that has lost a partition may not commit it', async (t) => {
    const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', texts('a', 'b'));
    const first = await createConsumer(t, group, { 'auto.commit.enable': 'false' });
    await first.subscribe([topic]);
    assert.deepEqual((await first.values()).sort(), ['a', 'b']);
    const second = await createConsumer(t, group, { 'auto.commit.enable': 'false' });
    await second.subscribe([topic]);

    await until(async () => (await first.poll()).status === 200 && (await partitionsOf(first)).length === 1);
    const handed = await second.records();
    const [lost] = await partitionsOf(second);
    const refused = await first.commit([{ topic, partition: lost, offset: 0 }]);
    const kept = await first.commit([{ topic, partition: 1 - lost, offset: 0 }]);

    assert.deepEqual(
      handed.map(({ partition, offset }) => [partition, offset]),
      [[lost, 0]],
    );
    assert.deepEqual(await partitionsOf(first), [1 - lost]);
    assertRefused(refused, { status: 409, code: 40903, message: /No current assignment for partition/ });
    assert.equal(kept.status, 204, kept.text);
  });

  test('auto commit commits what the poll before has handed out, and what is given up', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);

    await consumer.values({ max_bytes: 1 });
    const none = await consumer.committed();
    await consumer.values({ max_bytes: 1 });
    const one = await consumer.committed();
    await consumer.remove();
    const next = await createConsumer(t, group);
    const all = await next.committed();

    assert.deepEqual(none.json.offsets, []);
    assert.deepEqual(one.json.offsets, [{ topic, partition: 0, offset: 1, metadata: '' }]);
    assert.deepEqual(all.json.offsets, [{ topic, partition: 0, offset: 2, metadata: '' }]);
  });

  test('the same poll_id gets the same records again, and another one those after them', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);

    const polls = [await consumer.values({ poll_id: '1', max_bytes: 1 }), await consumer.values({ poll_id: '1' })];
    await consumer.values({ poll_id: '2' });
    await produce(topic, 'text', [{ value: 'c' }]);
    const again = await consumer.values({ poll_id: '2' });
    const after = await consumer.values({ poll_id: '3' });

    assert.deepEqual([...polls, again, after], [['a'], ['a'], ['b'], ['c']]);
  });

  test('a repeated poll gets all of its records again, however many have come since and however few bytes it asks for', async (t) => {
    const [topic, group] = [await createTopic({ partitions: 3, bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', texts('a', 'b', 'c'));
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);
    const first = await consumer.values({ poll_id: '1', max_bytes: 1000 });

    const long = 'x'.repeat(100_000);
    await produce(topic, 'text', texts(long, long, long));
    const again = await consumer.values({ poll_id: '1', max_bytes: 1 });

    assert.deepEqual(
      [first.sort(), again.sort()],
      [
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ],
    );
  });

  for (const autoCommit of [true, false]) {
    test(`what a lost answer held of a partition that moves away and back comes again, with auto.commit.enable=${autoCommit}`, async (t) => {
      const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka() }), newGroup()];
      await produce(topic, 'text', texts('a', 'b'));
      const consumer = await createConsumer(t, group, { 'auto.commit.enable': autoCommit });
      await consumer.subscribe([topic]);
      await consumer.values({ poll_id: 'lost' });
      const other = await createConsumer(t, group);
      await other.subscribe([topic]);

      let values: unknown[] = [];
      await until(async () => {
        values = await consumer.values({ poll_id: 'lost', timeout: 0 });
        return (await partitionsOf(consumer)).length === 1;
      });
      await other.remove();
      for (let poll = 0; values.length < 2 && poll < 100; poll++) {
        values.push(...(await consumer.values({ poll_id: `after ${poll}`, timeout: 100 })));
      }

      assert.deepEqual(values.sort(), ['a', 'b']);
    });
  }

  test('a subscription is to topics or to a pattern; one to no topics gives it up', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    const consumer = await createConsumer(t, group);

    const both = await consumer.request('POST', '/subscription', { topics: [topic], topic_pattern: topic });
    await consumer.subscribe([topic]);
    const none = await consumer.subscribe([]);
    const { json } = await consumer.subscription();

    assertRefused(both, { status: 409, code: 40903, message: /mutually exclusive: give either topics or topic_pattern$/ });
    assert.deepEqual([none.status, json], [204, { topics: [], partitions: [] }]);
  });

  test('an instance whose session has ended comes back by itself, where it was', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);
    const before = await consumer.values({ max_bytes: 1 });

    await endSessions(group);
    const after = await consumer.values();

    assert.deepEqual([before, after], [['a'], ['b']]);
  });

  test('an instance that has not subscribed is gone with its session', async (t) => {
    const group = newGroup();
    const consumer = await createConsumer(t, group);

    await endSessions(group);

    assertRefused(await consumer.subscription(), { status: 404, code: 40403, message: /^Consumer instance not found/ });
  });

  test('partitions by hand are read, sought in and given up; a subscription excludes them', async (t) => {
    const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', texts('a', 'b'));
    const consumer = await createConsumer(t, group);
    const other = await createConsumer(t, group);

    const nothing = await consumer.poll();
    await consumer.assign([{ topic, partition: 1 }]);
    const values = await consumer.values();
    await consumer.request('POST', '/positions/beginning', { partitions: [{ topic, partition: 1 }] });
    const again = await consumer.values();
    await consumer.request('POST', '/positions', { timestamps: [{ topic, partition: 1, timestamp: '2020-01-01T00:00:00Z' }] });
    const byTime = await consumer.values();
    await consumer.request('POST', '/positions/end', { partitions: [{ topic, partition: 1 }] });
    const end = await consumer.poll();
    const refusals = [
      await consumer.subscribe([topic]),
      await consumer.seek([{ topic, partition: 0, offset: 0 }]),
      await other.assign([{ topic, partition: 1 }]),
    ];
    const missing = await other.assign([{ topic, partition: 2 }]);
    const given = await consumer.unsubscribe();
    const free = await other.assign([{ topic, partition: 1 }]);

    assertRefused(nothing, { status: 409, code: 40903, message: /not subscribed to any topics or assigned any partitions/ });
    assert.deepEqual([values, again, byTime, end.json], [['b'], ['b'], ['b'], []]);
    for (const refused of refusals)
      assertRefused(refused, { status: 409, code: 40903, message: /exclusive|No current assignment|by hand/ });
    assertRefused(missing, { status: 404, code: 40402, message: /has no partition 2/ });
    assert.deepEqual([given.status, free.status], [204, 204]);
  });

  test('a pattern finds topics by their whole names, and one that cannot be read is refused', async (t) => {
    const group = newGroup();
    const [one, other] = [await createTopic({ bootstrapServers: kafka() }), await createTopic({ bootstrapServers: kafka() })];
    await produce(one, 'text', [{ value: 'a' }]);
    const consumer = await createConsumer(t, group);

    const refused = await consumer.request('POST', '/subscription', { topic_pattern: '(' });
    await consumer.request('POST', '/subscription', { topic_pattern: `${one}|nothing.*` });
    const values = await consumer.values();
    const shown = await consumer.subscription();

    assertRefused(refused, { status: 422, code: 422, message: /topic_pattern/ });
    assert.deepEqual(values, ['a']);
    assert.deepEqual(shown.json, { topics: [one], topic_pattern: `${one}|nothing.*`, partitions: [{ [one]: [0] }] });
    assert.notEqual(one, other);
  });

  test('partitions that are added are read, and a topic that is made anew is read from its beginning', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', [{ value: 'a' }]);
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);
    await consumer.values();

    await addPartitions(topic, 2, kafka());
    await until(async () => (await consumer.poll()).status === 200 && (await partitionsOf(consumer)).length === 2);
    await produce(topic, 'text', [{ value: 'b', partition: 1 }]);
    const added = await consumer.values();
    await deleteTopic(topic, kafka());
    await until(async () => (await consumer.poll()).status === 200 && (await partitionsOf(consumer)).length === 0);
    await createTopics([{ topic }], kafka());
    await until(async () => (await consumer.poll()).status === 200 && (await partitionsOf(consumer)).length === 1);
    await produce(topic, 'text', [{ value: 'c' }]);
    const anew = await consumer.values();

    assert.deepEqual([added, anew], [['b'], ['c']]);
  });
}

const texts = (...values: string[]) => values.map((value, i) => ({ value, partition: i }));
