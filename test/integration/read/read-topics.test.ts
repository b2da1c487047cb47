import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { nextQuery, produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopics, deleteTopic } from '../../harness/kafka/topics.ts';
import { placesOf, readAll, readPage, type TopicPage, topicWith, valuesOf } from './topic-pages.ts';

// Partitions and topics that tests add are to be seen at once.
configure(sharedKafka(), { KAFKA_METADATA_MAX_AGE_MS: '1' });

const COUNT = 12;
const partitions = Array.from({ length: COUNT }, (_, partition) => partition);

/** Checks that each partition has its offsets from the first on, each once and in order. */
function assertWhole(pages: TopicPage[], count: number, from = 0): void {
  const byPartition = Map.groupBy(
    pages.flatMap(({ items }) => items),
    ({ partition }) => partition,
  );
  assert.equal(byPartition.size, COUNT);
  for (const [partition, items] of byPartition) {
    const offsets = items.map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      Array.from({ length: count }, (_, i) => from + i),
      `partition ${partition}`,
    );
  }
}

test('twelve partitions are read to their ends, each record once and in order, in pages of any size', async () => {
  const topic = await topicWith(25, COUNT);

  for (const query of [{ limit: 7 }, { limit: 1000 }, { max_bytes: 40 }, { max_bytes: 300 }]) {
    const pages = await readAll(topic, query);

    assertWhole(pages, 25);
    if ('limit' in query) for (const { items } of pages) assert.ok(items.length <= query.limit);
  }
});

test('records that are written meanwhile come once and in order, too', async () => {
  const topic = await topicWith(20, COUNT);
  const pages: TopicPage[] = [];
  let cursor: string | null = null;
  const write = async () => {
    for (let n = 20; n < 60; n += 10) {
      await produce(
        topic,
        'json',
        partitions.flatMap((partition) => Array.from({ length: 10 }, (_, i) => ({ partition, value: { n: n + i } }))),
      );
    }
  };

  const writing = write();
  for (let count = 0; count < COUNT * 60; count += pages.at(-1)?.items.length ?? 0) {
    const page = await readPage(topic, { limit: 50, timeout: 5000, ...(cursor !== null && { cursor }) });
    assert.equal(page.status, 200, page.text);
    pages.push(page.json);
    cursor = page.json.pagination.nextCursor;
  }
  await writing;

  assertWhole(pages, 60);
  const values = Map.groupBy(
    pages.flatMap(({ items }) => items),
    ({ partition }) => partition,
  );
  for (const items of values.values())
    assert.deepEqual(
      items.map(({ value }) => value),
      Array.from({ length: 60 }, (_, n) => ({ n })),
    );
});

test('partitions share a page: of many records in each, no one gets more than the others', async () => {
  const topic = await topicWith(30, COUNT);

  const { json } = await readPage(topic, `limit=${COUNT * 5}`);
  const bytes = await readPage(topic, { max_bytes: COUNT * 8 * 4, limit: 40 });

  const counts = partitions.map((one) => json.items.filter(({ partition }) => partition === one).length);
  assert.deepEqual(counts, Array(COUNT).fill(5));
  assert.ok(new Set(bytes.json.items.map(({ partition }) => partition)).size > 8);
});

test('partitions that had no room on a page come first on the next', async () => {
  const topic = await topicWith(30, COUNT);

  const first = await readPage(topic, 'limit=5');
  const second = await readPage(topic, { limit: 5, cursor: first.json.pagination.nextCursor });

  assert.deepEqual(placesOf(first.json), ['0:0', '1:0', '2:0', '3:0', '4:0']);
  assert.deepEqual(placesOf(second.json), ['5:0', '6:0', '7:0', '8:0', '9:0']);
});

test('several topics are read together, and each its own way', async () => {
  const [one, other] = await Promise.all([topicWith(3, 2), topicWith(2, 1)]);

  const pages = await readAll(`${one},${other}`, { limit: 4 });

  const items = pages.flatMap((page) => page.items);
  assert.deepEqual(
    items
      .filter(({ topic }) => topic === one)
      .map(({ partition, offset }) => `${partition}:${offset}`)
      .sort(),
    ['0:0', '0:1', '0:2', '1:0', '1:1', '1:2'],
  );
  assert.deepEqual(
    items.filter(({ topic }) => topic === other).map(({ offset }) => offset),
    [0, 1],
  );
});

test('a pattern is for the topics that match it, also those that come later', async () => {
  const prefix = `pattern-${process.pid}-${Date.now()}`;
  await createTopics([{ topic: `${prefix}.a` }, { topic: `${prefix}-b` }]);
  await produce(`${prefix}.a`, 'json', [{ value: 'a' }]);
  await produce(`${prefix}-b`, 'json', [{ value: 'b' }]);

  const page = await readPage('*', { 'topics-pattern': `${prefix}\\.[a-z]` });

  assert.equal(page.status, 200, page.text);
  assert.deepEqual(valuesOf(page.json), ['a']);
  const query = Object.fromEntries(new URLSearchParams(nextQuery(page)));
  assert.equal(query['topics-pattern'], `${prefix}\\.[a-z]`);
  await deleteTopic(`${prefix}.a`);
  const without = await readPage('*', { ...query, timeout: 0 });
  assert.deepEqual([without.status, without.json.items], [200, []]);
});

