import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { nextQuery, produce } from '../../harness/http/requests.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { placesOf, readAll, readPage, topicWith, valuesOf } from './topic-pages.ts';

configure(sharedKafka());

test('a record has its id, topic, partition, offset, time, key, value and headers', async () => {
  const topic = await createTopic();
  await produce(topic, 'json', [{ key: 'k', value: { a: 1.5 }, timestamp: 5000, headers: [{ key: 'h', value: 'dw==' }] }]);

  const { status, headers, text, json } = await readPage(topic, 'limit=5');

  assert.equal(status, 200, text);
  assert.equal(headers['content-type'], 'application/json');
  const item = `{"id":"${topic}@0#0","topic":"${topic}","partition":0,"offset":0,"timestamp":5000,"key":"k","value":{"a":1.5},"headers":[{"key":"h","value":"dw=="}]}`;
  const { nextCursor } = json.pagination;
  assert.equal(text, `{"items":[${item}],"pagination":{"nextCursor":"${nextCursor}","limit":5,"lag":0},"gaps":[]}`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(nextQuery({ headers }))), { cursor: nextCursor, limit: '5' });
});

for (const [filters, values] of [
  [['key==k3'], [3]],
  [['key!=k3'], [0, 1, 2, 4]],
  [['value.n==2'], [2]],
  [['value.n>=3'], [3, 4]],
  [
    ['value.n>0', 'value.n<3'],
    [1, 2],
  ],
  [['value.m'], []],
  [['header.h'], []],
] as const) {
  test(`filters ${filters.join(' and ')} give the records ${values.join(' ') || 'none'}, and go on behind all`, async () => {
    const topic = await topicWith(5, 2);
    const query = `timeout=0&${filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&')}`;

    const { status, json, text, headers } = await readPage(topic, query);

    assert.equal(status, 200, text);
    assert.deepEqual(
      placesOf(json),
      [0, 1].flatMap((partition) => values.map((offset) => `${partition}:${offset}`)),
    );
    assert.equal(json.pagination.lag, 0);
    assert.deepEqual(new URLSearchParams(headers.link.slice(2, headers.link.indexOf('>'))).getAll('filter'), [...filters]);
  });
}

test('looking for what is rare gives up after so many bytes, and goes on there', async () => {
  const topic = await createTopic({ partitions: 2 });
  const value = 'x'.repeat(500_000);
  for (let i = 0; i < 22; i++)
    await writeTopic(topic, [
      { partition: i % 2, value },
      { partition: i % 2, value },
    ]);
  await writeTopic(topic, [{ partition: 0, value: 'here' }]);

  const first = await readPage(topic, 'filter=value%3D%3Dhere&timeout=0&format=text');
  const all = await readAll(topic, { filter: 'value==here', format: 'text' });

  assert.deepEqual(first.json.items, []);
  assert.ok((first.json.pagination.lag ?? 0) > 0);
  assert.deepEqual(valuesOf(...all), ['here']);
});

test('values and keys are shown as asked, and as bytes where they are not', async () => {
  const topic = await createTopic();
  await produce(topic, 'text', [{ key: 'key', value: 'not JSON' }]);

  const json = await readPage(topic);
  const text = await readPage(topic, 'format=text');
  const mixed = await readPage(topic, 'format=binary&key-format=text');

  assert.deepEqual([json.json.items[0].value, json.json.items[0].raw_value], [null, Buffer.from('not JSON').toString('base64')]);
  assert.deepEqual([text.json.items[0].key, text.json.items[0].value], ['key', 'not JSON']);
  assert.deepEqual([mixed.json.items[0].key, mixed.json.items[0].value], ['key', Buffer.from('not JSON').toString('base64')]);
});

test('as lines, each record is one, and the last one says where to go on', async () => {
  const topic = await topicWith(2, 2);

  const { headers, text } = await readPage(topic, 'limit=3', { headers: { accept: 'application/x-ndjson' } });
  const empty = await readPage(topic, 'from=latest&timeout=0', { headers: { accept: 'application/x-ndjson' } });

  assert.equal(headers['content-type'], 'application/x-ndjson');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ offset }) => offset),
    [0, 1, 0, undefined],
  );
  assert.deepEqual(Object.keys(lines[3]), ['pagination', 'gaps']);
  assert.equal(empty.text.split('\n').length, 2);
});

test('as text, there are the lines that Gravitee’s gateway writes', async () => {
  const topic = await createTopic();
  await produce(topic, 'text', [
    { key: 'k', value: 'two\nlines', timestamp: 5000, headers: [{ key: 'h', value: 'dw==' }] },
    { value: null, timestamp: 6000 },
  ]);

  const { headers, text, status } = await readPage(topic, 'limit=9', { headers: { accept: 'text/plain' } });

  assert.deepEqual([status, headers['content-type']], [200, 'text/plain']);
  const [, cursor] = /nextCursor: (.*)/.exec(text) ?? [];
  assert.equal(
    text,
    `items
item
id: ${topic}@0#0
content: two
 lines
headers: {"h":["w"]}
metadata: {"key":"k","topic":"${topic}","partition":0,"offset":0,"sourceTimestamp":5000}
item
id: ${topic}@0#1
headers: {}
metadata: {"key":null,"topic":"${topic}","partition":0,"offset":1,"sourceTimestamp":6000}

pagination
nextCursor: ${cursor}
limit: 9
lag: 0
`,
  );
});

test('a page of large records stays within what an answer holds; one that is larger by itself is stepped over', async () => {
  const topic = await createTopic({ partitions: 3, configs: { 'max.message.bytes': '9000000' } });
  const large = 'x'.repeat(3_500_000);
  for (const partition of [0, 1, 2]) await produce(topic, 'text', [{ partition, value: large }]);
  const query = { max_bytes: 100_000_000, format: 'text' };

  const pages = await readAll(topic, query);
  const size = (await readPage(topic, query)).size;

  assert.deepEqual(placesOf(...pages), ['0:0', '1:0', '2:0']);
  assert.ok(size < 6 * 1024 * 1024);
  await writeTopic(topic, [
    { partition: 0, value: Buffer.alloc(6_500_000, 0x78) },
    { partition: 0, value: 'small' },
  ]);
  const [page] = await readAll(topic, query, String(pages.at(-1)?.pagination.nextCursor));
  assert.deepEqual(placesOf(page), ['0:1', '0:2']);
  assert.deepEqual(valuesOf(page), [null, 'small']);
  assert.deepEqual(
    page.items.map(({ error }) => error),
    [{ error_code: 413, message: 'The record has 6500000 bytes, more than a response can hold' }, undefined],
  );
});