for (const [query, values] of [
  ['from=earliest', [0, 1, 2, 3, 4]],
  ['from=latest&timeout=0', []],
  ['from=offset:3', [3, 4]],
  ['from=offset:99&timeout=0', []],
  ['from=12000', [2, 3, 4]],
  ['from=1970-01-01T00:00:13.5Z', [4]],
  ['from=99000&timeout=0', []],
  ['to=offset:2', [0, 1]],
  ['to=12001', [0, 1, 2]],
  ['from=offset:1&to=offset:1', []],
  ['from=11000&to=14000', [1, 2, 3]],
] as const) {
  test(`?${query} gives each partition's records ${values.join(' ') || 'none'}`, async () => {
    const topic = await topicWith(5, 2);

    const { status, json, text } = await readPage(topic, query);

    assert.equal(status, 200, text);
    assert.deepEqual(
      placesOf(json),
      [0, 1].flatMap((partition) => values.map((offset) => `${partition}:${offset}`)),
    );
    assert.equal(json.pagination.lag, 0);
  });
}

test('an empty page goes on where it began, and waits for whatever partition gets a record', async () => {
  const topic = await topicWith(1, COUNT);
  const first = await readPage(topic);
  const { nextCursor: cursor } = first.json.pagination;
  const empty = await readPage(topic, { cursor, timeout: 0 });

  const waiting = readPage(topic, { cursor, timeout: 20_000 });
  await produce(topic, 'json', [{ partition: 7, value: 'late' }]);
  const late = await waiting;

  assert.deepEqual([empty.json.items, empty.json.pagination.nextCursor], [[], cursor]);
  assert.deepEqual(placesOf(late.json), ['7:1']);
});

test('partitions that are added are read from their beginning', async () => {
  const topic = await topicWith(1, 2);
  const first = await readPage(topic);
  await addPartitions(topic, 3);
  await produce(topic, 'json', [{ partition: 2, value: 'new' }]);

  const second = await readPage(topic, { cursor: first.json.pagination.nextCursor });

  assert.deepEqual(valuesOf(second.json), ['new']);
});

test('what has expired is skipped, and said', async () => {
  const topic = await topicWith(5, 2);
  const first = await readPage(topic, 'limit=4');
  await deleteRecordsBelow(topic, 4);

  const second = await readPage(topic, { cursor: first.json.pagination.nextCursor });

  assert.deepEqual(placesOf(first.json), ['0:0', '0:1', '1:0', '1:1']);
  assert.deepEqual(placesOf(second.json), ['0:4', '1:2', '1:3', '1:4']);
  assert.deepEqual(second.json.gaps, [{ topic, partition: 0, from: 2, to: 4 }]);
});

test('a record’s id, and a cursor as Gravitee’s gateway writes it, go on behind what was read', async () => {
  const topic = await topicWith(4, 1);
  const { json } = await readPage(topic);

  const behindId = await readPage(topic, { cursor: json.items[1].id });
  const behind = await readPage(topic, { cursor: Buffer.from(`${topic}@0#2`).toString('base64') });
  const atEnd = await readPage(topic, { cursor: `${topic}@0#3`, timeout: 0 });

  assert.deepEqual(placesOf(behindId.json), ['0:2', '0:3']);
  assert.deepEqual(placesOf(atEnd.json), []);
  assert.ok(placesOf(behind.json).includes('0:3'));
});

test('a cursor that is damaged, of another topic, or ahead of the log is refused', async () => {
  const [topic, other] = await Promise.all([topicWith(1, 2), topicWith(1, 1)]);
  const { nextCursor } = (await readPage(topic)).json.pagination;

  const damaged = await readPage(topic, { cursor: nextCursor.slice(0, -1) });
  const foreign = await readPage(other, { cursor: nextCursor });
  const noPartition = await readPage(other, { cursor: `${other}@1#0` });
  const ahead = await readPage(other, { cursor: `${other}@0#77` });

  assertRefused(damaged, { status: 400, code: 400, message: /^The cursor is damaged/ });
  assertRefused(foreign, {
    status: 400,
    code: 400,
    message: /^The cursor names the topic topic-.*, which is not among those of this request/,
  });
  assertRefused(noPartition, { status: 400, code: 400, message: /^The cursor names partition 1 of .*, which has 1/ });
  assertRefused(ahead, { status: 400, code: 40002, message: /^The cursor is at offset 78 of partition 0 of .*, which ends at 1\./ });
});

for (const [query, message] of [
  ['from=first', /from must be earliest or latest, or an offset as offset:<number>, or a time/],
  ['from=offset:-1', /from must be/],
  ['to=latest', /to must be/],
  ['limit=0', /limit must be/],
  ['format=xml', /format must be json, text or binary/],
  ['filter=nonsense%3D%3D1', /filter does not begin with a field .* begin it with key, header.<name>, value/],
  ['filter=value.a%3Eb', /operator > needs a number/],
  ['filter=value.', /A filter does not begin with/],
  ['delivery=auto', /need a consumer group/],
  ['group=g&delivery=at-least-once', /need a consumer group/],
  ['topics-pattern=(a', /The topic pattern cannot be read/],
  ['cursor=', /cursor must be a text/],
] as const) {
  test(`?${query} is refused`, async () => {
    assertRefused(await readPage('orders', query), { status: 400, code: 400, message });
  });
}

test('an unknown topic is 404, a name that none can have 400, and nothing named is a wrong request', async () => {
  const topic = await topicWith(1, 1);

  assertRefused(await readPage(`${topic},${topic}-not`), { status: 404, code: 40401, message: /no topic topic-.*-not/ });
  assertRefused(await readPage(`${topic},a b`.replace(' ', '%20')), { status: 400, code: 40002, message: /"a b" is not a topic name/ });
  assertRefused(await readPage('*'), { status: 400, code: 400, message: /topics-pattern/ });
});
